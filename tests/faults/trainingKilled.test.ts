// kill -9 of the training process, again and again in the same run.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listCheckpoints } from '../../src-main/runs/runFiles.ts';
import { extent, tell } from './extent.ts';
import { startHost, trainingProcessOf, type Host } from './host.ts';
import {
  datasetId,
  expectSame,
  readResult,
  recipe,
  stepsPerEpoch,
  totalSteps,
  type RunResult,
} from './runs.ts';

/** Epochs of milliseconds share a checkpoint a second, which is then written while the next ones are trained. */
const crowdedEpochsMs = 2000;

describe.skipIf(process.platform !== 'linux')(
  'a training process that is killed (needs the /proc of Linux)',
  () => {
    let dataDirectory: string;
    let host: Host;
    let undisturbed: RunResult;
    let trainingMs: number;

    beforeAll(async () => {
      dataDirectory = mkdtempSync(join(tmpdir(), 'weft-killed-'));
      host = await startHost(dataDirectory);
      const { id } = await host.client.call('run.start', { recipe, datasetId });
      await host.reaches(id, 'finished');
      const { epochs } = await host.client.call('run.history', { runId: id, afterStep: 0, afterEpoch: 0 });
      trainingMs = epochs.reduce((sum, epoch) => sum + epoch.seconds * 1000, 0);
      undisturbed = await readResult(dataDirectory, id);
    });
    afterAll(async () => {
      await host.end();
      rmSync(dataDirectory, { recursive: true, force: true });
    });

    it('loses nothing: after resuming the run ends with the same bits, its history whole, at most an epoch repeated, or two seconds of shorter ones', async () => {
      let kills = 0;
      let runs = 0;
      let mostRepeated = 0;
      while (kills < extent.trainingKills) {
        const { id } = await host.client.call('run.start', { recipe, datasetId });
        const killsOfRun = Math.min(extent.killsPerRun, extent.trainingKills - kills);
        let from = 0;
        for (let kill = 1; kill <= killsOfRun; kill += 1) {
          // Spread over what is left of the run, at random within its part.
          const part = Math.floor((totalSteps - 400 - from) / (killsOfRun - kill + 1));
          await host.passes(from + Math.floor(Math.random() * part));
          await delay(Math.random() * 30);
          // Before its first checkpoint a run has nothing to go on from.
          while ((await listCheckpoints(join(dataDirectory, 'runs', id))).length === 0) await delay(5);
          const killedAt = host.progress()?.step ?? 0;
          process.kill(trainingProcessOf(host), 'SIGKILL');
          const failed = await host.reaches(id, 'failed', 'finished');
          if (failed.state === 'finished') throw new Error('The run was over before it could be killed.');
          expect(failed).toMatchObject({ canResume: true, failure: { code: 'training.process-ended' } });
          const resumed = await host.client.call('run.resume', { runId: id });
          const point = resumed.resumes.at(-1);
          const repeated = killedAt - (point?.step ?? 0);
          mostRepeated = Math.max(mostRepeated, repeated);
          from = point?.step ?? 0;
          kills += 1;
        }
        const finished = await host.reaches(id, 'finished');
        expect(finished.resumes).toHaveLength(killsOfRun);
        expectSame(await readResult(dataDirectory, id), undisturbed);
        await host.client.call('run.delete', { runId: id });
        runs += 1;
      }
      const stepsOfCrowdedEpochs = (crowdedEpochsMs * totalSteps) / trainingMs;
      tell(
        `training killed: ${kills} kills in ${runs} runs, ${kills} of ${kills} the same bits; at most ${mostRepeated} of ${totalSteps} steps repeated (an epoch is ${stepsPerEpoch})`,
      );
      expect(mostRepeated).toBeLessThanOrEqual(Math.max(stepsPerEpoch, stepsOfCrowdedEpochs));
    });
  },
);
