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
  patience: { minimum: 1, maximum: 10_000 },
  minimumDelta: { minimum: 0, maximum: 1 },
  validationFraction: { minimum: 0.01, maximum: 0.5 },
  validationCount: { minimum: 1, maximum: 1_000_000 },
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

/** Where the validation images come from. `test` is what many notebooks do: not an honest estimate, and labelled so. */
export const validationSchema = v.variant('type', [
  v.strictObject({ type: v.literal('stratified'), fraction: number(recipeLimits.validationFraction) }),
  v.strictObject({ type: v.literal('first'), count: integer(recipeLimits.validationCount) }),
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
