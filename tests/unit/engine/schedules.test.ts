import { describe, expect, it } from 'vitest';
import { catalogue, choose, schedules } from '../../../src-main/engine/catalogue.ts';
import { plateau } from '../../../src-main/engine/schedules/plateau.ts';
import {
  initialScheduleState,
  scheduledFactor,
  warmupOption,
  type ScheduleState,
} from '../../../src-main/engine/schedules/schedule.ts';
import { defaultComponent } from '../../../src-shared/components.ts';
import type { Component } from '../../../src-shared/schemas/component.ts';
import { withDefaults } from './samples.ts';

/** Epochs of 10 steps, 20 of them unless told. */
function factorAt(component: Component, step: number, totalSteps = 200): number {
  const chosen = choose(schedules, component, 'schedule');
  const progress = { step, stepsPerEpoch: 10, totalSteps };
  return scheduledFactor(chosen.entry, chosen.component, progress, initialScheduleState);
}

describe('the schedule', () => {
  it('constant keeps the rate', () => {
    for (const step of [0, 1, 199]) expect(factorAt({ type: 'constant' }, step)).toBe(1);
  });

  it('time-decay divides by 1 + decay * step', () => {
    const component = { type: 'time-decay', decay: 0.01 };
    expect(factorAt(component, 0)).toBe(1);
    expect(factorAt(component, 100)).toBe(0.5);
  });

  it('step drops after whole epochs', () => {
    const component = { type: 'step', factor: 0.1, everyEpochs: 2 };
    expect(factorAt(component, 19)).toBe(1);
    expect(factorAt(component, 20)).toBeCloseTo(0.1, 12);
    expect(factorAt(component, 59)).toBeCloseTo(0.01, 12);
  });

  it('exponential leaves its factor after each epoch, smoothly', () => {
    const component = { type: 'exponential', factor: 0.81 };
    expect(factorAt(component, 5)).toBeCloseTo(0.9, 12);
    expect(factorAt(component, 20)).toBeCloseTo(0.81 ** 2, 12);
  });

  it('cosine goes from 1 over the middle to its final share', () => {
    const component = { type: 'cosine', final: 0.2 };
    expect(factorAt(component, 0)).toBe(1);
    expect(factorAt(component, 100)).toBeCloseTo(0.6, 12);
    expect(factorAt(component, 200)).toBeCloseTo(0.2, 12);
    expect(factorAt(component, 500)).toBeCloseTo(0.2, 12);
  });

  it('one-cycle has the rates of PyTorch at its default options', () => {
    // torch.optim.lr_scheduler.OneCycleLR(max_lr=1, total_steps=200) of PyTorch 1.13
    const rates = new Map([
      [0, 0.04],
      [1, 0.04068030607515438],
      [19, 0.2653979641025237],
      [59, 1],
      [100, 0.8028958103403223],
      [198, 0.00012988202521661967],
      [199, 4e-6],
    ]);
    for (const [step, rate] of rates) expect(factorAt({ type: 'one-cycle' }, step)).toBeCloseTo(rate, 12);
  });

  it('one-cycle has the rates of PyTorch where its peak lies between two steps', () => {
    // OneCycleLR(max_lr=1, total_steps=57, pct_start=0.1, div_factor=10, final_div_factor=100) of PyTorch 1.13
    const component = { type: 'one-cycle', warmupShare: 0.1, startDivisor: 10, finalDivisor: 100 };
    const rates = new Map([
      [0, 0.1],
      [2, 0.44568093237961226],
      [4, 0.9516334761369465],
      [11, 0.9632837865737934],
      [55, 0.0019363425949968165],
      [56, 0.001],
    ]);
    for (const [step, rate] of rates) expect(factorAt(component, step, 57)).toBeCloseTo(rate, 12);
  });

  it('one-cycle stays at its final rate past the planned end, and is a number in the shortest runs', () => {
    const final = 1 / 25 / 1e4;
    expect(factorAt({ type: 'one-cycle' }, 500)).toBeCloseTo(final, 12);
    for (const warmupShare of [0, 0.25, 0.5, 0.99]) {
      for (const totalSteps of [1, 2, 3, 4]) {
        for (let step = 0; step < totalSteps; step += 1) {
          const factor = factorAt({ type: 'one-cycle', warmupShare }, step, totalSteps);
          expect(factor, `step ${step} of ${totalSteps}`).toBeGreaterThan(0);
          expect(factor, `step ${step} of ${totalSteps}`).toBeLessThanOrEqual(1);
        }
      }
    }
  });

  it.each(withDefaults(catalogue.schedules.filter(({ options }) => options.includes(warmupOption))))(
    '$type rises linearly during warm-up and is itself afterwards',
    (component) => {
      const warmed = { ...component, warmupSteps: 4 };
      const shares = [0, 1, 2, 3, 4].map((step) => factorAt(warmed, step) / factorAt(component, step));
      [0.25, 0.5, 0.75, 1, 1].forEach((share, step) => expect(shares[step]).toBeCloseTo(share, 12));
    },
  );
});

