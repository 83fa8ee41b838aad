// The golden numbers of tests/referee, made anew by the PyTorch of this machine.
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findPython } from '../../scripts/testing/findPython.mjs';
import { usableBuilds } from '../../src-main/engine/kernels/select.ts';
import { findDifferences } from '../referee/comparison.ts';
import { findMissing } from '../referee/coverage.ts';
import { goldenFolder, readGoldenCases, type GoldenCase } from '../referee/goldenCases.ts';
import { trainSteps } from '../referee/weftSide.ts';

const python = findPython('torch');
const script = join(import.meta.dirname, '../referee/referee.py');

describe.skipIf(python === undefined)('PyTorch, asked now', () => {
  let folder: string;
  let cases: GoldenCase[];
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'weft-referee-'));
    execFileSync(python ?? '', [script, folder], { stdio: 'pipe' });
    cases = readGoldenCases(folder);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('trains the very networks of the golden numbers (needs a Python with PyTorch)', () => {
    const questions = (all: readonly GoldenCase[]) =>
      all.map(({ name, shape, classCount, layers, optimizer, options, batches }) => ({
        ...{ name, shape, classCount, layers, optimizer, options },
        steps: batches.length,
      }));
    expect(questions(cases)).toEqual(questions(readGoldenCases(goldenFolder)));
  });

  it('arrives in ten steps at the losses and weights of Weft (needs a Python with PyTorch)', () => {
    const differences = cases
      .filter((golden) => findMissing(golden).length === 0)
      .flatMap((golden) =>
        usableBuilds().flatMap(({ name: kernels }) =>
          findDifferences(trainSteps(golden, kernels, 'at once'), golden).map(
            (difference) => `${golden.name}, ${kernels}: ${difference}`,
          ),
        ),
      );
    expect(differences).toEqual([]);
  });
});
