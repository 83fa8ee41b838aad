/** The part of a recipe that is read here; the rest is only compared. */
export interface RecipeToRun {
  epochs: number;
  validation: { type: string };
  [option: string]: unknown;
}

/** What one run of `weft train` came to. */
export interface RunFigures {
  parameters: number;
  /** How many were trained. */
  epochs: number;
  /** Whose weights were kept and tested, counted from 1. */
  keptEpoch: number;
  testAccuracy: number;
  testLoss: number;
  /** After the kept epoch. */
  validationAccuracy: number;
  /** The median. */
  epochSeconds: number;
  threads: number;
  kernels: string;
}

interface Facts {
  preset: string;
  seed: number;
  recipe: RecipeToRun;
  node: string;
  build: string | null;
  machine: string;
}

export interface RunRecord extends Facts, RunFigures {
  kind: 'run';
  /** Of the whole command. */
  seconds: number;
}

export interface PytorchRecord extends Facts {
  kind: 'pytorch';
  epochSeconds: number;
  setup: string;
  steps: number;
  torch: string;
}

export type AccuracyRecord = RunRecord | PytorchRecord;

export interface Summary {
  preset: string;
  seeds: number[];
  parameters: number;
  mean: number;
  deviation: number | undefined;
  least: number;
  most: number;
  validation: number;
  isValidatedOnTest: boolean;
  seconds: number;
  epochSeconds: number;
  pytorch: { epochSeconds: number; seconds: number; setups: string[] } | undefined;
}

export function deviationOf(numbers: number[]): number | undefined;
export function readRun(lines: string[], readRecord: (runId: string) => object): RunFigures;
export function recipeToRun(
  recipe: RecipeToRun & { name: string; seed: number },
  epochs: number | undefined,
): RecipeToRun;
export function readRecords(text: string): AccuracyRecord[];
export function wholeLinesOf(text: string): string;
export function findRecord(
  records: AccuracyRecord[],
  key: { kind: AccuracyRecord['kind']; preset: string; seed: number; recipe: RecipeToRun },
): AccuracyRecord | undefined;
export function summarise(found: { preset: string; runs: RunRecord[]; pytorch: PytorchRecord[] }): Summary;
export function formatMarkdown(summaries: Summary[]): string[];
export function formatNotes(summaries: Summary[], records: AccuracyRecord[]): string[];
