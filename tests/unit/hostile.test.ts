import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readMutants } from '../hostile/campaign.ts';
import { hostileSubjects } from '../hostile/subjects.ts';

const folder = mkdtempSync(join(tmpdir(), 'weft-hostile-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const subjects = await hostileSubjects(folder);
/** Those of projects are written to the disk, each file of them to last. */
const mutantsOf = (name: string): number => (name.includes('project') ? 60 : 1000);

describe('a file that was changed on its way is loaded or refused with a reason, never more:', () => {
  it.each(subjects)(
    '$name',
    async (subject) => {
      await subject.read(new Uint8Array(await subject.wrap(subject.valid)));
      const mutants = mutantsOf(subject.name);
      const findings = await readMutants(subject, mutants, 20_260_301);
      expect(findings.mutants).toBe(mutants);
      // The mutations reach what is checked.
      expect(findings.refusals.size).toBeGreaterThan(0);
    },
    60_000,
  );
});
