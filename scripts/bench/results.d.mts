/** What tells contestants apart in the summary. */
export interface Contestant {
  name: string;
  family: 'Weft' | 'PyTorch' | 'NumPy' | 'scikit-learn' | 'TensorFlow.js';
  /** Nothing about threads or kernels was set. */
  asItComes?: boolean;
  /** Whether subnormal numbers are flushed to zero in hardware. */
  flushes?: boolean;
  /** Weft's: how many threads, and the version of Node. */
  threads?: number;
  node?: string;
}

/** What one process of a contestant measured. */
export interface Run {
  /** Seconds of each timed epoch. */
  seconds: number[];
  testAccuracy?: number | undefined;
  residentBytes?: number | undefined;
  /** What the program says of its kernels and threads. */
  note?: string | undefined;
}

/** A contestant's medians over all its runs. */
export interface Row extends Contestant, Omit<Run, 'seconds'> {
  /** Seconds an epoch. */
  seconds: number;
}

export interface Result {
  batchSize: number;
  rows: Row[];
}

export interface Ratios {
  title: string;
  /** One a batch size: the ratio and the name of the contestant it is of; undefined where one was not measured. */
  values: ({ ratio: number; name: string } | undefined)[];
}

export const warmUpEpochs: number;
export function medianOf(numbers: number[]): number | undefined;
export function readRun(output: string, steps: number): Run;
export function combineRuns(contestant: Contestant, runs: Run[]): Row;
export function fastestOf(rows: Row[]): Row | undefined;
export function formatTable(rows: string[][], left: number[]): string[];
export function formatResults(rows: Row[]): string[];
export function formatAutosave(
  measured: {
    kernels: string;
    threads: number;
    plainSeconds: number;
    savingSeconds: number;
    waitedShare: number;
  },
  node: string,
): string;
export function formatKernels(lines: { kernel: string; gigaflops: number; share: number }[]): string[];
export function formatAugmentation(
  lines: { preset: string; changes: string; stepMs: number; share: number }[],
): string[];
export function summarise(results: Result[]): Ratios[];
export function formatSummary(results: Result[]): string[];
export function fastestCoreType(architecture: string, features: string[] | undefined): string | undefined;
