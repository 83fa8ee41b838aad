import { describe, expect, it } from 'vitest';
import { placeLayers, placeWhatFits } from '../../../src-main/engine/architecture.ts';
import { catalogue } from '../../../src-main/engine/catalogue.ts';
import { createExplainer } from '../../../src-main/engine/explainer.ts';
import { createPredictor } from '../../../src-main/engine/predictor.ts';
import type { Architecture, NamedTensor } from '../../../src-main/engine/types.ts';
import { describeTensors } from '../../../src-main/engine/tensors.ts';
import { defaultComponent } from '../../../src-shared/components.ts';
import { Random } from '../../../src-shared/random.ts';
import type { Component } from '../../../src-shared/schemas/component.ts';
import { bandedImages, smallClassCount, smallShape } from './samples.ts';

/** Half the distance of a central difference, in steps of a pixel's byte. */
const difference = 4;
/** Rounding of float32 logits over that distance, some 1e-4, and the error of the difference, some 1e-3. */
const tolerance = 3e-3;
/** Where the differences to both sides differ by more, a kink lies between: of a maximum, or of a PReLU. */
const kink = 0.01;
/** Float32 logits and probabilities. */
const probabilityTolerance = 1e-5;

const workerProgram = new URL('file:///no-worker-is-needed-for-one-thread.js');
/** Smooth, so that central differences say the truth; larger defaults are cut down. */
const changes = { activation: 'tanh', units: 6, filters: 3 } as const;

function smooth(component: Component): Component {
  const known = Object.entries(changes).filter(([option]) => option in component);
  return { ...component, ...Object.fromEntries(known) };
}

/** Weights of some size; variances that are variances. */
function randomTensors(architecture: Architecture): NamedTensor[] {
  const random = Random.fromSeed(5, 'explainer');
  return describeTensors(architecture).map(({ name, shape }) => ({
    name,
    shape,
    data: Float32Array.from({ length: shape.reduce((product, size) => product * size, 1) }, () =>
      name.endsWith('running_var') ? random.uniform(0.5, 2) : random.uniform(-0.5, 0.5),
    ),
  }));
}

const { pixels } = bandedImages(1, 8);
const architectureOf = (layers: readonly Component[]): Architecture => ({
  shape: smallShape,
  classCount: smallClassCount,
  layers,
});
/** Each kind of layer after a convolution, so that it gets channels, and before a dense one. */
const cases = catalogue.layers
  .map((description) => defaultComponent(description))
  .map((layer) => ({
    type: layer.type,
    layers: [
      smooth({ ...defaultComponent(catalogue.layers.find(({ type }) => type === 'convolution')!) }),
      smooth(layer),
      { type: 'flatten' },
      { type: 'dense', units: 5, activation: 'tanh' },
    ],
  }))
  .filter(({ layers }) => placeWhatFits(architectureOf(layers)).problem === null);

describe('the explainer', () => {
  it('is tried on every kind of layer', () => {
    expect(cases.map(({ type }) => type)).toEqual(catalogue.layers.map(({ type }) => type));
  });

  it.each(cases)(
    'gives the gradient by each pixel of what the network predicts, through $type',
    ({ layers }) => {
      const architecture = architectureOf(layers);
      const explainer = createExplainer(architecture, randomTensors(architecture));
      const lead = (image: Uint8Array): number => {
        const { logits } = explainer.explain(image, 2, 0);
        return logits[2]! - logits[0]!;
      };
      const { gradient } = explainer.explain(pixels, 2, 0);
      expect(Math.max(...gradient.map(Math.abs))).toBeGreaterThan(3 * tolerance);
      const here = lead(pixels);
      let compared = 0;
      for (let pixel = 0; pixel < pixels.length; pixel += 1) {
        const slopeTo = (step: number): number => {
          const moved = pixels.slice();
          const level = Math.min(255, Math.max(0, pixels[pixel]! + step));
          const distance = level - pixels[pixel]!;
          moved[pixel] = level;
          return distance === 0 ? NaN : (255 * (lead(moved) - here)) / distance;
        };
        const [up, down] = [slopeTo(difference), slopeTo(-difference)];
        if (!(Math.abs(up - down) < kink)) continue;
        compared += 1;
        expect(Math.abs(gradient[pixel]! - (up + down) / 2), `pixel ${pixel}`).toBeLessThan(tolerance);
      }
      expect(compared).toBeGreaterThan(pixels.length / 3);
    },
  );

  it.each(cases)('sees what the network predicts with, layer by layer, with $type', async ({ layers }) => {
    const architecture = architectureOf(layers);
    const tensors = randomTensors(architecture);
    const predictor = await createPredictor({ architecture, tensors, threads: 1, workerProgram });
    const index = Uint32Array.of(0);
    const probabilities = predictor.predict(pixels, index);
    const hidden = predictor.predictHidden(pixels, index);
    await predictor.close();
    const explained = createExplainer(architecture, tensors).explain(pixels, 0, 1);
    const powers = explained.logits.map(Math.exp);
    const sum = powers.reduce((total, power) => total + power, 0);
    powers.forEach((power, one) => {
      expect(Math.abs(power / sum - probabilities[one]!)).toBeLessThan(probabilityTolerance);
    });
    const shapes = placeLayers(architecture).map(({ outputShape }) => [...outputShape]);
    expect(explained.layers.map(({ shape }) => shape)).toEqual(shapes.slice(0, -1));
    expect(predictor.features).toBe(5);
    const last = explained.layers.at(-1)!.values;
    expect(last).toHaveLength(5);
    last.forEach((value, unit) => expect(Math.abs(value - hidden[unit]!)).toBeLessThan(probabilityTolerance));
  });
});
