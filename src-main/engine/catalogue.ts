import { completeComponent, findComponentProblems } from '../../src-shared/components.ts';
import { WeftError } from '../../src-shared/failure.ts';
import type { Catalogue, Component, ComponentDescription } from '../../src-shared/schemas/component.ts';
import { glorotNormal, glorotUniform } from './initializers/glorot.ts';
import { heNormal, heUniform } from './initializers/he.ts';
import type { Initializer } from './initializers/initializer.ts';
import { normal } from './initializers/normal.ts';
import { uniform } from './initializers/uniform.ts';
import { zeros } from './initializers/zeros.ts';
import { activationLayer } from './layers/activation.ts';
import { averagePooling } from './layers/averagePooling.ts';
import { batchNorm } from './layers/batchNorm.ts';
import { convolution } from './layers/convolution.ts';
import { dense } from './layers/dense.ts';
import { dropout } from './layers/dropout.ts';
import { flatten } from './layers/flatten.ts';
import { globalAveragePooling } from './layers/globalAveragePooling.ts';
import type { Layer } from './layers/layer.ts';
import { maxPooling } from './layers/maxPooling.ts';
import { prelu } from './layers/prelu.ts';
import { adagrad } from './optimizers/adagrad.ts';
import { adam } from './optimizers/adam.ts';
import { adamw } from './optimizers/adamw.ts';
import { gradientDescent } from './optimizers/gradientDescent.ts';
import { lion } from './optimizers/lion.ts';
import { momentum } from './optimizers/momentum.ts';
import { nesterov } from './optimizers/nesterov.ts';
import type { Optimizer } from './optimizers/optimizer.ts';
import { rmsprop } from './optimizers/rmsprop.ts';
import { constant } from './schedules/constant.ts';
import { cosine } from './schedules/cosine.ts';
import { exponential } from './schedules/exponential.ts';
import { oneCycle } from './schedules/oneCycle.ts';
import { plateau } from './schedules/plateau.ts';
import type { Schedule } from './schedules/schedule.ts';
import { stepDecay } from './schedules/stepDecay.ts';
import { timeDecay } from './schedules/timeDecay.ts';

// In the order in which they are offered. One line adds one.
export const layers: readonly Layer[] = [
  dense,
  convolution,
  maxPooling,
  averagePooling,
  globalAveragePooling,
  flatten,
  dropout,
  batchNorm,
  activationLayer,
  prelu,
];
export const initializers: readonly Initializer[] = [
  heNormal,
  heUniform,
  glorotNormal,
  glorotUniform,
  normal,
  uniform,
  zeros,
];
export const optimizers: readonly Optimizer[] = [
  adam,
  adamw,
  gradientDescent,
  momentum,
  nesterov,
  rmsprop,
  adagrad,
  lion,
];
export const schedules: readonly Schedule[] = [
  constant,
  timeDecay,
  stepDecay,
  exponential,
  cosine,
  oneCycle,
  plateau,
];

interface Described {
  readonly description: ComponentDescription;
}

const descriptionsOf = (entries: readonly Described[]): ComponentDescription[] =>
  entries.map((entry) => entry.description);

/** Everything the engine can do, as data: forms are drawn and recipes checked from it. */
export const catalogue: Catalogue = {
  layers: descriptionsOf(layers),
  initializers: descriptionsOf(initializers),
  optimizers: descriptionsOf(optimizers),
  schedules: descriptionsOf(schedules),
};

/** A catalogue entry with the component that chose it, every option filled in. */
export interface Chosen<T> {
  entry: T;
  component: Component;
}

/** The entry that a component names, in one of the lists above. Throws `recipe.invalid`, saying where with `path`. */
export function choose<T extends Described>(
  entries: readonly T[],
  component: Component,
  path: string,
): Chosen<T> {
  const [problem] = findComponentProblems(descriptionsOf(entries), component, path);
  const entry = entries.find((one) => one.description.type === component.type);
  if (problem !== undefined || entry === undefined) {
    throw new WeftError(
      'recipe.invalid',
      `The recipe's ${problem?.path ?? path} ${problem?.message ?? 'is unknown'}.`,
    );
  }
  return { entry, component: completeComponent(entry.description, component) };
}
