import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findPython } from '../../../scripts/testing/findPython.mjs';
import { noAugmentation } from '../../../src-shared/schemas/recipe.ts';

const root = join(import.meta.dirname, '../../..');
const python = findPython('torch');

/** The fewest images of the size that the recipes are for, as IDX files. */
function writeImages(folder: string, count: number): void {
  const pixels = Buffer.alloc(16 + count * 784, 100);
  const labels = Buffer.from(Array.from({ length: 8 + count }, (_, index) => index % 10));
  writeFileSync(join(folder, 'train-images-idx3-ubyte'), pixels);
  writeFileSync(join(folder, 'train-labels-idx1-ubyte'), labels);
}

describe.skipIf(python === undefined)("PyTorch's side of the accuracy benchmark (needs PyTorch)", () => {
  const plain = {
    layers: [{ type: 'dense', units: 128, activation: 'relu' }],
    optimizer: { type: 'adam', learningRate: 0.001 },
    penalties: { l1: 0, l2: 0 },
    batchSize: 32,
    validation: { type: 'stratified', fraction: 0.1 },
  };
  const everything = {
    ...plain,
    layers: [
      { type: 'convolution', filters: 4 },
      { type: 'batch-norm' },
      { type: 'activation', activation: 'relu' },
      { type: 'max-pooling' },
      { type: 'dropout' },
      { type: 'flatten' },
      { type: 'dense', units: 6 },
      { type: 'prelu' },
    ],
    optimizer: { type: 'lion' },
    penalties: { l1: 0.001, l2: 0.001 },
    labelSmoothing: 0.1,
    classWeights: 'balanced',
    mixup: 0.2,
    augmentation: { ...noAugmentation, horizontalFlip: true },
    clipping: { norm: 1, value: 0.5 },
    maxNorm: 2,
    weightAveraging: { decay: 0.99 },
    batchSize: 'full',
  };

  const run = (recipe: object): { stdout: string; stderr: string; status: number | null } => {
    const folder = mkdtempSync(join(tmpdir(), 'weft-torch-recipe-'));
    try {
      writeImages(folder, 100);
      const options = ['--threads', '1', '--steps', '3', '--least-seconds', '0'];
      return spawnSync(python ?? '', ['tests/bench/torch_recipe.py', folder, ...options], {
        cwd: root,
        encoding: 'utf8',
        input: JSON.stringify(recipe),
      });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  };

  it.each([
    ['a plain recipe', plain, 784 * 128 + 128 + 128 * 10 + 10, 0],
    ['every option', everything, 4 * 9 + 4 + 8 + (4 * 14 * 14 + 1) * 6 + 6 + 6 * 10 + 10, 8],
  ])(
    'trains the same parameters with %s and tells the seconds of an epoch',
    (_name, recipe, parameters, statistics) => {
      const { stdout, stderr } = run(recipe);
      expect(stderr).toBe('');
      const results = stdout
        .trim()
        .split('\n')
        .map((line): unknown => JSON.parse(line));
      for (const result of results) expect(result).toMatchObject({ steps: 3, parameters, statistics });
    },
  );

  it('refuses augmentation that it lacks, whose seconds would be too few', () => {
    const augmentation = { ...noAugmentation, horizontalFlip: true, rotation: 10, noise: 0.1 };
    const { stdout, stderr, status } = run({ ...plain, augmentation });
    expect([stdout, status]).toEqual(['', 1]);
    expect(stderr).toContain('has flips alone, not noise, rotation');
  });
});