describe('plateau', () => {
  const defaults = defaultComponent(plateau.description);

  function statesAfter(component: Component, losses: readonly number[]): ScheduleState[] {
    let state = initialScheduleState;
    return losses.map((loss) => (state = plateau.afterEpoch(component, state, loss)));
  }

  function factorsAfter(options: Omit<Component, 'type'>, losses: readonly number[]): number[] {
    const component: Component = { ...defaults, ...options };
    const progress = { step: 0, stepsPerEpoch: 10, totalSteps: 200 };
    return statesAfter(component, losses).map((state) =>
      scheduledFactor(plateau, component, progress, state),
    );
  }

  it('starts at the full rate and keeps it while the loss improves', () => {
    const progress = { step: 0, stepsPerEpoch: 10, totalSteps: 200 };
    expect(scheduledFactor(plateau, defaults, progress, initialScheduleState)).toBe(1);
    expect(factorsAfter({}, [5, 4, 3, 2, 1, 0.5, 0.4, 0.3])).toEqual([1, 1, 1, 1, 1, 1, 1, 1]);
  });

  it('halves the rate after each three epochs in a row without a better loss', () => {
    const losses = [1, 1.1, 1, 1.2, 1.3, 1.3, 1.3, 0.9, 1];
    expect(factorsAfter({}, losses)).toEqual([1, 1, 1, 0.5, 0.5, 0.5, 0.25, 0.25, 0.25]);
  });

  it('starts to count anew when the loss gets better', () => {
    expect(factorsAfter({ patience: 2 }, [1, 1.1, 0.9, 1, 0.8, 0.9, 0.9])).toEqual([1, 1, 1, 1, 1, 1, 0.5]);
  });

  it('takes a loss as better only by more than the least improvement', () => {
    expect(factorsAfter({ patience: 1, minimumDelta: 0.1 }, [1, 0.95, 0.89])).toEqual([1, 0.5, 0.5]);
  });

  it('never falls below its least share of the rate', () => {
    const factors = factorsAfter({ factor: 0.1, patience: 1, minimumShare: 0.02 }, [1, 1, 1, 1]);
    [1, 0.1, 0.02, 0.02].forEach((factor, epoch) => expect(factors[epoch]).toBeCloseTo(factor, 12));
  });

  it('can save its state as JSON at any time, the first one included', () => {
    const states = statesAfter(defaults, [1, 0.9, 0.95, 1, 1, 0.95]);
    for (const state of [initialScheduleState, ...states]) {
      expect(JSON.parse(JSON.stringify(state))).toEqual(state);
    }
  });

  it('leaves the state that it was given as it was', () => {
    const state = Object.freeze({ ...initialScheduleState });
    plateau.afterEpoch(defaults, state, 1);
    expect(state).toEqual(initialScheduleState);
  });
});
