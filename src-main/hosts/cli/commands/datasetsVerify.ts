import type { Command } from '../command.ts';
import { chooseDataset } from '../chooseDataset.ts';
import { doneStatus, failedStatus } from '../exitStatus.ts';
import { formatBytes } from '../text/numbers.ts';
import { bar } from '../text/progressBar.ts';

export const datasetsVerify: Command = {
  name: 'datasets verify',
  summary: 'check that the files of a data set are what they were',
  directory: 'reads',
  operands: ['ID'],
  options: { json: { help: 'print one JSON object' } },
  notes: 'Every file is hashed again. Exit status 1 when one is damaged or missing.',
  async run({ operands, options, terminal, openApp }) {
    const { client } = await openApp();
    const dataset = await chooseDataset(client, operands[0] ?? '');
    client.on('dataset.verifying', ({ doneBytes, totalBytes }) =>
      terminal.progress(`${bar(doneBytes / Math.max(1, totalBytes))} ${formatBytes(doneBytes)}`),
    );
    const { files } = await client.call('dataset.verify', { datasetId: dataset.id });
    const wrong = files.filter((file) => file.state !== 'whole');
    const status = wrong.length === 0 ? doneStatus : failedStatus;
    if (options.has('json')) {
      terminal.json({ event: 'verified', datasetId: dataset.id, isWhole: wrong.length === 0, files });
      return status;
    }
    for (const file of wrong) terminal.line(`${file.name} is ${file.state}.`);
    if (wrong.length === 0) {
      terminal.line(
        files.length === 0
          ? `${dataset.name} is made by Weft each time and has no files.`
          : `${dataset.name} is whole: all ${files.length} files have their hash.`,
      );
    }
    return status;
  },
};
