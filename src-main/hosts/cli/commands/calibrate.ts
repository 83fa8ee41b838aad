import { setFileTemperature, readModel } from '../../../app/modelFiles.ts';
import { WeftError } from '../../../../src-shared/failure.ts';
import type { Client } from '../../../../src-shared/protocol.ts';
import {
  calibrationFactsOf,
  fitModelTemperature,
  type CalibrationFacts,
} from '../../../../src-shared/metrics/temperatureFit.ts';
import { float32Of } from '../../../../src-shared/schemas/bytes.ts';
import type { Recipe } from '../../../../src-shared/schemas/recipe.ts';
import { chooseReadyDataset } from '../chooseDataset.ts';
import { chooseModel, type ChosenModel } from '../chooseModel.ts';
import type { Command, CommandContext } from '../command.ts';
import { evaluateChosen } from '../evaluateChosen.ts';
import type { Terminal } from '../terminal.ts';
import { formatCount, formatLoss, formatPercent } from '../text/numbers.ts';
import { formatTable } from '../text/table.ts';
import { UsageError } from '../usageError.ts';

/** What is known of the model without running it. */
interface Origin {
  name: string;
  recipe: Recipe;
  datasetId: string;
  temperature: number | null;
}

async function originOf(client: Client, model: ChosenModel): Promise<Origin> {
  if (model.kind === 'file') {
    const { name, recipe, dataset, temperature } = await readModel(model.path);
    return { name, recipe, datasetId: dataset.id, temperature: temperature ?? null };
  }
  const { reference } = model;
  const kept =
    reference.kind === 'run'
      ? (await client.call('run.list', {})).find(({ id }) => id === reference.runId)
      : (await client.call('model.list', {})).find(({ id }) => id === reference.modelId);
  if (kept === undefined) throw new WeftError('model.unknown', 'The model was removed meanwhile.');
  const { name, recipe, datasetId, temperature } = kept;
  return { name, recipe, datasetId, temperature };
}

/** Throws `model.no-validation` for a model that none but test images were kept back from. */
function checkValidation({ name, recipe }: Origin): void {
  if (recipe.validation.type !== 'test') return;
  throw new WeftError(
    'model.no-validation',
    `"${name}" was validated on the test images, so there are no others to fit a temperature on.`,
    'Train it with a part of the training images held out for validation.',
  );
}

async function store(client: Client, model: ChosenModel, temperature: number | null): Promise<void> {
  if (model.kind === 'file') await setFileTemperature(model.path, temperature);
  else await client.call('model.setTemperature', { model: model.reference, temperature });
}

async function remove(context: CommandContext, client: Client, model: ChosenModel): Promise<number> {
  const { options, terminal } = context;
  const { name, temperature } = await originOf(client, model);
  if (temperature !== null) await store(client, model, null);
  if (options.has('json')) terminal.json({ event: 'temperatureRemoved', before: temperature });
  else if (temperature === null) terminal.line(`"${name}" has no temperature.`);
  else terminal.line(`"${name}" had the temperature ${temperature.toFixed(3)}; now it has none.`);
  return 0;
}

function printFacts(before: CalibrationFacts, after: CalibrationFacts, terminal: Terminal): void {
  const rowOf = (what: string, { temperature, calibrationError, loss }: CalibrationFacts): string[] => [
    what,
    temperature === null ? 'none' : temperature.toFixed(3),
    formatPercent(calibrationError),
    formatLoss(loss),
  ];
  const columns = ['', 'temperature', 'calibration error', 'loss'].map((title, index) => ({
    title,
    align: index === 0 ? ('left' as const) : ('right' as const),
  }));
  for (const line of formatTable(columns, [rowOf('before', before), rowOf('after', after)]))
    terminal.line(line);
}

export const calibrate: Command = {
  name: 'calibrate',
  summary: 'fit a temperature that makes the probabilities of a model mean what they say',
  directory: 'notes',
  operands: ['MODEL'],
  options: {
    'dry-run': { help: 'show what it would change, and change nothing' },
    remove: { help: 'take the temperature away again' },
    json: { help: 'print one JSON object' },
  },
  notes:
    'MODEL is a .safetensors file, or the id of a run or of a model in the library. The temperature is fitted on its validation images, never on test images, and kept in the model: every prediction and export is made with it. The predicted classes stay the same.',
  async run(context) {
    const { options, operands, terminal, openApp } = context;
    const isDryRun = options.has('dry-run');
    if (isDryRun && options.has('remove')) throw new UsageError('Give --dry-run or --remove, not both.');
    const { client } = await openApp();
    const model = await chooseModel(client, operands[0] ?? '');
    if (options.has('remove')) return remove(context, client, model);

    const origin = await originOf(client, model);
    checkValidation(origin);
    const dataset = await chooseReadyDataset(client, origin.datasetId);
    const evaluation = await evaluateChosen(context, model, dataset.id, 'validation');
    const { labels, classes, temperature } = evaluation;
    const probabilities = float32Of(evaluation.probabilities);
    const predictions = { probabilities, labels, classCount: classes.length, temperature };
    const before = calibrationFactsOf(predictions);
    const after = fitModelTemperature(predictions);
    if (!isDryRun) await store(client, model, after.temperature);
    if (options.has('json')) {
      const images = labels.length;
      const where = { dataset: dataset.id, split: 'validation', images };
      terminal.json({ event: 'calibrated', ...where, before, after, isStored: !isDryRun });
      return 0;
    }
    terminal.line(`${formatCount(labels.length)} validation images of ${dataset.name}`);
    printFacts(before, after, terminal);
    terminal.line(
      isDryRun
        ? 'Nothing was changed.'
        : 'The model has the temperature from now on; "--remove" takes it away.',
    );
    return 0;
  },
};
