// A recipe is everything that decides a training run but the images: saved with runs and models, edited in the
// form, given to the command line as JSON.
import * as v from 'valibot';
import { componentSchema } from './component.ts';

/** Allowed ranges, stated beside the form's fields and enforced by the schema. */
export const recipeLimits = {
  batchSize: { minimum: 1, maximum: 65_536 },
  epochs: { minimum: 1, maximum: 100_000 },
  seed: { minimum: 0, maximum: 4_294_967_295 },
  penalty: { minimum: 0, maximum: 1 },
  labelSmoothing: { minimum: 0, maximum: 0.5 },
  mixup: { minimum: 0, maximum: 2 },
  clippingNorm: { minimum: 1e-6, maximum: 1e6 },
  clippingValue: { minimum: 1e-6, maximum: 1e6 },
  maxNorm: { minimum: 0.01, maximum: 1000 },
  /** Of what images are changed by while training; see `augmentationSchema`. */
  augmentation: {
    translation: { minimum: 0, maximum: 64 },
    rotation: { minimum: 0, maximum: 180 },
    scale: { minimum: 0, maximum: 0.5 },
    shear: { minimum: 0, maximum: 45 },
    elastic: { minimum: 0, maximum: 16 },
    noise: { minimum: 0, maximum: 0.5 },
    erasing: { minimum: 0, maximum: 1 },
    erasedArea: { minimum: 0.02, maximum: 0.5 },
  },
  averagingDecay: { minimum: 0, maximum: 0.99999 },
  patience: { minimum: 1, maximum: 10_000 },
  minimumDelta: { minimum: 0, maximum: 1 },
  validationFraction: { minimum: 0.01, maximum: 0.5 },
  validationCount: { minimum: 1, maximum: 1_000_000 },
  folds: { minimum: 2, maximum: 20 },
  layers: { maximum: 64 },
  threads: { minimum: 0, maximum: 64 },
} as const;

interface Range {
  minimum: number;
  maximum: number;
}

const sentence = (kind: string, range: Range): string =>
  `must be ${kind} from ${range.minimum} to ${range.maximum}`;
const integer = (range: Range) =>
  v.pipe(
    v.number(sentence('a whole number', range)),
    v.integer(sentence('a whole number', range)),
    v.minValue(range.minimum, sentence('a whole number', range)),
    v.maxValue(range.maximum, sentence('a whole number', range)),
  );
const number = (range: Range) =>
  v.pipe(
    v.number(sentence('a number', range)),
    v.minValue(range.minimum, sentence('a number', range)),
    v.maxValue(range.maximum, sentence('a number', range)),
  );

/**
 * Where the validation images come from. `fold` holds out one of the parts into which the seed divides each class: the runs
 * of all folds of a seed validate on every training image once (k-fold cross-validation). `test` is what many notebooks do: not an honest estimate, and labelled so. */
export const validationSchema = v.variant('type', [
  v.strictObject({ type: v.literal('stratified'), fraction: number(recipeLimits.validationFraction) }),
  v.strictObject({ type: v.literal('first'), count: integer(recipeLimits.validationCount) }),
  v.pipe(
    v.strictObject({
      type: v.literal('fold'),
      folds: integer(recipeLimits.folds),
      /** Counted from 1. */
      fold: integer({ minimum: 1, maximum: recipeLimits.folds.maximum }),
    }),
    v.forward(
      v.check(({ folds, fold }) => fold <= folds, 'must be at most the number of folds'),
      ['fold'],
    ),
  ),
  v.strictObject({ type: v.literal('test') }),
]);
export type Validation = v.InferOutput<typeof validationSchema>;

export const earlyStoppingSchema = v.strictObject({
  /** Epochs without improvement of the validation loss before training stops. */
  patience: integer(recipeLimits.patience),
  /** An improvement smaller than this does not count. */
  minimumDelta: number(recipeLimits.minimumDelta),
});
export type EarlyStopping = v.InferOutput<typeof earlyStoppingSchema>;

/** Who counts for more: `balanced` weighs an image by `images / (classes * images of its class)`, as scikit-learn does. */
export const classWeightsSchema = v.picklist(['none', 'balanced'], 'must be "none" or "balanced"');
export type ClassWeights = v.InferOutput<typeof classWeightsSchema>;

/** Limits on the gradient of a step; null where there is none. The values are limited first. */
export const clippingSchema = v.strictObject({
  /** The L2 norm that all gradients have together, at most: larger ones are scaled down (Pascanu, Mikolov & Bengio 2013). */
  norm: v.nullable(number(recipeLimits.clippingNorm)),
  /** The size that each number of the gradients has, at most. */
  value: v.nullable(number(recipeLimits.clippingValue)),
});
export type Clipping = v.InferOutput<typeof clippingSchema>;

export const weightAveragingSchema = v.strictObject({
  /** What the average keeps of itself in each step; less in the first ones: at most `(1 + step) / (10 + step)`. */
  decay: number(recipeLimits.averagingDecay),
});
export type WeightAveraging = v.InferOutput<typeof weightAveragingSchema>;

