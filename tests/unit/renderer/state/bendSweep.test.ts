import { describe, expect, it } from 'vitest';
import { changedStretches, curvePath } from '../../../../src-renderer/screens/try/bendCurve.ts';
import { describeBreaks, formatBend } from '../../../../src-renderer/screens/try/bendText.ts';
import { sweepImages, sweepOf } from '../../../../src-renderer/state/bendSweep.ts';
import { bendImage, noBend } from '../../../../src-shared/preprocessing/bend.ts';
import { predictionsPerRequest } from '../../../../src-shared/contract.ts';

const image = {
  height: 28,
  width: 28,
  channels: 1,
  pixels: Uint8Array.from({ length: 784 }, (_value, at) => (at * 7) % 256),
};

describe('a slider’s whole range', () => {
  it('is the image at each position, the other sliders where they are, in one request', () => {
    const bend = { ...noBend, rotation: 30 };
    const { positions, pixels } = sweepImages(image, bend, 'shiftX');
    expect([positions[0], positions.at(-1), positions.length]).toEqual([-14, 14, 57]);
    expect(positions.length).toBeLessThan(predictionsPerRequest);
    expect(pixels.subarray(3 * 784, 4 * 784)).toEqual(bendImage(image, { ...bend, shiftX: -12.5 }).pixels);
  });

  it('says where the answer to the unbent image is no longer given, and how likely it is everywhere', () => {
    const predicted = Float32Array.of(0.75, 0.25, 0.25, 0.75, 0, 1, 0.625, 0.375);
    const sweep = sweepOf('shiftX', [-1, 0, 1, 2], predicted, 1);
    expect([...sweep.probabilities]).toEqual([0.25, 0.75, 1, 0.375]);
    expect(sweep.breaks).toEqual({ below: -1, above: 2 });
    expect(curvePath(sweep)).toBe('M0.0000 0.7500L0.3333 0.2500L0.6667 0.0000L1.0000 0.6250');
    const stretches = changedStretches(sweep).map(({ from, to }) => [from.toFixed(3), to.toFixed(3)]);
    expect(stretches).toEqual([
      ['0.000', '0.167'],
      ['0.833', '1.000'],
    ]);
  });

  it('draws neighbouring positions with another answer as one stretch', () => {
    const predicted = Float32Array.of(0, 1, 1, 0, 1, 0, 0, 1, 1, 0);
    const sweep = sweepOf('shiftX', [-2, -1, 0, 1, 2], predicted, 1);
    expect(changedStretches(sweep)).toEqual([
      { from: 0.125, to: 0.625 },
      { from: 0.875, to: 1 },
    ]);
  });

  it('is told in words', () => {
    expect(formatBend('shiftX', -4.5)).toBe('−4.5 px');
    expect(formatBend('rotation', 30)).toBe('+30°');
    expect(formatBend('scale', 1)).toBe('100 %');
    expect(describeBreaks('rotation', { below: -40, above: 25 }, '7')).toBe(
      'No longer 7 at −40° and at +25°.',
    );
    expect(describeBreaks('scale', { below: 0.65, above: null }, '7')).toBe('No longer 7 at 65 %.');
    expect(describeBreaks('scale', { below: null, above: null }, 'Bag')).toBe('Bag over the whole range.');
    expect(describeBreaks('shiftX', { below: 0, above: 0 }, '7')).toMatch(/^The other sliders/);
  });
});
