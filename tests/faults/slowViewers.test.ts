// Pages that take nothing in while a run is under way. That a queue stays below its limit is held by
// tests/unit/hosts/browser/viewer.test.ts; here is what they cost.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { WebSocket } from 'ws';
import { queueLimitBytes } from '../../src-main/hosts/browser/viewer.ts';
import { extent, tell } from './extent.ts';
import { startHost, type Host } from './host.ts';
import { datasetId, expectSame, readResult, recipe } from './runs.ts';

/** The history of the runs that are measured, and what the host's heap grows by between two collections. */
const otherGrowthBytes = 96 * 1024 * 1024;

function residentBytes(processId: number): number {
  const status = readFileSync(`/proc/${processId}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024;
}
const median = (values: number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;

describe.skipIf(process.platform !== 'linux')(
  'viewers that take nothing in (needs the /proc of Linux)',
  () => {
    let dataDirectory: string;
    let host: Host;
    beforeAll(async () => {
      dataDirectory = mkdtempSync(join(tmpdir(), 'weft-viewers-'));
      host = await startHost(dataDirectory);
    });
    afterAll(async () => {
      await host.end();
      rmSync(dataDirectory, { recursive: true, force: true });
    });

    async function train(): Promise<{ id: string; seconds: number }> {
      const { id } = await host.client.call('run.start', { recipe, datasetId });
      await host.reaches(id, 'finished');
      const { epochs } = await host.client.call('run.history', { runId: id, afterStep: 0, afterEpoch: 0 });
      return { id, seconds: epochs.reduce((sum, epoch) => sum + epoch.seconds, 0) };
    }

    it('cost no memory and change no bit; what they cost in speed is printed', async () => {
      let alone = '';
      const before = residentBytes(host.processId);
      const without: number[] = [];
      const beside: number[] = [];
      let watched = '';
      for (let round = 0; round < extent.viewerRounds; round += 1) {
        const undisturbed = await train();
        alone = undisturbed.id;
        without.push(undisturbed.seconds);
        const viewers: WebSocket[] = [];
        for (let viewer = 0; viewer < extent.viewers; viewer += 1) {
          const socket = await host.openSocket();
          socket.pause();
          viewers.push(socket);
        }
        const { id, seconds } = await train();
        watched = id;
        beside.push(seconds);
        for (const socket of viewers) socket.terminate();
      }
      const grown = residentBytes(host.processId) - before;
      expect(grown).toBeLessThan(extent.viewers * queueLimitBytes + otherGrowthBytes);
      expectSame(await readResult(dataDirectory, watched), await readResult(dataDirectory, alone));
      tell(
        `viewers: ${extent.viewers} that read nothing leave training ${((100 * median(without)) / median(beside)).toFixed(1)} % of its speed (${median(without).toFixed(2)} s without, ${median(beside).toFixed(2)} s beside them); the host grew by ${(grown / 1e6).toFixed(0)} MB`,
      );
    });
  },
);
