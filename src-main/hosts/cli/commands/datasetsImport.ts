import type { ImportPreview } from '../../../../src-shared/schemas/datasetImport.ts';
import type { Command } from '../command.ts';
import {
  datasetImportOptions,
  readClassNames,
  readImportOptions,
  readImportSource,
} from '../datasetImportOptions.ts';
import { interruptedStatus } from '../exitStatus.ts';
import type { Terminal } from '../terminal.ts';
import { formatCount } from '../text/numbers.ts';
import { formatImportProgress } from '../text/progressBar.ts';
import { formatTable } from '../text/table.ts';

const problemsPrinted = 20;

function printPreview(preview: ImportPreview, terminal: Terminal): void {
  const { classes, problems, problemCount, shape } = preview;
  for (const { file, message } of problems.slice(0, problemsPrinted)) terminal.notice(`${file}: ${message}`);
  if (problemCount > problemsPrinted)
    terminal.notice(`… and ${problemCount - problemsPrinted} more problems.`);
  for (const note of preview.notes) terminal.line(note);
  terminal.line(`${shape.height} x ${shape.width} pixels, ${shape.channels === 1 ? 'grey' : 'RGB'}`);
  const rows = classes.map(({ name, trainCount, testCount }) => [
    name,
    formatCount(trainCount),
    formatCount(testCount),
  ]);
  const table = formatTable(
    [
      { title: 'class', align: 'left' },
      { title: 'train', align: 'right' },
      { title: 'test', align: 'right' },
    ],
    rows,
  );
  for (const line of table) terminal.line(line);
}

export const datasetsImport: Command = {
  name: 'datasets import',
  summary: 'make a data set of images of your own',
  directory: 'changes',
  operands: ['PATH'],
  options: datasetImportOptions,
  endsInOrder: true,
  notes:
    'PATH is an IDX file or a folder of them, a .npz file with x_train and y_train, a CSV file of labels and pixels or a folder of two, or a folder with one folder of PNG or JPEG images for each class. Images that are a set of the catalogue become that set, unless --name says otherwise.',
  async run({ operands, options, terminal, openApp, interruption }) {
    const reading = readImportOptions(options);
    const source = readImportSource(operands[0] ?? '', options);
    const { client } = await openApp();
    const { importId } = await client.call('import.begin', { source });
    const cancel = (): void => void client.call('import.cancel', { importId });
    interruption.addEventListener('abort', cancel, { once: true });
    client.on('import.progressed', (progress) => terminal.progress(formatImportProgress(progress)));
    try {
      const preview = await client.call('import.preview', { importId, options: reading });
      const found = preview.classes.map(({ name }) => name);
      const classes = readClassNames(options, found);
      const name = options.text('name') ?? preview.name;
      const asKnown = preview.known !== null && !options.has('name');
      const licence = options.text('licence') ?? '';
      const dataset = await client.call('import.keep', { importId, name, classes, licence, asKnown });
      if (options.has('json')) {
        const { kind, problems, problemCount, testOrigin, notes } = preview;
        terminal.json({
          event: 'imported',
          ...dataset,
          source: { kind, testOrigin, notes },
          problems,
          problemCount,
        });
        return 0;
      }
      printPreview(preview, terminal);
      terminal.line(
        `"${dataset.name}" is here as ${dataset.id}: ${formatCount(dataset.trainCount)} training and ${formatCount(dataset.testCount)} test images.`,
      );
      return 0;
    } catch (error) {
      if (!interruption.aborted) throw error;
      terminal.notice('The import was cancelled; nothing of it is kept.');
      return interruptedStatus;
    }
  },
};
