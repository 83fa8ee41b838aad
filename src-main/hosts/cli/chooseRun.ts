import { WeftError } from '../../../src-shared/failure.ts';
import type { Client } from '../../../src-shared/protocol.ts';
import type { RunSummary } from '../../../src-shared/schemas/run.ts';
import { didYouMean } from './suggestion.ts';

/** The run of that id. Throws `run.unknown`. */
export async function chooseRun(client: Client, runId: string): Promise<RunSummary> {
  const runs = await client.call('run.list', {});
  const run = runs.find((one) => one.id === runId);
  if (run !== undefined) return run;
  const known = runs.map((one) => one.id);
  throw new WeftError(
    'run.unknown',
    `There is no run "${runId}".${didYouMean(runId, known)}`,
    '"weft runs" lists the runs there are.',
  );
}
