import type { Command } from '../command.ts';
import { chooseDataset } from '../chooseDataset.ts';

export const datasetsRemove: Command = {
  name: 'datasets remove',
  summary: 'delete an imported data set',
  directory: 'changes',
  operands: ['ID'],
  options: { json: { help: 'print one JSON object' } },
  notes: 'Runs and models that were trained on it stay. What it was imported from is not touched.',
  async run({ operands, options, terminal, openApp }) {
    const { client } = await openApp();
    const { id: datasetId, name } = await chooseDataset(client, operands[0] ?? '');
    await client.call('dataset.remove', { datasetId });
    if (options.has('json')) terminal.json({ event: 'removed', datasetId });
    else terminal.line(`${name} (${datasetId}) was removed.`);
    return 0;
  },
};
