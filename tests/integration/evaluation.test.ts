// What the built command line says of a model, beside what the page works out from the core's answer.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApp } from '../../src-main/app/app.ts';
import { openSettingsStore } from '../../src-main/app/settingsStore.ts';
import { decodeModel } from '../../src-main/runs/modelFile.ts';
import { forkTraining } from '../../src-main/training/forkChannel.ts';
import { evaluatedImagesOf } from '../../src-renderer/state/evaluatedImages.ts';
import { runProgram } from '../program.ts';

const trainingProgram = resolve(import.meta.dirname, '../../out/main/training.js');
const isFashionThere = existsSync('/usr/share/datasets/fashion-mnist/train-images-idx3-ubyte.gz');
/** Probabilities made at another temperature are rounded as float32 twice over; losses are means of their logarithms. */
const float32Tolerance = 1e-5;
/** Two images beside a bin's border may fall to its other side by such a rounding: one of 1,200 moves the error by so much. */
const calibrationTolerance = 2e-3;

let folder = '';
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'weft-evaluation-'));
  const train = 'train --dataset strokes --epochs 1 --seed 7 --preset'.split(' ');
  await weft(...train, 'keras-split', '--run-id', 'split', '--save', 'split.safetensors');
  await weft(...train, 'keras-notebook', '--run-id', 'notebook');
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const run = (...args: string[]) =>
  runProgram('cli.js', args, { cwd: folder, environment: { WEFT_DATA_DIR: join(folder, 'data') } });

/** The last JSON object that the command prints. */
async function weft(...args: string[]): Promise<Record<string, unknown>> {
  const { status, stdout, stderr } = await run(...args, '--json');
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as Record<string, unknown>;
}

describe('evaluate --json', () => {
  it.each(['validation', 'test'] as const)(
    'gives the numbers that the page shows of the %s images',
    async (split) => {
      const printed = await weft('evaluate', 'split', '--dataset', 'strokes', '--split', split);
      const app = await createApp({
        host: 'browser',
        version: '0.1.0',
        dataDirectory: join(folder, 'data'),
        isReadOnly: true,
        openSettings: openSettingsStore,
        spawnTraining: () => forkTraining(trainingProgram),
      });
      const model = { kind: 'run', runId: 'split' } as const;
      const shown = evaluatedImagesOf(
        await app.handlers['model.evaluate']({ model, datasetId: 'strokes', split }),
      );
      await app.close();
      expect(printed).toEqual({
        event: 'evaluated',
        dataset: 'strokes',
        split,
        images: shown.count,
        loss: shown.loss,
        accuracy: shown.accuracy,
        temperature: shown.temperature,
        top2Accuracy: shown.top2Accuracy,
        top3Accuracy: shown.top3Accuracy,
        calibrationError: shown.calibration.expectedError,
        reliability: shown.calibration.bins,
        classes: shown.classes,
        confusionMatrix: shown.matrix,
        report: shown.report,
      });
    },
  );
});

describe('calibrate', () => {
  interface Facts {
    temperature: number | null;
    loss: number;
    calibrationError: number;
  }
  const measure = (model: string): Promise<Record<string, unknown>> =>
    weft('evaluate', model, '--dataset', 'strokes', '--split', 'validation');

  it('shows what a temperature would give a run, then stores it, and takes it away again', async () => {
    const plain = await measure('split');
    const dry = await weft('calibrate', 'split', '--dry-run');
    const [before, after] = [dry['before'] as Facts, dry['after'] as Facts];
    expect(dry).toMatchObject({ event: 'calibrated', dataset: 'strokes', split: 'validation', images: 1200 });
    const { loss, calibrationError, confusionMatrix } = plain;
    expect(before).toEqual({ temperature: null, loss, calibrationError });
    expect(after.loss).toBeLessThan(before.loss);
    expect(await measure('split')).toEqual(plain);

    expect(await weft('calibrate', 'split')).toEqual({ ...dry, isStored: true });
    const cooled = await measure('split');
    expect(cooled).toMatchObject({ temperature: after.temperature, confusionMatrix });
    expect(Math.abs(Number(cooled['loss']) - after.loss)).toBeLessThan(float32Tolerance);
    const error = Number(cooled['calibrationError']);
    expect(Math.abs(error - after.calibrationError)).toBeLessThan(calibrationTolerance);

    expect(await weft('calibrate', 'split', '--remove')).toMatchObject({ before: after.temperature });
    expect(await measure('split')).toEqual(plain);
  });

  it('gives the file of the same weights the same temperature, and changes nothing else in it', async () => {
    const file = join(folder, 'split.safetensors');
    const before = readFileSync(file);
    const ofRun = await weft('calibrate', 'split', '--dry-run');
    expect(await weft('calibrate', file)).toEqual({ ...ofRun, isStored: true });
    expect(decodeModel(readFileSync(file), file).temperature).toBe((ofRun['after'] as Facts).temperature);
    await weft('calibrate', file, '--remove');
    expect(readFileSync(file).equals(before)).toBe(true);
  });

  it('refuses a model that was validated on the test images', async () => {
    const { status, stdout, stderr } = await run('calibrate', 'notebook');
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toContain('was validated on the test images');
  });
});

describe('a model on a data set of other classes', () => {
  it.skipIf(!isFashionThere).each([
    ['evaluate', 'split'],
    ['errors', 'split.safetensors'],
  ])(
    'is refused by %s in a sentence that names the class (needs the package dataset-fashion-mnist)',
    async (command, model) => {
      const { status, stderr } = await run(command, model, '--dataset', 'fashion-mnist');
      expect(status).toBe(1);
      expect(stderr).toMatch(/Class 0 of ".+" is "0", but class 0 of Fashion-MNIST is "T-shirt\/top"\./);
      expect(stderr).toContain('Choose a dataset with the classes that the model was trained on');
    },
  );
});
