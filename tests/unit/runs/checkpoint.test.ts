import { mkdtemp, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decodeSafetensors } from '../../../src-main/formats/safetensors.ts';
import { decodeCheckpoint, encodeCheckpoint } from '../../../src-main/runs/checkpoint.ts';
import { findNewestCheckpoint } from '../../../src-main/runs/newestCheckpoint.ts';
import { exampleCheckpoint } from './exampleCheckpoint.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'weft-checkpoint-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const bytesOf = async (step: number): Promise<Uint8Array<ArrayBuffer>> => {
  const parts = await encodeCheckpoint(exampleCheckpoint(step));
  return new Uint8Array(Buffer.concat(parts));
};

describe('a checkpoint', () => {
  it('comes back from its file as it was, to the last bit', async () => {
    const checkpoint = exampleCheckpoint(12);
    expect(await decodeCheckpoint(await bytesOf(12), 'file')).toEqual(checkpoint);
    const plain = {
      ...checkpoint,
      trainer: { ...checkpoint.trainer, averages: null, slots: [] },
      watch: null,
      bestTensors: null,
      best: null,
      lastEpoch: null,
    };
    const parts = await encodeCheckpoint(plain);
    expect(await decodeCheckpoint(new Uint8Array(Buffer.concat(parts)), 'file')).toEqual(plain);
  });

  it('is a safetensors file whose last 32 bytes are the SHA-256 of all before them', async () => {
    const bytes = await bytesOf(12);
    const { tensors } = decodeSafetensors(bytes, 'file');
    expect(tensors.at(-1)).toMatchObject({ name: 'sha256', dtype: 'U8', shape: [32] });
    const hash = await crypto.subtle.digest('SHA-256', bytes.subarray(0, -32));
    expect([...bytes.subarray(-32)]).toEqual([...new Uint8Array(hash)]);
    expect(tensors.map(({ name }) => name)).toContain('optimizer.mean.layers.0.weight');
  });

  it('is refused when it was cut, anywhere, or a single bit of it is another', async () => {
    const whole = await bytesOf(12);
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 1), fc.nat(7), async (place, bit) => {
        const flipped = whole.slice();
        flipped[place] = flipped[place]! ^ (1 << bit);
        for (const bytes of [flipped, whole.slice(0, place)]) {
          await expect(decodeCheckpoint(bytes, 'file')).rejects.toMatchObject({ code: 'checkpoint.damaged' });
        }
      }),
      { numRuns: 300, seed: 1 },
    );
  });

  it('is the newest that is whole, and says what is wrong with the others', async () => {
    for (const step of [3, 20, 100])
      await writeFile(join(folder, `checkpoint-${step}.safetensors`), await bytesOf(step));
    await writeFile(join(folder, 'checkpoint-7.safetensors.txt'), 'no checkpoint');
    const newest = await findNewestCheckpoint(folder);
    expect([newest.checkpoint.trainer.position.step, newest.problems]).toEqual([100, []]);
    await truncate(join(folder, 'checkpoint-100.safetensors'), 1000);
    const older = await findNewestCheckpoint(folder);
    expect(older.checkpoint.trainer.position.step).toBe(20);
    expect(older.problems).toEqual([
      'The checkpoint "checkpoint-100.safetensors" is damaged: its SHA-256 is not that of its bytes.',
    ]);
    for (const name of await readdir(folder)) await writeFile(join(folder, name), '');
    await expect(findNewestCheckpoint(folder)).rejects.toMatchObject({ code: 'run.no-checkpoint' });
  });
});
