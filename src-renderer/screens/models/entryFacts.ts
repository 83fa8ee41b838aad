// What an entry reached, was trained with and on, in a few words each.
import { describeCorrections } from '../../../src-shared/corrections.ts';
import { describeArithmetic } from '../../format/arithmetic.ts';
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatPercent,
  formatWhen,
} from '../../format/quantities.ts';
import type { Entry } from '../../state/entries.ts';

export interface Fact {
  label: string;
  value: string;
}

const looks = (count: number): string => `looked at ${count === 1 ? 'once' : `${count} times`}`;

/** Whether the validation images are the test set: not an honest estimate. */
export function isValidatedOnTest({ recipe }: Entry): boolean {
  return recipe.validation.type === 'test';
}

export function describeTest({ testAccuracy, testLooks }: Entry): string {
  return testAccuracy === null ? 'not looked at' : `${formatPercent(testAccuracy, 2)}, ${looks(testLooks)}`;
}

/** The results, one fact a line; of runs that have none yet only what they are. */
export function listEntryFacts(entry: Entry): Fact[] {
  const { run, model } = entry;
  const facts: Fact[] = [];
  const add = (label: string, value: string): void => void facts.push({ label, value });
  const validated = isValidatedOnTest(entry) ? 'Accuracy on the test images' : 'Validation accuracy';
  if (entry.validationAccuracy !== null) {
    const epoch = run?.outcome.kept?.epoch;
    const ofEpoch = epoch === undefined ? '' : `, epoch ${epoch}`;
    add(validated, `${formatPercent(entry.validationAccuracy, 2)}${ofEpoch}`);
  }
  const best = run?.outcome.best ?? null;
  if (best !== null && best.epoch !== run?.keptEpoch) {
    add('Best', `${formatPercent(best.validationAccuracy, 2)}, epoch ${best.epoch}`);
  }
  add('Test accuracy', describeTest(entry));
  if (entry.parameters > 0) add('Parameters', formatCount(entry.parameters));
  if (entry.seconds !== null) add('Time', formatDuration(entry.seconds));
  add('Dataset', entry.datasetName);
  const corrections = run?.corrections ?? null;
  if (corrections !== null) add('Corrections', describeCorrections(corrections));
  add(run === null ? 'Trained' : 'Started', formatWhen(entry.createdAt));
  if (run !== null && run.kernels !== '') add('Arithmetic', describeArithmetic(run.kernels, run.threads));
  const resumes = run?.resumes.length ?? 0;
  if (resumes > 0) add('Resumed', resumes === 1 ? 'once' : `${resumes} times`);
  if (model !== null) add('Size', formatBytes(model.sizeBytes));
  return facts;
}
