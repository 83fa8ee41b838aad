import { mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  encodePredictionHead,
  encodePredictions,
  epochsPerPrediction,
  predictionBytesOf,
  PredictionLog,
  type PredictionLogHead,
} from '../../../src-main/runs/predictionLog.ts';

const limitBytes = 512 * 1024 * 1024;

describe('the prediction log', () => {
  it('has every epoch of an ordinary run', () => {
    expect(epochsPerPrediction(50, 6000, 10)).toBe(1);
  });

  it('leaves out epochs evenly so that the log of a very long run stays below its limit', () => {
    const interval = epochsPerPrediction(100_000, 6000, 10);
    expect(Math.floor(100_000 / interval) * 6000 * 10).toBeLessThanOrEqual(limitBytes);
    expect(interval).toBe(12);
  });
});

describe('the bytes of an epoch', () => {
  it('keep the likeliest class, also where another one rounds to the same', () => {
    const probabilities = Float32Array.of(0.4995, 0.5005, 0, 0.5005, 0.4995, 0, 0.25, 0.375, 0.375);
    const bytes = encodePredictions(1, probabilities, 3).subarray(4);
    expect([...bytes]).toEqual([127, 128, 0, 128, 127, 0, 64, 96, 96]);
    const closer = Float32Array.of(0.3333, 0.3333, 0.3334);
    expect([...encodePredictions(1, closer, 3).subarray(4)]).toEqual([84, 84, 85]);
  });
});

describe('a prediction log on the disk', () => {
  const head: PredictionLogHead = {
    imageSplit: 'test',
    imageIndices: Uint32Array.of(3, 70_000, 5),
    labels: Uint8Array.of(1, 0, 1),
    classCount: 2,
    epochsPerPrediction: 2,
  };
  const ofEpoch = (epoch: number): Float32Array =>
    Float32Array.of(0, 1, 0.5, 0.5, epoch / 255, 1 - epoch / 255);
  let path: string;
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'weft-predictions-'));
    path = join(folder, 'predictions.bin');
    const parts = [
      encodePredictionHead(head),
      ...[2, 4, 6].map((epoch) => encodePredictions(epoch, ofEpoch(epoch), 2)),
    ];
    await writeFile(path, Buffer.concat(parts));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('says which images it is about, and what the network said of each after each epoch logged', async () => {
    const log = await PredictionLog.open(path);
    expect(log.head).toEqual(head);
    expect(log.epochs).toEqual([2, 4, 6]);
    expect([...(await log.probabilities(4))]).toEqual([0, 255, 128, 128, 4, 251]);
    expect([...(await log.allProbabilities()).subarray(6, 12)]).toEqual([0, 255, 128, 128, 4, 251]);
    await expect(log.probabilities(3)).rejects.toMatchObject({ code: 'predictions.no-epoch' });
  });

  it('is laid out as ARCHITECTURE.md says', async () => {
    const bytes = await readFile(path);
    expect(bytes.subarray(0, 8).toString('ascii')).toBe('WEFTPRED');
    expect([8, 12, 16, 20, 24].map((place) => bytes.readUInt32LE(place))).toEqual([1, 3, 2, 2, 1]);
    expect([28, 32, 36].map((place) => bytes.readUInt32LE(place))).toEqual([3, 70_000, 5]);
    expect([...bytes.subarray(40, 43)]).toEqual([1, 0, 1]);
    expect(bytes.readUInt32LE(43)).toBe(2);
    expect(bytes.length).toBe(43 + 3 * (4 + 6));
  });

  it('leaves out a last epoch that was cut short', async () => {
    await truncate(path, 43 + 2 * 10 + 9);
    expect((await PredictionLog.open(path)).epochs).toEqual([2, 4]);
    expect(predictionBytesOf(43 + 2 * 10 + 9, 3, 2)).toBe(43 + 2 * 10);
    expect(predictionBytesOf(42, 3, 2)).toBe(0);
  });

  it('is refused without its head, cut within it, of another version or with epochs out of order', async () => {
    const whole = await readFile(path);
    const changed = (place: number, value: number): Buffer => {
      const bytes = Buffer.from(whole);
      bytes.writeUInt32LE(value, place);
      return bytes;
    };
    const faults = [
      Buffer.alloc(60),
      whole.subarray(0, 20),
      whole.subarray(0, 30),
      changed(8, 2),
      changed(12, 4_000_000_000),
      changed(16, 0),
      changed(24, 2),
      changed(53, 1),
    ];
    for (const bytes of faults) {
      await writeFile(path, bytes);
      await expect(PredictionLog.open(path)).rejects.toMatchObject({ code: 'predictions.unreadable' });
    }
    await rm(path);
    await expect(PredictionLog.open(path)).rejects.toMatchObject({ code: 'files.not-found' });
  });
});
