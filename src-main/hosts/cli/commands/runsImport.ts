import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { readFileChunks } from '../../../files/fileChunks.ts';
import { toFileError } from '../../../files/fileError.ts';
import type { Command } from '../command.ts';

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    throw toFileError(error, path, 'read');
  }
}

export const runsImport: Command = {
  name: 'runs import',
  summary: 'make a run of a file that "runs export" wrote',
  operands: ['FILE'],
  options: { json: { help: 'print one JSON object' } },
  directory: 'changes',
  notes:
    'Everything in the file is checked before there is a run of it. Where a run of the same id is here already, the new one gets another.',
  async run({ operands, options, terminal, openApp }) {
    const [path = ''] = operands;
    const sizeBytes = await sizeOf(path);
    const { client } = await openApp();
    const { transferId } = await client.call('project.begin', { fileName: basename(path), sizeBytes });
    for await (const bytes of readFileChunks(path))
      await client.call('project.append', { transferId, bytes });
    const run = await client.call('project.import', { transferId });
    if (options.has('json')) terminal.json({ event: 'imported', ...run });
    else terminal.line(`"${run.name}" is here as ${run.id}.`);
    return 0;
  },
};
