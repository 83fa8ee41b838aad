import type { RunSummary } from '../../../../src-shared/schemas/run.ts';
import type { Command } from '../command.ts';
import { formatCount, formatPercent } from '../text/numbers.ts';
import { formatTable } from '../text/table.ts';

function row(run: RunSummary): string[] {
  const validation = run.outcome.last?.validationAccuracy;
  return [
    run.id,
    run.name,
    run.datasetId,
    run.state,
    `${run.outcome.epochs}/${run.recipe.epochs}`,
    formatCount(run.parameters),
    validation === undefined ? '-' : formatPercent(validation),
    run.test === null ? '-' : formatPercent(run.test.accuracy),
  ];
}

export const runs: Command = {
  name: 'runs',
  summary: 'list the runs and their results',
  directory: 'reads',
  operands: [],
  options: { json: { help: 'print one JSON object a line' } },
  async run({ options, terminal, openApp }) {
    const { client } = await openApp();
    const list = await client.call('run.list', {});
    if (options.has('json')) {
      for (const run of list) terminal.json({ ...run });
      return 0;
    }
    if (list.length === 0) {
      terminal.notice('There are no runs yet: train one with "weft train --preset keras-split".');
      return 0;
    }
    const table = formatTable(
      [
        { title: 'id', align: 'left' },
        { title: 'name', align: 'left' },
        { title: 'data set', align: 'left' },
        { title: 'state', align: 'left' },
        { title: 'epochs', align: 'right' },
        { title: 'parameters', align: 'right' },
        { title: 'validation', align: 'right' },
        { title: 'test', align: 'right' },
      ],
      list.map(row),
    );
    for (const line of table) terminal.line(line);
    return 0;
  },
};
