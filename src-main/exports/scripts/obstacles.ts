// Why a training can't be repeated in Python: said instead of training something else.
import { isDeepStrictEqual } from 'node:util';
import { recipeSchema } from '../../../src-shared/schemas/recipe.ts';
import { placeLayers } from '../../engine/architecture.ts';
import { featuresOf } from '../../engine/layers/layer.ts';
import { batchSizeOf } from './recipeFeatures.ts';
import type { Framework, ScriptSource } from './scriptSource.ts';

/** The fields of a recipe that the scripts know. */
export const knownRecipeFields = [
  'name',
  'layers',
  'initializer',
  'biasInitializer',
  'optimizer',
  'schedule',
  'penalties',
  'labelSmoothing',
  'classWeights',
  'mixup',
  'augmentation',
  'clipping',
  'maxNorm',
  'weightAveraging',
  'batchSize',
  'epochs',
  'validation',
  'earlyStopping',
  'seed',
] as const satisfies readonly (keyof typeof recipeSchema.entries)[];

/** PyTorch refuses to normalize a single number a channel, where Weft takes its variance for 0. */
function normalizesSingleNumbers({ model, data }: ScriptSource): boolean {
  const { recipe, architecture } = model;
  const imageCount = data?.split.trainIndices.length ?? 0;
  const batchSize = batchSizeOf({ recipe, imageCount });
  if (imageCount % batchSize !== 1 && batchSize !== 1) return false;
  return placeLayers(architecture).some(
    ({ component, inputShape }) =>
      component.type === 'batch-norm' && featuresOf(inputShape) === inputShape.at(-1),
  );
}

/** Sentences; none where the training can be repeated. */
export function findObstacles(framework: Framework, source: ScriptSource): string[] {
  const { model, data } = source;
  const { recipe, architecture } = model;
  if (model.dataset.fingerprint === '') {
    return ['The network was made elsewhere, and how it was trained is not known.'];
  }
  const obstacles: string[] = [];
  if (architecture.shape.channels !== 1) {
    obstacles.push('The images are coloured, and the files of images that the scripts read hold grey ones.');
  }
  if (!isDeepStrictEqual([...architecture.layers], recipe.layers)) {
    obstacles.push('The network was not trained by the recipe that came with it.');
  }
  if (model.corrections !== undefined) {
    obstacles.push(
      "The network was trained with corrections: with other labels than the dataset's files have, or without some of the images.",
    );
  }
  if (data === null) {
    obstacles.push('Weft did not have the images when it wrote this. Export the model again where they are.');
  }
  const unknown = Object.keys(recipeSchema.entries).filter(
    (field) => !knownRecipeFields.some((known) => known === field),
  );
  for (const field of unknown) obstacles.push(`The scripts don't know what the recipe says of "${field}".`);
  if (framework === 'pytorch' && data !== null && normalizesSingleNumbers(source)) {
    obstacles.push(
      "PyTorch can't normalize the last batch of an epoch, which has one image. Take NumPy's scripts.",
    );
  }
  return obstacles;
}
