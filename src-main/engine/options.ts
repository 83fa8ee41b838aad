// How catalogue entries state their options, and how they read them from a component that was checked and completed.
import { WeftError } from '../../src-shared/failure.ts';
import type { Component, OptionDescription } from '../../src-shared/schemas/component.ts';

interface NumberRange {
  default: number;
  minimum: number;
  maximum: number;
}

/** An option that takes any number of a range; `log` when its useful values span several powers of ten. */
export function numberOption(
  name: string,
  label: string,
  help: string,
  range: NumberRange,
  scale: 'linear' | 'log' = 'linear',
): OptionDescription {
  return { kind: 'number', name, label, help, scale, ...range };
}

/** An option that takes a whole number of a range. */
export function integerOption(
  name: string,
  label: string,
  help: string,
  range: NumberRange,
): OptionDescription {
  return { kind: 'integer', name, label, help, ...range };
}

/** The base learning rate, which every optimizer has under this name: the schedule scales it. */
export function learningRateOption(defaultRate: number): OptionDescription {
  return numberOption(
    'learningRate',
    'Learning rate',
    'The size of a step before the schedule scales it.',
    { default: defaultRate, minimum: 1e-7, maximum: 10 },
    'log',
  );
}

/** The value of a number option. Throws `recipe.invalid` where the component was not completed. */
export function numberOf(component: Component, name: string): number {
  const value = component[name];
  if (typeof value === 'number') return value;
  throw new WeftError('recipe.invalid', `${component.type}.${name} must be a number.`);
}

/** The value of a choice option. Throws `recipe.invalid` where the component was not completed. */
export function choiceOf(component: Component, name: string): string {
  const value = component[name];
  if (typeof value === 'string') return value;
  throw new WeftError('recipe.invalid', `${component.type}.${name} must be one of its choices.`);
}
