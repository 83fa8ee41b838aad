import { describe, expect, it } from 'vitest';
import { atTemperature, temperatureLimits } from '../../../../src-shared/metrics/calibration.ts';
import { calibrationFactsOf, fitModelTemperature } from '../../../../src-shared/metrics/temperatureFit.ts';

/** 70 % of the images are right at a probability of 0.7: calibrated as they are. */
const labels = Uint8Array.from({ length: 10 }, (_value, image) => (image < 7 ? 0 : 1));
const honest = Float32Array.from({ length: 20 }, (_value, index) => (index % 2 === 0 ? 0.7 : 0.3));
const tooSure = { probabilities: atTemperature(honest, 2, 0.5), labels, classCount: 2, temperature: null };

describe('the temperature of a model', () => {
  it('that is too sure makes its loss least and its error none', () => {
    const before = calibrationFactsOf(tooSure);
    const after = fitModelTemperature(tooSure);
    expect(before.calibrationError).toBeGreaterThan(0.1);
    expect(after.temperature).toBeCloseTo(2, 5);
    expect(after.calibrationError).toBeCloseTo(0, 5);
    expect(after.loss).toBeCloseTo(-(0.7 * Math.log(0.7) + 0.3 * Math.log(0.3)), 5);
    expect(after.loss).toBeLessThan(before.loss);
  });

  it('includes the one that it has already', () => {
    expect(fitModelTemperature({ ...tooSure, temperature: 3 }).temperature).toBeCloseTo(6, 5);
  });

  it('stays within its limits, and what it would give is that of the temperature within them', () => {
    const after = fitModelTemperature({ ...tooSure, temperature: temperatureLimits.maximum });
    expect(after).toMatchObject(calibrationFactsOf({ ...tooSure, temperature: temperatureLimits.maximum }));
  });
});
