import type { Command } from '../command.ts';

export const about: Command = {
  name: 'about',
  summary: 'print the version, the data directory and what training runs on',
  operands: [],
  options: { json: { help: 'print one JSON object' } },
  async run({ options, terminal, openApp }) {
    const { client } = await openApp();
    const { version, host, dataDirectory, kernels, cores } = await client.call('app.describe', {});
    const facts = { version, host, node: process.versions.node, dataDirectory, kernels, cores };
    if (options.has('json')) {
      terminal.json(facts);
      return 0;
    }
    terminal.line(`Weft ${version} on Node ${facts.node}`);
    terminal.line(`data directory  ${dataDirectory}`);
    terminal.line(`kernels         ${kernels}`);
    terminal.line(`cores           ${cores}`);
    return 0;
  },
};
