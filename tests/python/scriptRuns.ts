// Exported scripts as a person would have them, unpacked in folders, and what Python says when it runs them.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import * as v from 'valibot';
import type { ArchiveFile } from '../../src-main/exports/exportFormat.ts';

const predictedSchema = v.strictObject({
  probabilities: v.array(v.number()),
  /** What is wrong with the text of the scripts. */
  problems: v.array(v.string()),
});
export type PredictedInPython = v.InferOutput<typeof predictedSchema>;
const trainedSchema = v.strictObject({
  losses: v.array(v.number()),
  accuracies: v.array(v.number()),
  rates: v.array(v.number()),
  validations: v.array(v.number()),
  tensors: v.record(v.string(), v.array(v.number())),
  problems: v.array(v.string()),
});
export type TrainedInPython = v.InferOutput<typeof trainedSchema>;

const augmentedSchema = v.strictObject({ pixels: v.array(v.number()), problems: v.array(v.string()) });

type Archive = readonly ArchiveFile[];

/** An archive to unpack, and what to do with it. */
type ScriptOrder = { files: Archive } & (
  { kind: 'predict' } | { kind: 'train'; steps: number } | { kind: 'augment'; key: number; first: number }
);

/** Unpacks all, runs them in one process of that Python, and gives its answers in their order. Throws what Python says. */
function runScripts(python: string, orders: readonly ScriptOrder[]): unknown[] {
  const folder = mkdtempSync(join(tmpdir(), 'weft-scripts-'));
  try {
    const listed = orders.map(({ files, ...order }, index) => {
      const own = join(folder, String(index));
      for (const { path, bytes } of files) {
        mkdirSync(dirname(join(own, path)), { recursive: true });
        writeFileSync(join(own, path), bytes);
      }
      return { folder: own, ...order };
    });
    const list = join(folder, 'orders.json');
    writeFileSync(list, JSON.stringify(listed));
    const { status, stdout, stderr } = spawnSync(
      python,
      [join(import.meta.dirname, 'run_scripts.py'), list],
      {
        encoding: 'utf8',
        maxBuffer: 2 ** 30,
        // One thread: small networks gain nothing from more, and other tests run beside.
        env: { ...process.env, OMP_NUM_THREADS: '1', PYTHONPATH: import.meta.dirname },
      },
    );
    if (status !== 0) throw new Error(`Python ended with ${status}:\n${stderr}`);
    const lines = stdout.trimEnd().split('\n');
    if (lines.length !== orders.length) throw new Error(`Python gave ${lines.length} answers.`);
    return lines.map((line): unknown => JSON.parse(line));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The probabilities of each archive's examples. */
export const predictInPython = (python: string, archives: readonly Archive[]): PredictedInPython[] =>
  runScripts(
    python,
    archives.map((files) => ({ files, kind: 'predict' })),
  ).map((answer) => v.parse(predictedSchema, answer));

/** The steps of each archive's training. */
export const trainInPython = (
  python: string,
  orders: readonly { files: Archive; steps: number }[],
): TrainedInPython[] =>
  runScripts(
    python,
    orders.map((order) => ({ ...order, kind: 'train' })),
  ).map((answer) => v.parse(trainedSchema, answer));

/** The bytes of each archive's examples, changed as those of a step. */
export const augmentInPython = (
  python: string,
  orders: readonly { files: Archive; key: number; first: number }[],
): number[][] =>
  runScripts(
    python,
    orders.map((order) => ({ ...order, kind: 'augment' })),
  ).map((answer) => v.parse(augmentedSchema, answer).pixels);

/** Where two lists differ most; infinite where they are not of the same numbers. */
export function largestDifference(one: ArrayLike<number>, other: ArrayLike<number>): number {
  if (one.length !== other.length) return Infinity;
  let largest = 0;
  for (let index = 0; index < one.length; index += 1) {
    const difference = Math.abs(one[index]! - other[index]!);
    largest = Math.max(largest, Number.isNaN(difference) ? Infinity : difference);
  }
  return largest;
}
