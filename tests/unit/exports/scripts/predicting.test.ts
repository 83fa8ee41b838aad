import { beforeAll, describe, expect, it } from 'vitest';
import { findPython } from '../../../../scripts/testing/findPython.mjs';
import type { Framework } from '../../../../src-main/exports/scripts/scriptSource.ts';
import { layersWithoutCase, networkCases } from '../../../python/scriptCases.ts';
import { largestDifference, predictInPython, type PredictedInPython } from '../../../python/scriptRuns.ts';
import { predictCase, type PredictedCase } from '../../../python/weftSide.ts';

/** What is promised: float32 made in two orders of the same sums is closer. */
const tolerance = 1e-5;
/** Starting a Python with PyTorch takes seconds on a busy machine. */
const timeoutMs = 120_000;

const cases = [
  ...networkCases.map(({ name, layers }) => ({ name, layers, channels: 1 })),
  ...networkCases.map(({ name, layers }) => ({ name: `${name}, of colours`, layers, channels: 3 })),
];

const numpy = findPython('numpy');
const programs: Record<Framework, { python: string | undefined; reason: string }> = {
  numpy: { python: numpy, reason: 'needs a Python with NumPy' },
  pytorch: { python: findPython('torch'), reason: 'needs a Python with NumPy and PyTorch' },
  // The stand-in for Keras (tests/python/keras) is of NumPy.
  keras: { python: numpy, reason: 'needs a Python with NumPy; Keras is a stand-in' },
};

describe('exported scripts', () => {
  let predicted: PredictedCase[];
  beforeAll(async () => {
    predicted = await Promise.all(cases.map(({ layers, channels }) => predictCase(layers, channels)));
  }, timeoutMs);

  for (const framework of ['numpy', 'pytorch', 'keras'] as const) {
    const { python, reason } = programs[framework];
    describe.skipIf(python === undefined)(`in ${framework} (${reason})`, () => {
      let own: PredictedInPython[];
      beforeAll(() => {
        own = predictInPython(
          python ?? '',
          predicted.map(({ archive }) => archive(framework)),
        );
      }, timeoutMs);

      it('predict what Weft predicts, with every layer and every activation', () => {
        const distances = cases.map(({ name }, index) => {
          const distance = largestDifference(own[index]!.probabilities, predicted[index]!.probabilities);
          return { name, distance };
        });
        expect(distances.filter(({ distance }) => distance > tolerance)).toEqual([]);
      });

      it('are clean Python that has nothing it does not use', () => {
        expect([...new Set(own.flatMap(({ problems }) => problems))]).toEqual([]);
      });
    });
  }

  it('are compared with Weft on every layer of the catalogue', () => {
    expect(layersWithoutCase).toEqual([]);
  });
});
