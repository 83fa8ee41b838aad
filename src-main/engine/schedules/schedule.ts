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

/** What a schedule remembers of the validation losses so far: finite numbers, so that a file of JSON can hold them. */
export interface ScheduleState {
  readonly bestLoss: number;
  /** Epochs in a row, up to the last one, in which the loss was not better than `bestLoss`. */
  readonly badEpochs: number;
  /** How often the rate was dropped for that. */
  readonly drops: number;
}

/** Before the first epoch has ended: any loss is better. */
export const initialScheduleState: ScheduleState = { bestLoss: Number.MAX_VALUE, badEpochs: 0, drops: 0 };

/** How the learning rate changes while training. */
export interface Schedule {
  readonly description: ComponentDescription;
  /** What the base rate is multiplied by, warm-up left out; `component` is complete. Allocates nothing. */
  factor(component: Component, progress: Progress, state: ScheduleState): number;
  /**
   * The state after an epoch that ended with this mean loss over the validation images. Only schedules that follow the
   * validation loss have it.
   */
  afterEpoch?(component: Component, state: ScheduleState, validationLoss: number): ScheduleState;
}

/** Every schedule that does not begin with a rise of its own has this option. */
export const warmupOption: OptionDescription = integerOption(
  'warmupSteps',
  'Warm-up',
  'The rate first rises linearly over this many steps; 0 for none.',
  { default: 0, minimum: 0, maximum: 1_000_000 },
);

/**
 * The factor of a step: the schedule's own, times the linear warm-up `(step + 1) / warmupSteps` where the schedule has
 * that option.
 */
export function scheduledFactor(
  schedule: Schedule,
  component: Component,
  progress: Progress,
  state: ScheduleState,
): number {
  const factor = schedule.factor(component, progress, state);
  if (!schedule.description.options.includes(warmupOption)) return factor;
  const warmupSteps = numberOf(component, 'warmupSteps');
  const warmup = progress.step < warmupSteps ? (progress.step + 1) / warmupSteps : 1;
  return warmup * factor;
}
