import { describe, expect, it } from 'vitest';
import { catalogue, choose, optimizers } from '../../../src-main/engine/catalogue.ts';
import { maximumConstants } from '../../../src-main/engine/optimizers/optimizer.ts';
import type { Component } from '../../../src-shared/schemas/component.ts';

/** The formulas of the papers on one parameter, step after step, written without the engine. */
const gradients = [0.7, -0.3, 0.05, 2.5, 0, -1.1, 0.4, 0.4];
const rate = 0.05;
const start = 0.8;

/** Both sides are float64 and differ in the order of a few operations only. */
const digits = 12;

function weightsOf(component: Component): number[] {
  const chosen = choose(optimizers, component, 'optimizer');
  const constants = new Float64Array(maximumConstants);
  const weights = new Float64Array([start]);
  const slots = chosen.entry.slots.map(() => new Float64Array(1));
  return gradients.map((gradient, index) => {
    chosen.entry.writeConstants(chosen.component, index + 1, rate, constants);
    chosen.entry.update(constants, weights, new Float64Array([gradient]), slots, 0, 1);
    return weights[0]!;
  });
}

function expectWeights(
  component: Component,
  next: (weight: number, gradient: number, step: number) => number,
): void {
  let weight = start;
  const actual = weightsOf(component);
  gradients.forEach((gradient, index) => {
    weight = next(weight, gradient, index + 1);
    expect(actual[index], `step ${index + 1}`).toBeCloseTo(weight, digits);
  });
}

/** Kingma and Ba, algorithm 1, with the corrected moments spelled out. */
function adamStep(beta1: number, beta2: number, epsilon: number): (gradient: number, step: number) => number {
  let [first, second] = [0, 0];
  return (gradient, step) => {
    first = beta1 * first + (1 - beta1) * gradient;
    second = beta2 * second + (1 - beta2) * gradient ** 2;
    const [corrected, correctedSquare] = [first / (1 - beta1 ** step), second / (1 - beta2 ** step)];
    return (rate * corrected) / (Math.sqrt(correctedSquare) + epsilon);
  };
}

describe('each optimizer follows its formula step by step:', () => {
  it('gradient descent', () => {
    expectWeights({ type: 'gradient-descent' }, (weight, gradient) => weight - rate * gradient);
  });

  it('momentum', () => {
    let velocity = 0;
    expectWeights({ type: 'momentum', momentum: 0.8 }, (weight, gradient) => {
      velocity = 0.8 * velocity + gradient;
      return weight - rate * velocity;
    });
  });

  it('Nesterov momentum, as descent from the point where the velocity leads', () => {
    // With lookahead = w - rate * momentum * v, the gradient there is what the engine is given at its own weights.
    let velocity = 0;
    let position = start;
    expectWeights({ type: 'nesterov', momentum: 0.8 }, (_lookahead, gradient) => {
      velocity = 0.8 * velocity + gradient;
      position -= rate * velocity;
      return position - rate * 0.8 * velocity;
    });
  });

  it('RMSProp', () => {
    let meanSquare = 0;
    expectWeights({ type: 'rmsprop', decay: 0.7, epsilon: 1e-6 }, (weight, gradient) => {
      meanSquare = 0.7 * meanSquare + 0.3 * gradient ** 2;
      return weight - (rate * gradient) / (Math.sqrt(meanSquare) + 1e-6);
    });
  });

  it('Adam', () => {
    const step = adamStep(0.85, 0.95, 1e-6);
    const component = { type: 'adam', beta1: 0.85, beta2: 0.95, epsilon: 1e-6 };
    expectWeights(component, (weight, gradient, index) => weight - step(gradient, index));
  });

  it('AdamW, whose decay does not pass through the moments', () => {
    const step = adamStep(0.9, 0.999, 1e-8);
    const component = { type: 'adamw', weightDecay: 0.2 };
    expectWeights(
      component,
      (weight, gradient, index) => weight - rate * 0.2 * weight - step(gradient, index),
    );
  });

  it('Adagrad', () => {
    let squareSum = 0;
    expectWeights({ type: 'adagrad', epsilon: 1e-6 }, (weight, gradient) => {
      squareSum += gradient ** 2;
      return weight - (rate * gradient) / (Math.sqrt(squareSum) + 1e-6);
    });
  });

  it('Lion, whose steps are of one size whatever the gradient, and whose decay does not pass through the mean', () => {
    let mean = 0;
    const component = { type: 'lion', beta1: 0.8, beta2: 0.95, weightDecay: 0.2 };
    expectWeights(component, (weight, gradient) => {
      const direction = 0.8 * mean + 0.2 * gradient;
      mean = 0.95 * mean + 0.05 * gradient;
      return weight - rate * (Math.sign(direction) + 0.2 * weight);
    });
  });

  it('and every one in the catalogue has its test above', () => {
    const tested = [
      'adagrad',
      'adam',
      'adamw',
      'gradient-descent',
      'lion',
      'momentum',
      'nesterov',
      'rmsprop',
    ];
    expect(catalogue.optimizers.map(({ type }) => type).toSorted()).toEqual(tested);
  });
});

describe('Lion', () => {
  it('moves no weight whose gradient was always 0', () => {
    const chosen = choose(optimizers, { type: 'lion' }, 'optimizer');
    const constants = new Float64Array(maximumConstants);
    const weights = new Float64Array([start]);
    chosen.entry.writeConstants(chosen.component, 1, rate, constants);
    chosen.entry.update(constants, weights, new Float64Array(1), [new Float64Array(1)], 0, 1);
    expect(weights[0]).toBe(start);
  });
});

describe('the moments', () => {
  it.each(optimizers)(
    'of $description.type are never subnormal after gradients end',
    ({ description, ...optimizer }) => {
      const chosen = choose(optimizers, { type: description.type }, 'optimizer');
      const constants = new Float64Array(maximumConstants);
      const weights = new Float32Array([1]);
      const slots = optimizer.slots.map(() => new Float32Array(1));
      const smallestNormal = 2 ** -126;
      let subnormal = 0;
      for (let step = 1; step <= 3000; step += 1) {
        const gradient = new Float32Array([step === 1 ? 1e-3 : 0]);
        chosen.entry.writeConstants(chosen.component, step, 1e-3, constants);
        chosen.entry.update(constants, weights, gradient, slots, 0, 1);
        subnormal += slots.filter(([moment]) => moment !== 0 && Math.abs(moment!) < smallestNormal).length;
      }
      expect(subnormal).toBe(0);
    },
  );
});
