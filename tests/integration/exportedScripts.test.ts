// Exported scripts as a person runs them: unpacked, by their names, on the images they were trained on.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findPython } from '../../scripts/testing/findPython.mjs';
import { defaultPreset } from '../../src-shared/presets.ts';
import { largestDifference } from '../python/scriptRuns.ts';
import { runProgram } from '../program.ts';

/** What is promised of ten steps in float32. */
const lossTolerance = 1e-4;
const steps = 10;

const frameworks = {
  numpy: { python: findPython('numpy'), reason: 'needs a Python with NumPy' },
  pytorch: { python: findPython('torch'), reason: 'needs a Python with NumPy and PyTorch' },
};

const recipe = {
  ...defaultPreset.recipe,
  name: 'for scripts',
  layers: [
    { type: 'convolution', filters: 6, kernel: 5, stride: 2, padding: 0, activation: 'linear' },
    { type: 'batch-norm' },
    { type: 'activation', activation: 'gelu' },
    { type: 'dropout', rate: 0.2 },
  ],
  batchSize: 100,
  epochs: 1,
  augmentation: { horizontalFlip: true, rotation: 10 },
  mixup: 0.2,
};

let folder = '';
const weft = (...args: string[]) =>
  runProgram('cli.js', args, { cwd: folder, environment: { WEFT_DATA_DIR: join(folder, 'data') } });

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'weft-exported-scripts-'));
  writeFileSync(join(folder, 'recipe.json'), JSON.stringify(recipe));
  const { status, stderr } = await weft('train', '--config', 'recipe.json', '--dataset', 'strokes');
  expect(status, stderr).toBe(0);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function runId(): Promise<string> {
  const { stdout } = await weft('runs', '--json');
  return (JSON.parse(stdout.split('\n')[0]!) as { id: string }).id;
}

/** The losses that the run's history has of its first steps. */
function lossesOf(id: string): number[] {
  const lines = readFileSync(join(folder, 'data', 'runs', id, 'history.ndjson'), 'utf8')
    .trimEnd()
    .split('\n');
  return lines
    .map((line) => JSON.parse(line) as { step?: number; loss?: number })
    .flatMap(({ step, loss }) => (step !== undefined && step <= steps ? [loss ?? NaN] : []));
}

/** The export of the run, unpacked by Python itself; the folder that was in it. */
async function unpack(python: string, id: string, format: string): Promise<string> {
  const { status, stderr } = await weft(
    'export',
    id,
    '--format',
    format,
    '--examples',
    '--out',
    `${format}.zip`,
  );
  expect(status, stderr).toBe(0);
  execFileSync(python, ['-m', 'zipfile', '-e', `${format}.zip`, '.'], { cwd: folder });
  return join(folder, `for-scripts-${format}`);
}

for (const [format, { python = '', reason }] of Object.entries(frameworks)) {
  describe.skipIf(python === '')(`scripts exported for ${format} (${reason})`, () => {
    let id: string;
    let scripts: string;
    const run = (...args: string[]) => spawnSync(python, args, { cwd: scripts, encoding: 'utf8' });
    beforeAll(async () => {
      id = await runId();
      scripts = await unpack(python, id, format);
    });

    it('find that they predict what Weft does', () => {
      const { status, stdout, stderr } = run('predict.py', '--check', 'examples.npz');
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      expect(stdout).toMatch(/^256 images: largest difference \S+, 256 of the same class\n$/);
    });

    it('name the class of every image of a file', () => {
      const { status, stdout } = run('predict.py', 'data/t10k-images-idx3-ubyte');
      expect(status).toBe(0);
      expect(stdout.split('\n')[0]).toMatch(/^data\/t10k-images-idx3-ubyte 0: \d [01]\.\d{4}$/);
    });

    it('train again with the losses of the run, on the images in the archive', () => {
      const { status, stderr } = run('train.py', '--steps', String(steps), '--log', 'steps.csv');
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      const [head, ...rows] = readFileSync(join(scripts, 'steps.csv'), 'utf8').trimEnd().split(/\r?\n/);
      const column = (head ?? '').split(',').indexOf('loss');
      const losses = rows.map((row) => Number(row.split(',')[column]));
      expect(losses).toHaveLength(steps);
      expect(largestDifference(losses, lossesOf(id))).toBeLessThan(lossTolerance);
    });

    it('refuse other images than those of the run, saying so', () => {
      const labels = join(scripts, 'data', 'train-labels-idx1-ubyte');
      const bytes = readFileSync(labels);
      writeFileSync(
        labels,
        bytes.map((byte, index) => (index === 8 ? (byte + 1) % 10 : byte)),
      );
      const { status, stderr } = run('train.py', '--steps', '1');
      writeFileSync(labels, bytes);
      expect(status).toBe(2);
      expect(stderr).toContain('are not the Strokes that the network was trained on');
    });
  });
}