/** No image is changed. */
export const noAugmentation = {
  horizontalFlip: false,
  translation: 0,
  rotation: 0,
  scale: 0,
  shear: 0,
  elastic: 0,
  noise: 0,
  erasing: 0,
  erasedArea: 0.2,
} as const;

const augmentationLimits = recipeLimits.augmentation;

/**
 * How the images that are trained on are changed, each time by a new draw; those of validation and test never are. A
 * number is the farthest that a change goes either way, unless it says otherwise; 0 leaves it out, as does a missing one.
 */
export const augmentationSchema = v.strictObject({
  /** Half of the images are mirrored, left for right. */
  horizontalFlip: v.optional(v.boolean('must be true or false'), noAugmentation.horizontalFlip),
  /** Whole pixels, right or left and down or up. What comes in is black, as for all that follows. */
  translation: v.optional(integer(augmentationLimits.translation), noAugmentation.translation),
  /** Degrees about the centre. */
  rotation: v.optional(number(augmentationLimits.rotation), noAugmentation.rotation),
  /** A share: 0.1 makes an image 0.9 to 1.1 times as large. */
  scale: v.optional(number(augmentationLimits.scale), noAugmentation.scale),
  /** Degrees by which upright lines are slanted. */
  shear: v.optional(number(augmentationLimits.shear), noAugmentation.shear),
  /** Pixels by which each point of a coarse grid is moved, and all between them smoothly (Simard, Steinkraus & Platt 2003). */
  elastic: v.optional(number(augmentationLimits.elastic), noAugmentation.elastic),
  /** The standard deviation of normal noise that is added to every number, which are from 0 to 1. */
  noise: v.optional(number(augmentationLimits.noise), noAugmentation.noise),
  /** The share of the images of which a rectangle is made black (Zhong et al. 2020). */
  erasing: v.optional(number(augmentationLimits.erasing), noAugmentation.erasing),
  /** The largest share of an image that the rectangle takes; the smallest is the least that can be asked for. */
  erasedArea: v.optional(number(augmentationLimits.erasedArea), noAugmentation.erasedArea),
});
export type Augmentation = v.InferOutput<typeof augmentationSchema>;

/** The options that a recipe need not name, all off: those of older recipes. */
export const plainOptions = {
  labelSmoothing: 0,
  classWeights: 'none',
  mixup: 0,
  augmentation: noAugmentation,
  clipping: { norm: null, value: null },
  maxNorm: null,
  weightAveraging: null,
} as const;

export const recipeSchema = v.strictObject({
  name: v.pipe(v.string(), v.trim(), v.minLength(1, 'must not be empty'), v.maxLength(120)),
  /** The layers between the image and the output; the output layer (one unit a class, softmax) follows by itself. */
  layers: v.pipe(
    v.array(componentSchema),
    v.maxLength(recipeLimits.layers.maximum, `must have at most ${recipeLimits.layers.maximum} layers`),
  ),
  initializer: componentSchema,
  biasInitializer: componentSchema,
  optimizer: componentSchema,
  schedule: componentSchema,
  /** Weights of the penalties `l1 * sum |w|` and `l2 / 2 * sum w^2` on the dense weights (not the biases). */
  penalties: v.strictObject({ l1: number(recipeLimits.penalty), l2: number(recipeLimits.penalty) }),
  /**
   * What the classes of an image share evenly of its target; the rest goes to its label (Szegedy et al. 2016). Losses of
   * training are of the smoothed targets, those of validation of the labels.
   */
  labelSmoothing: v.optional(number(recipeLimits.labelSmoothing), plainOptions.labelSmoothing),
  classWeights: v.optional(classWeightsSchema, plainOptions.classWeights),
  /** Alpha of the Beta distribution of the shares in which two images of a batch are mixed (Zhang et al. 2018); 0 mixes none. */
  mixup: v.optional(number(recipeLimits.mixup), plainOptions.mixup),
  /** How the images that are trained on are changed, before they are mixed. */
  augmentation: v.optional(augmentationSchema, plainOptions.augmentation),
  clipping: v.optional(clippingSchema, plainOptions.clipping),
  /** The L2 norm that the weights into a unit have at most, after each step (Srebro, Rennie & Jaakkola 2005); null limits none. */
  maxNorm: v.optional(v.nullable(number(recipeLimits.maxNorm)), plainOptions.maxNorm),
  /** The exponential moving average of what is trained, which is then validated and kept; null keeps what is trained. */
  weightAveraging: v.optional(v.nullable(weightAveragingSchema), plainOptions.weightAveraging),
  /** Images a step; `full` takes the whole training set in each step. */
  batchSize: v.union(
    [v.literal('full'), integer(recipeLimits.batchSize)],
    `must be "full" or a whole number from ${recipeLimits.batchSize.minimum} to ${recipeLimits.batchSize.maximum}`,
  ),
  epochs: integer(recipeLimits.epochs),
  validation: validationSchema,
  earlyStopping: v.nullable(earlyStoppingSchema),
  /** Decides the split, the initial weights and every shuffle. */
  seed: integer(recipeLimits.seed),
});
export type Recipe = v.InferOutput<typeof recipeSchema>;
