import * as v from 'valibot';
import { errorDataSchema } from '../failure.ts';

export const layerSummarySchema = v.strictObject({
  label: v.string(),
  /** `[units]` or `[height, width, channels]`. */
  outputShape: v.array(v.number()),
  parameters: v.number(),
  /** Weights, gradients, optimizer slots and the activations of one batch. */
  memoryBytes: v.number(),
  /** Multiplications and additions of one forward pass of one image. */
  operationsPerImage: v.number(),
});
export type LayerSummary = v.InferOutput<typeof layerSummarySchema>;

/** A network as planned for an image shape, a number of classes and a batch size, before anything is allocated. */
export const networkSummarySchema = v.strictObject({
  inputShape: v.array(v.number()),
  /** The recipe's layers, then the output layer. */
  layers: v.array(layerSummarySchema),
  parameters: v.number(),
  memoryBytes: v.number(),
  operationsPerImage: v.number(),
});
export type NetworkSummary = v.InferOutput<typeof networkSummarySchema>;

/** A network that may still be impossible. With a problem, `layers` and the sums are of the layers before it, without the output layer. */
export const networkOutlineSchema = v.strictObject({
  ...networkSummarySchema.entries,
  /** The first of the recipe's layers, counted from 0, that does not fit on its input, and why. */
  problem: v.nullable(v.strictObject({ layer: v.number(), error: errorDataSchema })),
});
export type NetworkOutline = v.InferOutput<typeof networkOutlineSchema>;
