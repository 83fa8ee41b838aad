// The golden numbers of tests/metrics, made anew by the scikit-learn of this machine.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findPython } from '../../scripts/testing/findPython.mjs';
import { goldenMetrics, parseGoldenMetrics } from '../metrics/golden.ts';
import { findMetricDifferences } from '../metrics/weftSide.ts';

const python = findPython('sklearn');
const script = join(import.meta.dirname, '../metrics/reference.py');

describe.skipIf(python === undefined)('scikit-learn, asked now', () => {
  it('gives the report and the top-k accuracies that Weft gives (needs a Python with scikit-learn)', () => {
    const asked = parseGoldenMetrics(execFileSync(python ?? '', [script], { encoding: 'utf8' }));
    expect(asked.classifications.map((one) => one.name)).toEqual(
      goldenMetrics.classifications.map((one) => one.name),
    );
    expect(findMetricDifferences(asked)).toEqual([]);
  });
});
