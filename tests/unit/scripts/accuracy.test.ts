import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  deviationOf,
  formatMarkdown,
  formatNotes,
  readRecords,
  readRun,
  summarise,
} from '../../../scripts/accuracy/results.mjs';
import type { PytorchRecord, RunRecord } from '../../../scripts/accuracy/results.mjs';

const root = join(import.meta.dirname, '../../..');
const script = join(root, 'scripts/accuracy.mjs');

const facts = {
  preset: 'small',
  recipe: { epochs: 20, validation: { type: 'stratified' } },
  node: '20.20.2',
  build: 'b1',
  machine: 'a processor, 2 threads',
};
const run = (seed: number, testAccuracy: number, is: Partial<RunRecord> = {}): RunRecord => ({
  kind: 'run',
  ...facts,
  seed,
  parameters: 109_386,
  epochs: 10,
  keptEpoch: 10,
  testAccuracy,
  testLoss: 0.3,
  validationAccuracy: testAccuracy + 0.01,
  epochSeconds: 1.5,
  seconds: 20,
  threads: 2,
  kernels: 'wasm-simd',
  ...is,
});
const pytorch = (seed: number, epochSeconds: number): PytorchRecord => ({
  kind: 'pytorch',
  ...facts,
  seed,
  epochSeconds,
  setup: '2 threads',
  steps: 100,
  torch: '2.1',
});

describe("the accuracy benchmark's statistics", () => {
  const runs = [run(1, 0.88), run(2, 0.9, { seconds: 50 }), run(3, 0.89, { epochSeconds: 9 })];

  it('are the mean, the deviation of a sample, the extremes of the test accuracy and the mean validation', () => {
    const summary = summarise({ preset: 'small', runs, pytorch: [] });
    expect(summary).toMatchObject({
      seeds: [1, 2, 3],
      least: 0.88,
      most: 0.9,
      seconds: 20,
      epochSeconds: 1.5,
    });
    expect(summary.mean).toBeCloseTo(0.89, 12);
    expect(summary.deviation).toBeCloseTo(0.01, 12);
    expect(summary.validation).toBeCloseTo(0.9, 12);
    expect(summary.pytorch).toBeUndefined();
  });

  it('have no deviation of a single seed', () => {
    expect(deviationOf([0.9])).toBeUndefined();
    expect(deviationOf([2, 4, 4, 4, 5, 5, 7, 9])).toBeCloseTo(Math.sqrt(32 / 7), 12);
  });

  it("scale PyTorch's median epoch to as many epochs as Weft trained", () => {
    const summary = summarise({
      preset: 'small',
      runs,
      pytorch: [pytorch(1, 3), pytorch(2, 90), pytorch(3, 2)],
    });
    expect(summary.pytorch).toEqual({ epochSeconds: 3, seconds: 30, setups: ['2 threads'] });
  });
});

describe("the accuracy benchmark's table", () => {
  it('is Markdown with the figures in words a reader knows, and a dash for what was not measured', () => {
    const summary = summarise({ preset: 'small', runs: [run(1, 0.88), run(2, 0.9)], pytorch: [] });
    const lines = formatMarkdown([summary]);
    expect(lines[2]).toBe(
      '| `small` | 109,386 | 89.00 % | 1.41 | 88.00 % | 90.00 % | 90.00 % | 20.0 s | 1.50 s | - | - |',
    );
    expect(new Set(lines.map((line) => line.split('|').length)).size).toBe(1);
  });

  it('marks a preset that validates on the test images', () => {
    const recipe = { epochs: 20, validation: { type: 'test' } };
    const summary = summarise({ preset: 'small', runs: [run(1, 0.88, { recipe })], pytorch: [] });
    expect(formatMarkdown([summary])[2]).toContain('`small` (validated on test)');
  });

  it('says so when the runs are of several builds or machines, and which seeds they are', () => {
    const notesOf = (runs: RunRecord[]): string =>
      formatNotes([summarise({ preset: 'small', runs, pytorch: [] })], runs).join('\n');
    const plain = notesOf([run(1, 0.9), run(2, 0.9), run(3, 0.9)]);
    expect(plain).toContain('small: seeds 1 to 3');
    expect(plain).not.toContain('several');
    expect(notesOf([run(1, 0.9), run(7, 0.9, { build: 'b2' })])).toContain(
      'several builds of Weft: b1 and b2',
    );
    expect(notesOf([run(1, 0.9), run(2, 0.9, { machine: 'another' })])).toContain('several machines');
  });
});

