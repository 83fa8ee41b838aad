import type { Command } from '../command.ts';
import { formatCount } from '../text/numbers.ts';
import { formatTable } from '../text/table.ts';

export const datasets: Command = {
  name: 'datasets',
  summary: 'list the data sets and where they are',
  directory: 'reads',
  operands: [],
  options: { json: { help: 'print one JSON object a line' } },
  async run({ options, terminal, openApp }) {
    const { client } = await openApp();
    const list = await client.call('dataset.list', {});
    if (options.has('json')) {
      for (const dataset of list) terminal.json({ ...dataset });
      return 0;
    }
    const rows = list.map((dataset) => [
      dataset.id,
      dataset.name,
      dataset.state,
      formatCount(dataset.trainCount),
      formatCount(dataset.testCount),
      dataset.origin,
    ]);
    const table = formatTable(
      [
        { title: 'id', align: 'left' },
        { title: 'name', align: 'left' },
        { title: 'state', align: 'left' },
        { title: 'train', align: 'right' },
        { title: 'test', align: 'right' },
        { title: 'origin', align: 'left' },
      ],
      rows,
    );
    for (const line of table) terminal.line(line);
    return 0;
  },
};
