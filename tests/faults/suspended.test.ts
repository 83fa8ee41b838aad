// SIGSTOP and SIGCONT, as a machine that is put to sleep or a debugger does.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { extent, tell } from './extent.ts';
import { startHost, trainingProcessOf, type Host } from './host.ts';
import { datasetId, expectSame, readResult, recipe } from './runs.ts';

describe.skipIf(process.platform !== 'linux')(
  'a training process that is suspended (needs the /proc of Linux)',
  () => {
    let dataDirectory: string;
    let host: Host;
    beforeAll(async () => {
      dataDirectory = mkdtempSync(join(tmpdir(), 'weft-suspended-'));
      host = await startHost(dataDirectory);
    });
    afterAll(async () => {
      await host.end();
      rmSync(dataDirectory, { recursive: true, force: true });
    });

    it('is said not to respond, goes on when it wakes up, and ends with the same bits', async () => {
      const undisturbed = await host.client.call('run.start', { recipe, datasetId });
      await host.reaches(undisturbed.id, 'finished');
      const { id } = await host.client.call('run.start', { recipe, datasetId });
      await host.passes(300);
      const training = trainingProcessOf(host);
      process.kill(training, 'SIGSTOP');
      const stoppedAt = performance.now();
      const told = new Promise<number>((resolve) => {
        host.client.on('run.progressed', ({ trouble }) => {
          if (trouble?.code === 'training.not-responding') resolve(performance.now() - stoppedAt);
        });
      });
      await delay(extent.suspendMs);
      process.kill(training, 'SIGCONT');
      const toldMs = await told;
      const finished = await host.reaches(id, 'finished');
      expect(finished.resumes).toEqual([]);
      expectSame(await readResult(dataDirectory, id), await readResult(dataDirectory, undisturbed.id));
      tell(
        `suspended for ${extent.suspendMs / 1000} s: said to be not responding after ${(toldMs / 1000).toFixed(1)} s, the same bits at the end`,
      );
    });
  },
);
