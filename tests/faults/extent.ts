// How much of the campaign is run: all of it by `npm run test:faults`, a short form inside `npm test`. What was done is
// printed, as a test that passed says nothing of how often.
import { appendFileSync } from 'node:fs';

const isCampaign = process.env['WEFT_FAULTS'] === 'campaign';

/** So many in the campaign, fewer in the short form. */
export const extent = {
  /** Kills of the training process, and how many of them fall on one run. */
  trainingKills: isCampaign ? 100 : 4,
  killsPerRun: isCampaign ? 10 : 4,
  appKills: isCampaign ? 20 : 2,
  reloads: isCampaign ? 50 : 6,
  viewers: 10,
  suspendMs: isCampaign ? 20_000 : 6000,
  /** Calls of a save that are made to fail in a run that is under way. */
  failingCalls: isCampaign ? (['pwrite64', 'fsync', 'fdatasync', 'rename'] as const) : (['fsync'] as const),
  errors: isCampaign ? (['ENOSPC', 'EIO'] as const) : (['ENOSPC'] as const),
  /** Of the run that faults are done to. */
  epochs: isCampaign ? 12 : 8,
  /** Measured in turns, with and without viewers. */
  viewerRounds: isCampaign ? 3 : 1,
} as const;

/** Prints a line of what was done and seen. */
export function tell(line: string): void {
  const file = process.env['WEFT_FAULTS_REPORT'];
  if (file === undefined) process.stdout.write(`${line}\n`);
  else appendFileSync(file, `${line}\n`);
}
