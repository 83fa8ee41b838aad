import type {
  Component,
  ComponentDescription,
  OptionDescription,
} from '../../../src-shared/schemas/component.ts';
import { integerOption, numberOf } from '../options.ts';

/** Where in the run a step is. */
export interface Progress {
  /** Steps done before it: 0 for the first. */
  step: number;
  stepsPerEpoch: number;
  /** Steps of the whole run as planned. */
  totalSteps: number;
}

/** How the learning rate changes while training. */
export interface Schedule {
  readonly description: ComponentDescription;
  /** What the base rate is multiplied by, warm-up left out; `component` is complete. */
  factor(component: Component, progress: Progress): number;
}

/** Every schedule has this option under this name. */
export const warmupOption: OptionDescription = integerOption(
  'warmupSteps',
  'Warm-up',
  'The rate first rises linearly over this many steps; 0 for none.',
  { default: 0, minimum: 0, maximum: 1_000_000 },
);

/** The factor of a step with the linear warm-up `(step + 1) / warmupSteps`, which multiplies the schedule's own. */
export function scheduledFactor(schedule: Schedule, component: Component, progress: Progress): number {
  const warmupSteps = numberOf(component, 'warmupSteps');
  const warmup = progress.step < warmupSteps ? (progress.step + 1) / warmupSteps : 1;
  return warmup * schedule.factor(component, progress);
}
