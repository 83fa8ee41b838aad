// Which of the engine's catalogue and of a recipe's fields the golden cases are about.
import { activations } from '../../src-main/engine/activations/catalogue.ts';
import { catalogue } from '../../src-main/engine/catalogue.ts';
import type { Component, ComponentDescription } from '../../src-shared/schemas/component.ts';
import { recipeSchema } from '../../src-shared/schemas/recipe.ts';
import type { GoldenCase } from './goldenCases.ts';

/** The recipe's fields that do not change what a step does with the images, starting weights and rate that it is given. */
const beyondAStep = [
  'name',
  'augmentation',
  'initializer',
  'biasInitializer',
  'schedule',
  'batchSize',
  'epochs',
  'validation',
  'earlyStopping',
  'seed',
];

const typesOf = (descriptions: readonly ComponentDescription[]): string[] =>
  descriptions.map(({ type }) => type);

const activationTypes = activations.map(({ type }) => type);

function missingFrom(known: readonly string[], wanted: readonly string[], kind: string): string[] {
  const unknown = wanted.filter((one) => !known.includes(one));
  return [...new Set(unknown)].map((one) => `there is no ${kind} "${one}"`);
}

const activationsOf = ({ layers }: GoldenCase): string[] =>
  layers.flatMap(({ activation }) => (typeof activation === 'string' ? [activation] : []));

/** Why the engine can't train the case: what it doesn't have. Empty when it can. */
export function findMissing(golden: GoldenCase): string[] {
  const layerTypes = golden.layers.map(({ type }) => type);
  return [
    ...missingFrom(typesOf(catalogue.layers), layerTypes, 'layer'),
    ...missingFrom(typesOf(catalogue.optimizers), [golden.optimizer.type], 'optimizer'),
    ...missingFrom(activationTypes, activationsOf(golden), 'activation'),
    ...missingFrom(Object.keys(recipeSchema.entries), Object.keys(golden.options), 'recipe option'),
  ];
}

/** The options of a component that no case sets to anything but their default. */
function findUnsetOptions(description: ComponentDescription, components: readonly Component[]): string[] {
  const own = components.filter(({ type }) => type === description.type);
  return description.options
    .filter(
      (option) => !own.some(({ [option.name]: value }) => value !== undefined && value !== option.default),
    )
    .map((option) => `${description.type}.${option.name}`);
}

/** Everything that changes what a step does and that no case is about. Empty when nothing was forgotten. */
export function findUncovered(cases: readonly GoldenCase[]): string[] {
  const layers = cases.flatMap((golden) => golden.layers);
  const optimizers = cases.map(({ optimizer }) => optimizer);
  const covered = {
    layers: layers.map(({ type }) => type),
    optimizers: optimizers.map(({ type }) => type),
    activations: cases.flatMap(activationsOf),
    fields: [...beyondAStep, 'layers', 'optimizer', ...cases.flatMap(({ options }) => Object.keys(options))],
  };
  return [
    ...missingFrom(covered.layers, typesOf(catalogue.layers), 'case of the layer'),
    ...missingFrom(covered.optimizers, typesOf(catalogue.optimizers), 'case of the optimizer'),
    ...missingFrom(covered.activations, activationTypes, 'case of the activation'),
    ...missingFrom(covered.fields, Object.keys(recipeSchema.entries), 'case of the recipe option'),
    ...[
      ...catalogue.layers.flatMap((description) => findUnsetOptions(description, layers)),
      ...catalogue.optimizers.flatMap((description) => findUnsetOptions(description, optimizers)),
    ].map((option) => `there is no case that changes "${option}"`),
  ];
}
