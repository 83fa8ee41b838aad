import { describe, expect, it } from 'vitest';
import {
  combineRuns,
  fastestCoreType,
  formatAugmentation,
  formatResults,
  formatSummary,
  formatTable,
  medianOf,
  readRun,
  summarise,
} from '../../../scripts/bench/results.mjs';
import type { Contestant, Row } from '../../../scripts/bench/results.mjs';

const weft = (threads: number, seconds: number, node = '20.20.2'): Row => ({
  name: `Weft, ${String(threads)} threads, Node ${node}`,
  family: 'Weft',
  threads,
  node,
  seconds,
});
const peer = (family: Contestant['family'], how: string, seconds: number, is: Partial<Row> = {}): Row => ({
  name: `${family}, ${how}`,
  family,
  seconds,
  ...is,
});

describe("the benchmark's medians", () => {
  it('are the middle number, or the mean of the middle two, and none of nothing', () => {
    expect(medianOf([3, 1, 20])).toBe(3);
    expect(medianOf([10, 1, 2, 3])).toBe(2.5);
    expect(medianOf([])).toBeUndefined();
  });

  it('are taken over the epochs of all rounds, and leave the figures that nobody printed empty', () => {
    const row = combineRuns({ name: 'Weft', family: 'Weft' }, [
      { seconds: [1, 9], residentBytes: 100, note: 'simd' },
      { seconds: [2, 3], residentBytes: 300 },
    ]);
    expect(row.seconds).toBe(2.5);
    expect(row.residentBytes).toBe(200);
    expect(row.testAccuracy).toBeUndefined();
    expect(row.note).toBe('simd');
  });
});

describe("what a contestant's lines say", () => {
  const epochs = ['hello', '{"epoch":1,"seconds":9}', '{"epoch":2,"seconds":4}', '{"epoch":3,"seconds":2}'];

  it('leaves out the epochs that warm up and what is not a measurement', () => {
    const last = '{"epoch":4,"seconds":3,"testAccuracy":0.86,"residentBytes":5,"kernels":"simd"}';
    expect(readRun([...epochs, last, ''].join('\n'), 0)).toEqual({
      seconds: [2, 3],
      testAccuracy: 0.86,
      residentBytes: 5,
      note: 'simd',
    });
  });

  it('keeps the only line of one that warmed up and took the timed steps it was asked for', () => {
    expect(readRun('{"seconds":12.5,"steps":200}\n', 200).seconds).toEqual([12.5]);
  });

  it('refuses one that trained whole epochs where steps were asked for, and one without an epoch after those that warm up', () => {
    expect(() => readRun(epochs.join('\n'), 200)).toThrow("doesn't measure 200 steps");
    expect(() => readRun(epochs.slice(0, 3).join('\n'), 0)).toThrow('no epoch after the first');
  });
});

describe("the benchmark's ratios", () => {
  const rows = [
    weft(1, 1),
    weft(2, 0.5),
    weft(1, 0.8, '24.0.0'),
    weft(2, 0.4, '24.0.0'),
    peer('PyTorch', 'as it comes', 2, { asItComes: true }),
    peer('PyTorch', '2 threads', 1),
    peer('PyTorch', '2 threads, flushing', 0.8, { flushes: true }),
    peer('NumPy', 'as it comes', 1.2, { asItComes: true }),
    peer('NumPy', '1 thread', 1.6),
  ];
  const ratios = Object.fromEntries(
    summarise([{ batchSize: 64, rows }]).map(({ title, values }) => [title, values[0]]),
  );

  it("are the peers' seconds over those of the fastest Weft", () => {
    expect(ratios["PyTorch as it comes / Weft's best"]?.ratio).toBeCloseTo(5);
    expect(ratios["NumPy at its best / Weft's best"]).toEqual({
      ratio: 1.2 / 0.4,
      name: 'NumPy, as it comes',
    });
  });

  it('count flushing of subnormal numbers apart from the best without it', () => {
    expect(ratios["PyTorch at its best / Weft's best"]?.name).toBe('PyTorch, 2 threads');
    expect(ratios["PyTorch at its best, and flushing subnormal numbers / Weft's best"]?.ratio).toBeCloseTo(2);
  });

  it('say for each Node how much faster all threads are than one', () => {
    expect(ratios['Weft, 1 thread / all threads, Node 20.20.2']?.ratio).toBeCloseTo(2);
    expect(ratios['Weft, 1 thread / all threads, Node 24.0.0']?.ratio).toBeCloseTo(2);
  });

  it('are left out for peers that were not measured, and a dash where one batch size lacks them', () => {
    expect(Object.keys(ratios).join()).not.toContain('scikit-learn');
    const lines = formatSummary([
      { batchSize: 32, rows: rows.filter(({ family }) => family !== 'NumPy') },
      { batchSize: 64, rows },
    ]);
    const line = lines.find((text) => text.startsWith('NumPy at its best'));
    expect(line?.split(/ {2,}/)).toEqual([
      "NumPy at its best / Weft's best",
      '-',
      '3.00',
      'NumPy, as it comes',
    ]);
  });
});

describe("the benchmark's tables", () => {
  it('align words to the left, numbers to the right, and end no line with blanks', () => {
    const lines = formatTable(
      [
        ['name', 's', 'notes'],
        ['a', '10.5', ''],
        ['long name', '1', 'n'],
      ],
      [0, 2],
    );
    expect(lines).toEqual(['name          s  notes', 'a          10.5', 'long name     1  n']);
  });

  it("show time, ratio, memory and accuracy, and no ratio without Weft's time", () => {
    const row = peer('NumPy', '1 thread', 1.5, { residentBytes: 256 * 2 ** 20, testAccuracy: 0.861 });
    const [, , line] = formatResults([weft(1, 0.5), row]);
    expect(line?.split(/ {2,}/)).toEqual(['NumPy, 1 thread', '1.500', '3.00', '256 MiB', '86.10 %']);
    expect(formatResults([row])[1]?.split(/ {2,}/)[2]).toBe('-');
  });
});

it('shows how much of the speed is left with augmentation', () => {
  const lines = formatAugmentation([
    { preset: 'cnn', changes: 'none', stepMs: 40, share: 1 },
    { preset: 'cnn', changes: 'flips', stepMs: 41.234, share: 0.968 },
  ]);
  expect(lines[2]?.split(/ {2,}/)).toEqual(['cnn', 'flips', '41.23', '97 %']);
});

describe('the OpenBLAS kernels to compare with', () => {
  const avx2 = ['sse2', 'avx2', 'fma'];
  const avx512 = [...avx2, 'avx512f', 'avx512dq', 'avx512bw', 'avx512vl'];

  it('are those for AVX-512 only where the processor has all of it, else those for AVX2', () => {
    expect(fastestCoreType('x64', avx512)).toBe('SkylakeX');
    expect(fastestCoreType('x64', avx512.slice(0, -1))).toBe('Haswell');
  });

  it('are left to OpenBLAS where nothing says that chosen ones would run', () => {
    expect(fastestCoreType('x64', ['sse2'])).toBeUndefined();
    expect(fastestCoreType('x64', undefined)).toBeUndefined();
    expect(fastestCoreType('arm64', avx512)).toBeUndefined();
  });
});
