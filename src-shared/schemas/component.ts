// A component is one thing out of a catalogue of the engine (a layer, an optimizer …) with its options.
// The engine describes its catalogue in these terms; forms are drawn and values checked from the description.
import * as v from 'valibot';

export const optionValueSchema = v.union([v.number(), v.string(), v.boolean()]);
export type OptionValue = v.InferOutput<typeof optionValueSchema>;

/** `{ type: 'adam', learningRate: 0.001 }`: the type names the catalogue entry, the rest are its options. */
export const componentSchema = v.objectWithRest({ type: v.string() }, optionValueSchema);
export type Component = v.InferOutput<typeof componentSchema>;

const optionBase = {
  name: v.string(),
  label: v.string(),
  help: v.string(),
};

export const optionDescriptionSchema = v.variant('kind', [
  v.strictObject({
    ...optionBase,
    kind: v.literal('number'),
    default: v.number(),
    minimum: v.number(),
    maximum: v.number(),
    /** How a control moves through the range. */
    scale: v.picklist(['linear', 'log']),
  }),
  v.strictObject({
    ...optionBase,
    kind: v.literal('integer'),
    default: v.number(),
    minimum: v.number(),
    maximum: v.number(),
  }),
  v.strictObject({
    ...optionBase,
    kind: v.literal('choice'),
    default: v.string(),
    choices: v.array(v.strictObject({ value: v.string(), label: v.string() })),
  }),
  v.strictObject({ ...optionBase, kind: v.literal('flag'), default: v.boolean() }),
]);
export type OptionDescription = v.InferOutput<typeof optionDescriptionSchema>;

export const componentDescriptionSchema = v.strictObject({
  type: v.string(),
  label: v.string(),
  /** One sentence, with the formula or the source where there is one. */
  help: v.string(),
  options: v.array(optionDescriptionSchema),
});
export type ComponentDescription = v.InferOutput<typeof componentDescriptionSchema>;

/** Everything the engine can do, as data. */
export const catalogueSchema = v.strictObject({
  layers: v.array(componentDescriptionSchema),
  initializers: v.array(componentDescriptionSchema),
  optimizers: v.array(componentDescriptionSchema),
  schedules: v.array(componentDescriptionSchema),
});
export type Catalogue = v.InferOutput<typeof catalogueSchema>;
