// The catalogue's optimizers and schedules in Python: one table each.
import type { Component } from '../../../src-shared/schemas/component.ts';
import { numberOf } from '../../engine/options.ts';
import { entryOf } from './activationsInPython.ts';
import { bracketed, float, snakeCase } from './pythonText.ts';

export interface OptimizerInPython {
  /** The class of numpy_learning.py; it takes the options under their names. */
  numpy: string;
  /** The class, and its arguments beside the parameters and the rate. */
  torch(component: Component): { optimizer: string; options: string[] };
}

const option = (component: Component, name: string, argument: string): string =>
  `${argument}=${float(numberOf(component, name))}`;
const betasOf = (component: Component): string =>
  `betas=(${float(numberOf(component, 'beta1'))}, ${float(numberOf(component, 'beta2'))})`;

/** By the types of the engine's optimizers. */
export const optimizersInPython: Readonly<Record<string, OptimizerInPython>> = {
  adam: {
    numpy: 'Adam',
    torch: (component) => ({
      optimizer: 'torch.optim.Adam',
      options: [betasOf(component), option(component, 'epsilon', 'eps')],
    }),
  },
  adamw: {
    numpy: 'AdamW',
    torch: (component) => ({
      optimizer: 'torch.optim.AdamW',
      options: [
        betasOf(component),
        option(component, 'epsilon', 'eps'),
        option(component, 'weightDecay', 'weight_decay'),
      ],
    }),
  },
  'gradient-descent': {
    numpy: 'GradientDescent',
    torch: () => ({ optimizer: 'torch.optim.SGD', options: [] }),
  },
  momentum: {
    numpy: 'Momentum',
    torch: (component) => ({
      optimizer: 'torch.optim.SGD',
      options: [option(component, 'momentum', 'momentum')],
    }),
  },
  nesterov: {
    numpy: 'Nesterov',
    torch: (component) => {
      const momentum = option(component, 'momentum', 'momentum');
      // PyTorch refuses it without a momentum, where it is plain gradient descent.
      const options = numberOf(component, 'momentum') === 0 ? [] : [momentum, 'nesterov=True'];
      return { optimizer: 'torch.optim.SGD', options };
    },
  },
  rmsprop: {
    numpy: 'RMSProp',
    torch: (component) => ({
      optimizer: 'torch.optim.RMSprop',
      options: [option(component, 'decay', 'alpha'), option(component, 'epsilon', 'eps')],
    }),
  },
  adagrad: {
    numpy: 'Adagrad',
    torch: (component) => ({
      optimizer: 'torch.optim.Adagrad',
      options: [option(component, 'epsilon', 'eps')],
    }),
  },
  lion: {
    numpy: 'Lion',
    torch: (component) => ({
      optimizer: 'Lion',
      options: [betasOf(component), option(component, 'weightDecay', 'weight_decay')],
    }),
  },
};

/** The options of a component under their names in Python, but for those left out. */
const keywordsOf = (component: Component, left: readonly string[]): string[] =>
  Object.entries(component)
    .filter(([name]) => name !== 'type' && !left.includes(name))
    .map(([name, value]) => `${snakeCase(name)}=${typeof value === 'number' ? String(value) : ''}`);

/** Makes the optimizer; `component` is complete. Throws `export.no-python`. */
export function numpyOptimizer(component: Component): string {
  const { numpy } = entryOf(optimizersInPython, component.type, 'optimizer');
  return [
    'def make_optimizer():',
    '    """What moves one tensor."""',
    bracketed(`return ${numpy}`, keywordsOf(component, ['learningRate']), '', 4),
    '',
    '',
  ].join('\n');
}

/** Makes the optimizer; `component` is complete. Throws `export.no-python`. */
export function torchOptimizer(component: Component): string {
  const { optimizer, options } = entryOf(optimizersInPython, component.type, 'optimizer').torch(component);
  return [
    'def make_optimizer(parameters):',
    '    """What moves the parameters; the rate of each step is set before it."""',
    bracketed(`return ${optimizer}`, ['parameters', 'lr=LEARNING_RATE', ...options], '', 4),
    '',
    '',
  ].join('\n');
}

/** The functions of recipe.py, by the types of the engine's schedules; null keeps the rate. */
export const schedulesInPython: Readonly<Record<string, string | null>> = {
  constant: null,
  'time-decay': 'time_decay',
  step: 'step_decay',
  exponential: 'exponential',
  cosine: 'cosine',
  'one-cycle': 'one_cycle',
  plateau: 'plateau.share',
};

const warmupOption = 'warmupSteps';

/** Whether the schedule follows the validation loss. */
export const followsValidation = ({ type }: Component): boolean => type === 'plateau';

/** The rate of each step; `component` is complete. `isChangedByHand`: a person set another base rate from a step on. Throws `export.no-python`. */
export function scheduleInPython(component: Component, isChangedByHand: boolean): string {
  const schedule = entryOf<string | null>(schedulesInPython, component.type, 'schedule');
  const options = keywordsOf(component, [warmupOption]);
  const warmupSteps = component[warmupOption];
  const isFollowing = followsValidation(component);
  const factors = [isChangedByHand ? 'base_rate(step)' : 'LEARNING_RATE'];
  if (isFollowing) factors.push(`${schedule}()`);
  else if (schedule !== null) factors.push('factor');
  if (typeof warmupSteps === 'number' && warmupSteps > 0) factors.push(`warmup(step, ${warmupSteps})`);
  const factor =
    isFollowing || schedule === null ? [] : [bracketed(`factor = ${schedule}`, ['step', ...options], '', 4)];
  const making = isFollowing
    ? [
        'def make_plateau():',
        '    """Watches the validation loss."""',
        bracketed('return Plateau', options, '', 4),
        '',
        '',
      ]
    : [];
  return [
    ...making,
    `def learning_rate(step${isFollowing ? ', plateau' : ''}):`,
    '    """The rate of a step, counted from 0."""',
    ...factor,
    `    return ${factors.join(' * ')}`,
    '',
    '',
  ].join('\n');
}
