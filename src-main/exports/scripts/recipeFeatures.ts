// What a recipe makes the scripts do: the features by which templates are cut, and the constants that they name.
import { recipeLimits, type Augmentation, type Recipe } from '../../../src-shared/schemas/recipe.ts';
import { completeComponent } from '../../../src-shared/components.ts';
import type { Component } from '../../../src-shared/schemas/component.ts';
import { choose, optimizers, schedules } from '../../engine/catalogue.ts';
import { isAugmenting } from '../../../src-shared/augmentation.ts';
import { rowsOfPass } from '../../engine/microBatch.ts';
import { numberOf } from '../../engine/options.ts';
import type { Architecture } from '../../engine/types.ts';
import type { Model } from '../../runs/modelFile.ts';
import { followsValidation } from './recipeInPython.ts';
import { float, tuple } from './pythonText.ts';

/** A recipe with what it is used on. */
export interface TrainedRecipe {
  recipe: Recipe;
  architecture: Architecture;
  /** Images that are trained on. */
  imageCount: number;
  /** What was made of the base learning rate from steps on, counted from 0. */
  learningRateChanges: NonNullable<Model['learningRateChanges']>;
}

/** The optimizer and the schedule with every option. Throws `recipe.invalid`. */
export function completeChoices({ optimizer, schedule }: Recipe): {
  optimizer: Component;
  schedule: Component;
} {
  const complete = ({ entry, component }: ReturnType<typeof choose>): Component =>
    completeComponent(entry.description, component);
  return {
    optimizer: complete(choose(optimizers, optimizer, 'optimizer')),
    schedule: complete(choose(schedules, schedule, 'schedule')),
  };
}

/** Images in a step. */
export const batchSizeOf = ({ recipe, imageCount }: Pick<TrainedRecipe, 'recipe' | 'imageCount'>): number =>
  recipe.batchSize === 'full' ? imageCount : Math.min(recipe.batchSize, imageCount);

/** The names that templates are cut by. */
export function featuresOf(trained: TrainedRecipe): Set<string> {
  const { recipe, imageCount } = trained;
  const { penalties, clipping, augmentation } = recipe;
  const { rotation, scale, shear, elastic } = augmentation;
  const isOn: Record<string, boolean> = {
    shuffled: batchSizeOf(trained) < imageCount,
    penalties: penalties.l1 > 0 || penalties.l2 > 0,
    l1: penalties.l1 > 0,
    l2: penalties.l2 > 0,
    'label-smoothing': recipe.labelSmoothing > 0,
    'class-weights': recipe.classWeights === 'balanced',
    mixup: recipe.mixup > 0,
    augmentation: isAugmenting(augmentation),
    'horizontal-flip': augmentation.horizontalFlip,
    translation: augmentation.translation > 0,
    resampled: rotation > 0 || scale > 0 || shear > 0 || elastic > 0,
    elastic: elastic > 0,
    noise: augmentation.noise > 0,
    erasing: augmentation.erasing > 0,
    'clipping-value': clipping.value !== null,
    'clipping-norm': clipping.norm !== null,
    'max-norm': recipe.maxNorm !== null,
    averaging: recipe.weightAveraging !== null,
    'early-stopping': recipe.earlyStopping !== null,
    'rate-changes': trained.learningRateChanges.length > 0,
    plateau: followsValidation(recipe.schedule),
    'validated-on-test': recipe.validation.type === 'test',
  };
  return new Set(Object.keys(isOn).filter((feature) => isOn[feature]));
}

/** Every constant that recipe.py can need; those that nothing names are then left out. */
export function recipeConstants(trained: TrainedRecipe): string {
  const { recipe, architecture, imageCount } = trained;
  const { penalties, clipping, weightAveraging, earlyStopping } = recipe;
  const batchSize = batchSizeOf(trained);
  const stepsPerEpoch = Math.ceil(imageCount / batchSize);
  const passSize = Math.min(batchSize, rowsOfPass(architecture, recipe.batchSize));
  const constants: [name: string, value: string | null][] = [
    ['SEED', String(recipe.seed)],
    ['EPOCHS', String(recipe.epochs)],
    ['BATCH_SIZE', String(batchSize)],
    ['PASS_SIZE', String(passSize)],
    ['STEPS_PER_EPOCH', String(stepsPerEpoch)],
    ['TOTAL_STEPS', String(stepsPerEpoch * recipe.epochs)],
    ['CLASS_COUNT', String(architecture.classCount)],
    ['LEARNING_RATE', float(numberOf(completeChoices(recipe).optimizer, 'learningRate'))],
    [
      'RATE_CHANGES',
      tuple(trained.learningRateChanges.map(({ step, learningRate }) => `(${step}, ${float(learningRate)})`)),
    ],
    ['L1', float(penalties.l1)],
    ['L2', float(penalties.l2)],
    ['LABEL_SMOOTHING', float(recipe.labelSmoothing)],
    ['MIXUP', float(recipe.mixup)],
    ['CLIPPING_NORM', clipping.norm === null ? null : float(clipping.norm)],
    ['CLIPPING_VALUE', clipping.value === null ? null : float(clipping.value)],
    ['MAX_NORM', recipe.maxNorm === null ? null : float(recipe.maxNorm)],
    ['AVERAGING_DECAY', weightAveraging === null ? null : float(weightAveraging.decay)],
    ['PATIENCE', earlyStopping === null ? null : String(earlyStopping.patience)],
    ['MINIMUM_DELTA', earlyStopping === null ? null : float(earlyStopping.minimumDelta)],
  ];
  const lines = constants.flatMap(([name, value]) => (value === null ? [] : [`${name} = ${value}`]));
  return [...lines, '', ''].join('\n');
}

/** The constants of augmentation.py, likewise. */
export function augmentationConstants(augmentation: Augmentation): string {
  const { translation, rotation, shear, scale, elastic, noise, erasing, erasedArea } = augmentation;
  return [
    '# Whole pixels, either way.',
    `TRANSLATION = ${translation}`,
    '# Degrees, either way.',
    `ROTATION = ${float(rotation)}`,
    `SHEAR = ${float(shear)}`,
    '# A share, either way.',
    `SCALE = ${float(scale)}`,
    '# Pixels by which a point of the elastic grid is moved.',
    `ELASTIC = ${float(elastic)}`,
    '# Standard deviation of noise, of numbers from 0 to 1.',
    `NOISE = ${float(noise)}`,
    '# The share of images of which a rectangle is made black.',
    `ERASING = ${float(erasing)}`,
    '# The smallest and the largest share of the image that it takes.',
    `LEAST_ERASED_AREA = ${float(recipeLimits.augmentation.erasedArea.minimum)}`,
    `ERASED_AREA = ${float(erasedArea)}`,
  ].join('\n');
}
