import { describe, expect, it } from 'vitest';
import { catalogue, choose, schedules } from '../../../src-main/engine/catalogue.ts';
import { scheduledFactor } from '../../../src-main/engine/schedules/schedule.ts';
import type { Component } from '../../../src-shared/schemas/component.ts';
import { withDefaults } from './samples.ts';

/** 20 epochs of 10 steps. */
function factorAt(component: Component, step: number): number {
  const chosen = choose(schedules, component, 'schedule');
  return scheduledFactor(chosen.entry, chosen.component, { step, stepsPerEpoch: 10, totalSteps: 200 });
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

  it.each(withDefaults(catalogue.schedules))(
    '$type rises linearly during warm-up and is itself afterwards',
    (component) => {
      const warmed = { ...component, warmupSteps: 4 };
      const shares = [0, 1, 2, 3, 4].map((step) => factorAt(warmed, step) / factorAt(component, step));
      [0.25, 0.5, 0.75, 1, 1].forEach((share, step) => expect(shares[step]).toBeCloseTo(share, 12));
    },
  );
});
