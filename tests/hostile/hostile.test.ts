// `npm run test:hostile`: 150,000 mutants of all kinds of files, 10,000 of each but projects. WEFT_HOSTILE_MUTANTS and WEFT_HOSTILE_SEED ask for others.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, expect, it } from 'vitest';
import { readMutants } from './campaign.ts';
import { hostileSubjects } from './subjects.ts';

const mebibyte = 1024 * 1024;
const mutants = Number(process.env['WEFT_HOSTILE_MUTANTS'] ?? 150_000);
const seed = Number(process.env['WEFT_HOSTILE_SEED'] ?? Date.now() % 2 ** 31);
/** Of the processor, for one mutant. */
const slowestAllowedMs = 1000;
/** Beside the file itself; what the collector has not yet taken away counts as well. */
const memoryAllowedBytes = 64 * mebibyte;

/** A project takes twenty times as long as any other file. */
const projectShare = 0.2;

// Projects are unpacked to files that are written to last: in memory that costs nothing.
const folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'weft-hostile-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
const peakBytes = (): number => process.resourceUsage().maxRSS * 1024;

it(`${mutants} mutants (seed ${seed}) are each loaded or refused with a reason, within a second and 64 MiB`, async () => {
  const subjects = await hostileSubjects(folder);
  for (const { valid, wrap, read } of subjects) await read(new Uint8Array(await wrap(valid)));
  collect();
  const startBytes = process.memoryUsage.rss();
  const keptBytes = process.memoryUsage().arrayBuffers;
  const largestFile = Math.max(...subjects.map(({ valid }) => valid.byteLength));
  const shares = subjects.map(({ name }) => (name.includes('project') ? projectShare : 1));
  const whole = shares.reduce((sum, share) => sum + share, 0);
  const lines: string[] = [];
  let slowestMs = 0;
  for (const [index, subject] of subjects.entries()) {
    const each = Math.ceil((mutants * shares[index]!) / whole);
    const findings = await readMutants(subject, each, seed, () => {
      const { arrayBuffers } = process.memoryUsage();
      if (arrayBuffers > keptBytes + 8 * mebibyte) collect();
    });
    slowestMs = Math.max(slowestMs, findings.slowestMs);
    lines.push(
      `${subject.name}: ${findings.mutants} mutants, ${findings.loaded} loaded, ${findings.refusals.size} kinds of refusal, slowest ${findings.slowestMs.toFixed(0)} ms`,
    );
  }
  const extraBytes = peakBytes() - startBytes;
  lines.push(`at most ${(extraBytes / mebibyte).toFixed(1)} MiB more memory than at the start`);
  process.stdout.write(`${lines.join('\n')}\n`);
  expect(slowestMs).toBeLessThan(slowestAllowedMs);
  expect(extraBytes).toBeLessThan(largestFile + memoryAllowedBytes);
});
