import type { Command } from '../command.ts';

export const about: Command = {
  name: 'about',
  summary: 'print the version, the data directory and what training runs on',
  directory: 'reads',
  operands: [],
  options: { json: { help: 'print one JSON object' } },
  async run({ options, terminal, openApp }) {
    const { client } = await openApp();
    const { version, host, dataDirectory, kernels, usableKernels, cores } = await client.call(
      'app.describe',
      {},
    );
    const node = process.versions.node;
    const facts = { version, host, node, dataDirectory, kernels, usableKernels, cores };
    if (options.has('json')) {
      terminal.json(facts);
      return 0;
    }
    terminal.line(`Weft ${version} on Node ${node}`);
    terminal.line(`data directory  ${dataDirectory}`);
    terminal.line(`kernels         ${kernels} (of ${usableKernels.join(', ')})`);
    terminal.line(`cores           ${cores}`);
    return 0;
  },
};
