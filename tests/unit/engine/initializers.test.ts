import { describe, expect, it } from 'vitest';
import { choose, initializers } from '../../../src-main/engine/catalogue.ts';
import { Random } from '../../../src-shared/random.ts';
import type { Component } from '../../../src-shared/schemas/component.ts';

const fans = { fanIn: 300, fanOut: 100 };
const count = 40_000;
/** The deviation of 40,000 numbers varies by 0.35 % (normal) at most: four times that. */
const relativeTolerance = 0.015;

function sample(component: Component): number[] {
  const chosen = choose(initializers, component, 'initializer');
  const draw = chosen.entry.sampler(chosen.component, fans, Random.fromSeed(4, 'test'));
  return Array.from({ length: count }, draw);
}

const uniformDeviation = (limit: number): number => limit / Math.sqrt(3);

describe('the initializer', () => {
  it.each([
    { component: { type: 'he-normal' }, deviation: Math.sqrt(2 / 300), limit: Infinity },
    {
      component: { type: 'he-uniform' },
      deviation: uniformDeviation(Math.sqrt(6 / 300)),
      limit: Math.sqrt(6 / 300),
    },
    { component: { type: 'glorot-normal' }, deviation: Math.sqrt(2 / 400), limit: Infinity },
    {
      component: { type: 'glorot-uniform' },
      deviation: uniformDeviation(Math.sqrt(6 / 400)),
      limit: Math.sqrt(6 / 400),
    },
    { component: { type: 'normal', deviation: 0.3 }, deviation: 0.3, limit: Infinity },
    { component: { type: 'uniform', limit: 0.2 }, deviation: uniformDeviation(0.2), limit: 0.2 },
    { component: { type: 'uniform' }, deviation: uniformDeviation(0.5), limit: 0.5 },
  ])('$component draws with mean 0 and its deviation', ({ component, deviation, limit }) => {
    const values = sample(component);
    const mean = values.reduce((sum, value) => sum + value, 0) / count;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / count;
    expect(Math.abs(mean)).toBeLessThan((4 * deviation) / Math.sqrt(count));
    expect(Math.abs(Math.sqrt(variance) / deviation - 1)).toBeLessThan(relativeTolerance);
    expect(values.filter((value) => Math.abs(value) > limit)).toEqual([]);
  });

  it('zeros gives zeros', () => {
    expect(new Set(sample({ type: 'zeros' }))).toEqual(new Set([0]));
  });
});