describe('what `weft train --json` printed', () => {
  const epoch = (number: number, validationAccuracy: number, seconds: number): string =>
    JSON.stringify({ event: 'epoch', epoch: number, validationAccuracy, seconds });
  const lines = [epoch(1, 0.8, 9), epoch(2, 0.9, 2), epoch(3, 0.7, 1)];
  const done = JSON.stringify({ event: 'done', runId: 'r', testAccuracy: 0.86, testLoss: 0.4 });
  const record = { parameters: 10, threads: 2, kernels: 'k', keptEpoch: 2, test: { looks: 1 } };

  it('gives the test accuracy with the validation accuracy of the epoch whose weights were tested', () => {
    expect(readRun([...lines, done], () => record)).toMatchObject({
      testAccuracy: 0.86,
      validationAccuracy: 0.9,
      keptEpoch: 2,
      epochs: 3,
      epochSeconds: 2,
    });
  });

  it('is refused without a result, and where the test images were looked at more than once', () => {
    expect(() => readRun(lines, () => record)).toThrow('no result');
    const looked = { ...record, test: { looks: 2 } };
    expect(() => readRun([...lines, done], () => looked)).toThrow('looked at 2 times');
  });
});

describe('the records of an interrupted benchmark', () => {
  it('are all but a line that was cut off', () => {
    const whole = JSON.stringify(run(1, 0.9));
    expect(readRecords(`${whole}\n${whole.slice(0, 50)}`)).toEqual([run(1, 0.9)]);
  });
});

/**
 * A command line whose test accuracy tells the seed (0.8 + seed / 1000), and which fails with seed 13 and never ends
 * with seed 14. It counts its trainings in `trained`.
 */
const standIn = `
  import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
  import { join } from 'node:path';
  const [command, ...args] = process.argv.slice(2);
  const valueOf = (name) => args[args.indexOf(name) + 1];
  const print = (value) => console.log(JSON.stringify(value));
  if (command === 'presets') {
    const recipe = { layers: [], epochs: 2, validation: { type: 'test' }, seed: 1, batchSize: Number(process.env.BATCH) };
    for (const id of ['one', 'two']) print({ id, recipe: { ...recipe, name: id } });
  } else {
    const seed = Number(valueOf('--seed'));
    appendFileSync(join(import.meta.dirname, 'trained'), valueOf('--preset') + seed + ' ');
    if (seed === 13) {
      console.error('weft: Training diverged.');
      process.exit(1);
    }
    if (seed === 14) {
      process.on('SIGINT', () => process.exit(130));
      print({ event: 'epoch', epoch: 1, validationAccuracy: 0.5, seconds: 1 });
      setInterval(() => undefined, 1000);
    } else {
      const folder = join(valueOf('--data-dir'), 'runs', 'r' + seed);
      mkdirSync(folder, { recursive: true });
      const record = { parameters: 7, threads: 1, kernels: 'k', keptEpoch: 1, test: { looks: 1 } };
      writeFileSync(join(folder, 'run.json'), JSON.stringify(record));
      print({ event: 'epoch', epoch: 1, validationAccuracy: 0.5, seconds: 1 });
      print({ event: 'done', runId: 'r' + seed, testAccuracy: 0.8 + seed / 1000, testLoss: 1 });
    }
  }
`;

