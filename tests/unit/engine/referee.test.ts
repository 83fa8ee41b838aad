import { describe, expect, it } from 'vitest';
import { usableBuilds } from '../../../src-main/engine/kernels/select.ts';
import { findDifferences } from '../../referee/comparison.ts';
import { findMissing, findUncovered } from '../../referee/coverage.ts';
import { goldenFolder, readGoldenCases } from '../../referee/goldenCases.ts';
import { trainSteps, waysOfAStep } from '../../referee/weftSide.ts';

const cases = readGoldenCases(goldenFolder);
const kernels = usableBuilds().map(({ name }) => name);

describe('ten steps give the losses, the weights and then the predictions of PyTorch:', () => {
  for (const golden of cases) {
    const missing = findMissing(golden);
    const reason = missing.length === 0 ? '' : ` (${missing.join(', ')})`;
    it.skipIf(missing.length > 0)(`${golden.name}${reason}`, () => {
      for (const name of kernels) {
        for (const way of waysOfAStep) {
          expect(findDifferences(trainSteps(golden, name, way), golden), `${name}, ${way}`).toEqual([]);
        }
      }
    });
  }
});

describe('the comparison with PyTorch', () => {
  it('is of fast kernels as well as of the reference', () => {
    expect(kernels).toEqual(expect.arrayContaining([expect.stringMatching(/^wasm/), 'reference']));
  });

  it('leaves out no layer, optimizer, activation or option of them or of the recipe that changes a step', () => {
    const trained = cases.filter((golden) => findMissing(golden).length === 0);
    expect(findUncovered(trained)).toEqual([]);
  });
});
