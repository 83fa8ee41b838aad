// Runs the model that MODEL names over a data set: a kept one through the core, which counts looks; a file by itself.
import { evaluateOnDataset, readModel } from '../../app/modelFiles.ts';
import { bytesOf } from '../../../src-shared/schemas/bytes.ts';
import type { Evaluation } from '../../../src-shared/schemas/model.ts';
import type { ChosenModel } from './chooseModel.ts';
import type { CommandContext } from './command.ts';
import type { PrintedEvaluation } from './evaluationOutput.ts';

/** What the commands that run a model over a data set take. */
export const evaluationOptions = {
  dataset: {
    value: 'ID',
    help: 'the data set, of the shape of the images the model takes',
    isRequired: true,
  },
  split: {
    value: 'NAME',
    help: 'test (the default), train, or validation for a model trained on this set',
  },
} as const;

/** What `evaluate` and `errors` print from. */
export interface ChosenEvaluation extends PrintedEvaluation {
  imageSplit: Evaluation['imageSplit'];
  /** Uint32: of each image, in its split. */
  imageIndices: Evaluation['imageIndices'];
}

/** Throws what `model.evaluate` and `decodeModel` throw. */
export async function evaluateChosen(
  { openApp, dataDirectory, terminal }: CommandContext,
  model: ChosenModel,
  datasetId: string,
  split: Evaluation['split'],
): Promise<ChosenEvaluation> {
  if (model.kind === 'kept') {
    const { client } = await openApp();
    const { isReadOnly } = await client.call('directory.describe', {});
    if (isReadOnly && split === 'test') {
      terminal.notice('This look at the test set is not counted: another Weft is using the data directory.');
    }
    return client.call('model.evaluate', { model: model.reference, datasetId, split });
  }
  const result = await evaluateOnDataset(await readModel(model.path), dataDirectory, datasetId, split);
  return {
    ...result,
    split,
    imageIndices: bytesOf(result.imageIndices),
    probabilities: bytesOf(result.probabilities),
    testLooks: null,
  };
}