describe('the accuracy benchmark', () => {
  let folder: string;
  let lines: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'weft-accuracy-test-'));
    mkdirSync(join(folder, 'out/main'), { recursive: true });
    writeFileSync(join(folder, 'out/package.json'), '{"type":"module"}');
    writeFileSync(join(folder, 'out/main/cli.js'), standIn);
    lines = join(folder, 'lines.ndjson');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const argumentsOf = (options: string[]): string[] => [
    script,
    ...['--out', join(folder, 'out'), '--no-torch', '--preset', 'one', ...options],
  ];
  const environment = { ...process.env, BATCH: '32' };
  const bench = (options: string[], batch = '32') =>
    spawnSync(process.execPath, argumentsOf(options), {
      encoding: 'utf8',
      env: { ...environment, BATCH: batch },
    });
  const trained = (): string => readFileSync(join(folder, 'out/main/trained'), 'utf8').trim();
  const seedsIn = (file: string): number[] => readRecords(readFileSync(file, 'utf8')).map(({ seed }) => seed);

  it('trains each preset that was named with each seed and prints their mean', () => {
    const { status, stdout } = bench(['--seeds', '3', '--first-seed', '4']);
    expect(status).toBe(0);
    expect(trained()).toBe('one4 one5 one6');
    expect(stdout).toContain('| `one` (validated on test) | 7 | 80.50 % | 0.10 | 80.40 % | 80.60 % |');
  });

  it('runs with --resume only what is not in the file, whose last line may be cut off', () => {
    bench(['--seeds', '2', '--json-lines', lines]);
    writeFileSync(lines, readFileSync(lines, 'utf8').slice(0, -30));
    const { stdout } = bench(['--seeds', '3', '--resume', lines]);
    expect(trained()).toBe('one1 one2 one2 one3');
    expect(seedsIn(lines)).toEqual([1, 2, 3]);
    expect(stdout).toContain('| 80.20 % | 0.10 | 80.10 % | 80.30 % |');
  });

  it('runs anew what was run with another recipe', () => {
    bench(['--seeds', '1', '--json-lines', lines]);
    const { stderr } = bench(['--seeds', '1', '--resume', lines], '64');
    expect(stderr).toContain('of another recipe: 1 of one');
    expect(trained()).toBe('one1 one1');
  });

  it('does not overwrite results', () => {
    writeFileSync(lines, 'results\n');
    const { status, stderr } = bench(['--json-lines', lines]);
    expect(status).toBe(2);
    expect(stderr).toContain('exists already');
    expect(readFileSync(lines, 'utf8')).toBe('results\n');
  });

  it('tells of a run that failed, and counts the others', () => {
    const { status, stdout, stderr } = bench(['--seeds', '2', '--first-seed', '12']);
    expect(status).toBe(1);
    expect(stdout).toContain('| 81.20 % | - |');
    expect(stderr).toContain('one, seed 13: Weft: weft: Training diverged.');
  });

  it('keeps and prints what is done when it is interrupted', async () => {
    const child = spawn(
      process.execPath,
      argumentsOf(['--seeds', '3', '--first-seed', '12', '--json-lines', lines]),
      {
        env: environment,
      },
    );
    let stdout = '';
    child.stdout.on('data', (data: Buffer) => (stdout += data.toString()));
    const ended = new Promise((resolve) => child.on('close', resolve));
    const place = join(folder, 'out/main/trained');
    while (!existsSync(place) || !trained().endsWith('one14'))
      await new Promise((done) => setTimeout(done, 20));
    child.kill('SIGINT');
    expect(await ended).toBe(130);
    expect(seedsIn(lines)).toEqual([12]);
    expect(stdout).toContain('| 81.20 % | - |');
  });

  it('names the presets there are when one is unknown', () => {
    const { status, stderr } = bench(['--preset', 'three']);
    expect(status).toBe(2);
    expect(stderr).toContain('There is no preset "three". Known are one, two.');
  });
});
