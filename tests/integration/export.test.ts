import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeNpz } from '../../src-main/formats/npz.ts';
import { exportFormats } from '../../src-shared/exportFormats.ts';
import { onnxRunTolerance, runOnnx } from '../onnxRuntime.ts';
import { runProgram } from '../program.ts';

let folder = '';
const weft = (...args: string[]) =>
  runProgram('cli.js', args, { cwd: folder, environment: { WEFT_DATA_DIR: join(folder, 'data') } });

const recipe = {
  name: 'small network',
  layers: [
    { type: 'convolution', filters: 4, kernel: 5, stride: 3, padding: 0, activation: 'silu' },
    { type: 'batch-norm' },
    { type: 'flatten' },
  ],
  initializer: { type: 'he-uniform' },
  biasInitializer: { type: 'zeros' },
  optimizer: { type: 'adam' },
  schedule: { type: 'constant' },
  penalties: { l1: 0, l2: 0 },
  batchSize: 128,
  epochs: 1,
  validation: { type: 'first', count: 500 },
  earlyStopping: null,
  seed: 1,
};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'weft-export-'));
  writeFileSync(join(folder, 'recipe.json'), JSON.stringify(recipe));
  const train = ['train', '--config', 'recipe.json', '--dataset', 'strokes', '--save', 'model.safetensors'];
  const { status, stderr } = await weft(...train);
  expect(status, stderr).toBe(0);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function exportJson(...args: string[]): Promise<Record<string, unknown>> {
  const { status, stdout, stderr } = await weft('export', ...args, '--json');
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return JSON.parse(stdout) as Record<string, unknown>;
}

describe('weft export', () => {
  it.each(exportFormats)('writes $id and says what it was compared on', async ({ id, ending }) => {
    const exported = await exportJson('model.safetensors', '--format', id, '--out', `as-${id}${ending}`);
    expect(exported).toMatchObject({ event: 'exported', format: id, file: `as-${id}${ending}` });
    expect(exported['check']).toMatchObject({ images: 500, source: 'validation' });
    const bytes = readFileSync(join(folder, `as-${id}${ending}`));
    expect(bytes.length).toBe(exported['sizeBytes']);
  });

  it('gives examples that ONNX Runtime agrees with when it runs the file', async () => {
    const { examples } = await exportJson(
      'model.safetensors',
      '--format',
      'onnx',
      '--out',
      'm.onnx',
      '--examples',
    );
    expect(examples).toBe('m-examples.npz');
    const arrays = decodeNpz(readFileSync(join(folder, 'm-examples.npz')), 'examples');
    const [images, expected] = ['images', 'probabilities'].map((name) =>
      arrays.find((array) => array.name === name)!,
    );
    const pixels = Uint8Array.from(images!.data, Number);
    const { probabilities } = await runOnnx(readFileSync(join(folder, 'm.onnx')), pixels, images!.shape);
    expect(probabilities).toHaveLength(2560);
    const differences = probabilities.map((value, place) => Math.abs(value - Number(expected!.data[place])));
    expect(Math.max(...differences)).toBeLessThan(onnxRunTolerance);
  });

  it('exports a run by its id, into a folder under its own name', async () => {
    const { stdout } = await weft('runs', '--json');
    const { id } = JSON.parse(stdout.split('\n')[0]!) as { id: string };
    const exported = await exportJson(id, '--format', 'npz', '--out', 'data');
    expect(exported['file']).toBe(join('data', 'small-network.npz'));
    expect(readdirSync(join(folder, 'data'))).toContain('small-network.npz');
  });

  it('replaces no file unless --force says so', async () => {
    const taken = join(folder, 'taken.onnx');
    writeFileSync(taken, 'mine');
    const refused = await weft('export', 'model.safetensors', '--format', 'onnx', '--out', 'taken.onnx');
    expect(refused).toMatchObject({ status: 1, stdout: '' });
    expect(refused.stderr).toContain('There is a file "taken.onnx" already');
    expect(readFileSync(taken, 'utf8')).toBe('mine');
    await exportJson('model.safetensors', '--format', 'onnx', '--out', 'taken.onnx', '--force');
    expect(readFileSync(taken).length).toBeGreaterThan(1000);
  });

  it('says which formats there are to whoever asks for another', async () => {
    const { status, stderr } = await weft('export', 'model.safetensors', '--format', 'pickle');
    expect(status).toBe(2);
    expect(stderr).toContain(exportFormats.map(({ id }) => id).join(', '));
  });

  it('without the images of its training compares on pictures that Weft draws, and says so', async () => {
    const bytes = readFileSync(join(folder, 'model.safetensors'));
    const place = bytes.indexOf('\\"id\\":\\"strokes\\"');
    expect(place).toBeGreaterThan(0);
    bytes.write('\\"id\\":\\"strokez\\"', place);
    writeFileSync(join(folder, 'elsewhere.safetensors'), bytes);
    const { status, stdout } = await weft(
      'export',
      'elsewhere.safetensors',
      '--format',
      'onnx',
      '--out',
      'e.onnx',
    );
    expect(status).toBe(0);
    expect(stdout).toContain('compared on 256 pictures drawn by Weft');
    expect(stdout).not.toContain('accuracy');
  });
});
