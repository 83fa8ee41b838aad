import type { Command } from '../command.ts';
import { chooseDataset } from '../chooseDataset.ts';
import { formatBytes, formatCount } from '../text/numbers.ts';
import { formatTable } from '../text/table.ts';

export const datasetsInfo: Command = {
  name: 'datasets info',
  summary: 'say what a data set is made of and where it comes from',
  directory: 'reads',
  operands: ['ID'],
  options: { json: { help: 'print one JSON object' } },
  async run({ operands, options, terminal, openApp }) {
    const { client } = await openApp();
    const { id: datasetId } = await chooseDataset(client, operands[0] ?? '');
    const info = await client.call('dataset.info', { datasetId });
    if (options.has('json')) {
      terminal.json({ ...info });
      return 0;
    }
    const { height, width, channels } = info.shape;
    const facts: [string, string][] = [
      ['name', info.name],
      ['origin', info.origin],
      ['images', `${formatCount(info.trainCount)} for training, ${formatCount(info.testCount)} for the test`],
      ...(info.unlabelledCount === 0
        ? []
        : [['without label', formatCount(info.unlabelledCount)] satisfies [string, string]]),
      ['shape', `${height} x ${width} pixels, ${channels === 1 ? 'grey' : 'RGB'}`],
      ['classes', info.classes.join(', ')],
      ['description', info.description],
      ['licence', info.licence],
      ['citation', info.citation],
      ['folder', info.folder ?? ''],
      ['imported', info.createdAt ?? ''],
    ];
    const shown = facts.filter(([, value]) => value !== '');
    const titleWidth = Math.max(...shown.map(([title]) => title.length));
    for (const [title, value] of shown) terminal.line(`${title.padEnd(titleWidth)}  ${value}`);
    if (info.files.length === 0) return 0;
    const table = formatTable(
      [
        { title: 'file', align: 'left' },
        { title: 'size', align: 'right' },
        { title: 'SHA-256', align: 'left' },
      ],
      info.files.map((file) => [
        file.name,
        formatBytes(file.sizeBytes),
        file.sha256 ?? 'known once it is here',
      ]),
    );
    terminal.line('');
    for (const line of table) terminal.line(line);
    return 0;
  },
};
