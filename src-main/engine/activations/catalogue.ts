import { WeftError } from '../../../src-shared/failure.ts';
import type { OptionDescription } from '../../../src-shared/schemas/component.ts';
import type { Activation } from './activation.ts';
import { elu } from './elu.ts';
import { gelu } from './gelu.ts';
import { leakyRelu } from './leakyRelu.ts';
import { linear } from './linear.ts';
import { relu } from './relu.ts';
import { sigmoid } from './sigmoid.ts';
import { silu } from './silu.ts';
import { softplus } from './softplus.ts';
import { tanh } from './tanh.ts';

/** Every activation, in the order in which it is offered. */
export const activations: readonly Activation[] = [
  relu,
  leakyRelu,
  tanh,
  sigmoid,
  elu,
  gelu,
  silu,
  softplus,
  linear,
];

/** The option of a layer that chooses one of them, ReLU where it is left out. */
export const activationOption: OptionDescription = {
  kind: 'choice',
  name: 'activation',
  label: 'Activation',
  help: activations.map(({ label, help }) => `${label}: ${help}`).join('; '),
  default: 'relu',
  choices: activations.map(({ type, label }) => ({ value: type, label })),
};

/** The activation of that name. Throws `recipe.invalid`. */
export function activationOf(type: string): Activation {
  const found = activations.find((activation) => activation.type === type);
  if (found === undefined) throw new WeftError('recipe.invalid', `There is no activation "${type}".`);
  return found;
}
