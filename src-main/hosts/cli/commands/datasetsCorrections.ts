import { describeCorrections } from '../../../../src-shared/corrections.ts';
import { chooseReadyDataset } from '../chooseDataset.ts';
import type { Command } from '../command.ts';
import { formatTable } from '../text/table.ts';

export const datasetsCorrections: Command = {
  name: 'datasets corrections',
  summary: 'list what was corrected of the training images of a data set',
  directory: 'reads',
  operands: ['ID'],
  options: { json: { help: 'print one JSON object' } },
  notes:
    'Images are relabelled and excluded in the app; "weft train --corrections" trains with what is listed.',
  async run({ options, operands, terminal, openApp }) {
    const { client } = await openApp();
    const { id: datasetId, name, classes } = await chooseReadyDataset(client, operands[0] ?? '');
    const { list, summary, problem } = await client.call('corrections.read', { datasetId });
    if (options.has('json')) {
      terminal.json({ datasetId, summary, problem, corrections: list });
      return 0;
    }
    if (problem !== null) terminal.notice(problem.message);
    if (summary === null) {
      terminal.line(`${name} has no corrections.`);
      return 0;
    }
    const { trainLabels } = await client.call('dataset.describe', { datasetId });
    const classOf = (label: number | undefined): string =>
      label === undefined ? '' : (classes[label] ?? '');
    const rows = list.map((one) => [
      String(one.index),
      classOf(trainLabels[one.index]),
      'label' in one ? classOf(one.label) : 'excluded',
    ]);
    const table = formatTable(
      [
        { title: 'image', align: 'right' },
        { title: 'label', align: 'left' },
        { title: 'corrected', align: 'left' },
      ],
      rows,
    );
    for (const line of table) terminal.line(line);
    terminal.line(`${describeCorrections(summary)}  ${summary.fingerprint.slice(0, 12)}`);
    return 0;
  },
};
