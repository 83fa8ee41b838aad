// Reads mutants of a valid file, and holds that each is loaded or refused with an error of our own.
import fc from 'fast-check';
import { WeftError } from '../../src-shared/failure.ts';
import { mutate, mutationArbitrary } from './mutations.ts';
import type { Subject } from './subjects.ts';

export interface Findings {
  mutants: number;
  /** How many were loaded; the others were refused. */
  loaded: number;
  /** How often each error was. */
  refusals: Map<string, number>;
  /** Of the processor, for the mutant that took most. */
  slowestMs: number;
}

/** Whether something has been put on every object. */
function isPolluted(): boolean {
  for (const key in {}) if (key !== '') return true;
  return Object.keys(Object.prototype).length > 0;
}

/**
 * Reads `mutants` of the subject. Throws, with the mutations that led there, where one is neither loaded nor refused with
 * a `WeftError`, or changes what every object is. `afterEach` is called after each.
 */
export async function readMutants(
  { valid, wrap, names, read }: Subject,
  mutants: number,
  seed: number,
  afterEach: () => void = () => undefined,
): Promise<Findings> {
  const findings: Findings = { mutants: 0, loaded: 0, refusals: new Map(), slowestMs: 0 };
  const mutations = fc.array(mutationArbitrary(names), { minLength: 1, maxLength: 3 });
  await fc.assert(
    fc.asyncProperty(mutations, async (chosen) => {
      const bytes = new Uint8Array(await wrap(mutate(valid, chosen)));
      const before = process.cpuUsage();
      try {
        await read(bytes);
        findings.loaded += 1;
      } catch (error) {
        if (!(error instanceof WeftError) || error.code === 'internal') throw error;
        findings.refusals.set(error.code, (findings.refusals.get(error.code) ?? 0) + 1);
      }
      const { user, system } = process.cpuUsage(before);
      findings.slowestMs = Math.max(findings.slowestMs, (user + system) / 1000);
      findings.mutants += 1;
      if (isPolluted()) throw new Error('Something was put on every object.');
      afterEach();
    }),
    { numRuns: mutants, seed },
  );
  return findings;
}
