import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { predictImage, readModel } from '../../../app/modelFiles.ts';
import { predictTable } from '../../../app/predictTable.ts';
import { kaggleSubmission } from '../../../../src-shared/kaggleSubmission.ts';
import { toFileError } from '../../../files/fileError.ts';
import { writeFileSafely } from '../../../files/safeWrite.ts';
import { chooseModel, modelPathOf } from '../chooseModel.ts';
import type { Command } from '../command.ts';
import { formatCount, formatPercent } from '../text/numbers.ts';
import { formatTable } from '../text/table.ts';
import { bar } from '../text/progressBar.ts';
import { UsageError } from '../usageError.ts';

async function readImage(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    throw toFileError(error, path, 'read');
  }
}

const isTable = /\.(?:csv|tsv)$/i;

export const predict: Command = {
  name: 'predict',
  summary: 'say what a model sees in an image',
  directory: 'reads',
  operands: ['MODEL', 'IMAGE'],
  options: {
    'only-fit': {
      help: "only fit the image to the model's size, without inverting, cropping or centring it",
    },
    kaggle: {
      value: 'OUT.csv',
      help: "predict a table of images instead, given as a CSV file, and write Kaggle's ImageId,Label",
    },
    json: { help: 'print one JSON object' },
  },
  notes:
    'MODEL is a .safetensors file, or the id of a run or of a model in the library; IMAGE is a PNG or JPEG. It is made like those of the data set that the model was trained on, where Weft knows how they were made (inverted where its edge is light, cropped, scaled, centred), else only fitted to the size that the model takes. One of that very size is taken as it is. What was done is printed.',
  async run({ options, operands, terminal, openApp, dataDirectory }) {
    const [modelName = '', imagePath = ''] = operands;
    const { client } = await openApp();
    const model = await readModel(modelPathOf(await chooseModel(client, modelName), dataDirectory));
    const submission = options.text('kaggle');
    if (submission !== undefined) {
      const predicted = await predictTable(model, imagePath);
      // Tables number their classes.
      const labels = model.classes.map((_name, index) => String(index));
      await writeFileSafely(submission, kaggleSubmission(predicted, labels));
      if (options.has('json')) {
        terminal.json({ event: 'predicted', images: predicted.length, out: submission });
      } else {
        terminal.line(`${formatCount(predicted.length)} predictions are in ${submission}.`);
      }
      return 0;
    }
    if (isTable.test(imagePath)) {
      throw new UsageError(
        `"${imagePath}" is a table: say with --kaggle where its predictions are to be written.`,
      );
    }
    const { probabilities, steps } = await predictImage(
      model,
      await readImage(imagePath),
      basename(imagePath),
      options.has('only-fit'),
    );
    const ranked = model.classes
      .map((name, index) => ({ class: name, probability: probabilities[index] ?? 0 }))
      .sort((a, b) => b.probability - a.probability);
    if (options.has('json')) {
      const preprocessing = steps.map(({ id, isApplied, reason }) => ({ step: id, isApplied, reason }));
      terminal.json({
        event: 'predicted',
        image: imagePath,
        ...ranked[0],
        probabilities: ranked,
        preprocessing,
      });
      return 0;
    }
    const table = formatTable(
      [
        { title: 'class', align: 'left' },
        { title: 'probability', align: 'right' },
        { title: '', align: 'left' },
      ],
      ranked.map((one) => [one.class, formatPercent(one.probability), bar(one.probability)]),
    );
    for (const line of table) terminal.line(line);
    const done = steps.filter(({ isApplied }) => isApplied);
    if (done.length > 0) terminal.line('');
    for (const { id, reason } of done) terminal.line(`${id}: ${reason}`);
    return 0;
  },
};
