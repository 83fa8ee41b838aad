// A model made elsewhere: what its file lets us recognise, and what a person has to say because no file says it.
import * as v from 'valibot';
import { errorDataSchema } from '../failure.ts';

const positive = (maximum: number) => v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(maximum));

/** How weights are laid out: PyTorch's `(out, in)` and `(out, in, height, width)`, or Keras's `(in, out)` and `(height, width, in, out)`. */
export const tensorLayoutSchema = v.picklist(['pytorch', 'keras']);
export type TensorLayout = v.InferOutput<typeof tensorLayoutSchema>;

/** What follows a convolution and the layers without windows after it: windows of 2 x 2 at stride 2, or the whole image. */
export const poolingAnswerSchema = v.picklist(['none', 'max', 'average', 'global-average']);

/** Of one recognised layer. Only convolutions have a stride, a padding and a pooling. */
export const layerAnswerSchema = v.strictObject({
  activation: v.string(),
  stride: v.optional(positive(8), 1),
  padding: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(14)), 0),
  pooling: v.optional(poolingAnswerSchema, 'none'),
});
export type LayerAnswer = v.InferOutput<typeof layerAnswerSchema>;

const numberList = v.pipe(v.array(v.pipe(v.number(), v.finite())), v.minLength(1), v.maxLength(16));

/**
 * What the network takes: `(pixel / 255 - mean) / deviation`, with one number for all channels or one a channel. Pixels of
 * 0 to 255 as they are: mean 0, deviation 1 / 255.
 */
export const inputScalingSchema = v.strictObject({
  means: numberList,
  deviations: v.pipe(
    numberList,
    v.check((list) => list.every((one) => one > 0), 'must be above 0'),
  ),
});
export type InputScaling = v.InferOutput<typeof inputScalingSchema>;

export const foreignAnswersSchema = v.strictObject({
  name: v.pipe(v.string(), v.trim(), v.minLength(1, 'must not be empty'), v.maxLength(120)),
  layout: tensorLayoutSchema,
  shape: v.strictObject({ height: positive(4096), width: positive(4096), channels: positive(16) }),
  /** The order in which an image becomes a row of numbers: Weft's and PyTorch's, or Keras's. */
  flattening: v.picklist(['channels-first', 'channels-last']),
  input: inputScalingSchema,
  /** One for each layer of the sketch, in its order; that of the output layer is not used. */
  layers: v.pipe(v.array(layerAnswerSchema), v.maxLength(64)),
  /** Of all batch normalizations. */
  epsilon: v.pipe(v.number(), v.minValue(1e-8), v.maxValue(0.1)),
  classes: v.pipe(v.array(v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(200))), v.maxLength(256)),
  /** The dataset that it tells apart; empty where it is none of ours. */
  datasetId: v.string(),
});
export type ForeignAnswers = v.InferOutput<typeof foreignAnswersSchema>;

/** What the file does not say for certain. */
export const foreignQuestionSchema = v.picklist([
  'layout',
  'shape',
  'flattening',
  'input',
  'activations',
  'convolutions',
  'epsilon',
  'classes',
]);
export type ForeignQuestion = v.InferOutput<typeof foreignQuestionSchema>;

export const foreignLayerSchema = v.strictObject({
  kind: v.picklist(['dense', 'convolution', 'batch-norm', 'prelu']),
  /** What its tensors' names have in common. */
  name: v.string(),
  tensors: v.array(v.strictObject({ name: v.string(), dtype: v.string(), shape: v.array(v.number()) })),
  /** Numbers, or of convolutions channels, that go in and come out. */
  inputs: v.number(),
  outputs: v.number(),
  /** Side of a convolution's window. */
  kernel: v.nullable(v.number()),
});
export type ForeignLayer = v.InferOutput<typeof foreignLayerSchema>;

/** What was recognised, with the answers that would be taken if nobody says otherwise. */
export const foreignSketchSchema = v.strictObject({
  /** In their order, the output layer last. */
  layers: v.array(foreignLayerSchema),
  /** What was converted, left out or assumed. */
  notes: v.array(v.string()),
  questions: v.array(foreignQuestionSchema),
  answers: foreignAnswersSchema,
  /** Why the network can't be made with these answers. */
  problem: v.nullable(errorDataSchema),
});
export type ForeignSketch = v.InferOutput<typeof foreignSketchSchema>;
