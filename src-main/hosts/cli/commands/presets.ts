import { presets } from '../../../../src-shared/presets.ts';
import type { Command } from '../command.ts';
import { formatTable } from '../text/table.ts';

export const listPresets: Command = {
  name: 'presets',
  summary: 'list the ready recipes',
  directory: 'reads',
  operands: [],
  options: { json: { help: 'print one JSON object a line; its "recipe" is what train --config takes' } },
  run({ options, terminal }) {
    if (options.has('json')) {
      for (const preset of presets) terminal.json({ ...preset });
      return Promise.resolve(0);
    }
    const table = formatTable(
      [
        { title: 'id', align: 'left' },
        { title: 'epochs', align: 'right' },
        { title: 'batch', align: 'right' },
        { title: 'description', align: 'left' },
      ],
      presets.map(({ id, recipe, description }) => [
        id,
        String(recipe.epochs),
        String(recipe.batchSize),
        description,
      ]),
    );
    for (const line of table) terminal.line(line);
    return Promise.resolve(0);
  },
};
