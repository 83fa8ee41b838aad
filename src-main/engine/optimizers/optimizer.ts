import type { Component, ComponentDescription } from '../../../src-shared/schemas/component.ts';
import type { FloatArray } from '../region.ts';

/** How parameters move against their gradient. */
export interface Optimizer {
  readonly description: ComponentDescription;
  /** What is remembered for each parameter from step to step; all start at 0. */
  readonly slots: readonly string[];
  /**
   * Writes what is the same for all parameters in a step to the start of `into`, which has room for
   * `maximumConstants`: computed once a step, in float64, for every kernel alike, and without allocating.
   * `step` counts from 1; `component` is complete.
   */
  writeConstants(component: Component, step: number, learningRate: number, into: Float64Array): void;
  /** The formula: updates parameters `from` to `to - 1` and their slots. What every kernel of it must equal. */
  update(
    constants: ArrayLike<number>,
    parameters: FloatArray,
    gradients: FloatArray,
    slots: readonly FloatArray[],
    from: number,
    to: number,
  ): void;
}

/** Numbers that the constants of a step take at most, whatever the optimizer. */
export const maximumConstants = 8;
