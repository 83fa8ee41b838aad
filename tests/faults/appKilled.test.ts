// kill -9 of the whole app while it trains.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { extent, tell } from './extent.ts';
import { childrenOf, isThere, startHost } from './host.ts';
import { datasetId, expectSame, readResult, recipe, totalSteps, type RunResult } from './runs.ts';

const lookEveryMs = 50;

describe.skipIf(process.platform !== 'linux')('an app that is killed (needs the /proc of Linux)', () => {
  let dataDirectory: string;
  let undisturbed: RunResult;
  beforeAll(async () => {
    dataDirectory = mkdtempSync(join(tmpdir(), 'weft-app-killed-'));
    const host = await startHost(dataDirectory);
    const { id } = await host.client.call('run.start', { recipe, datasetId });
    await host.reaches(id, 'finished');
    undisturbed = await readResult(dataDirectory, id);
    await host.end();
  });
  afterAll(() => rmSync(dataDirectory, { recursive: true, force: true }));

  it('leaves no process and no stray file; the next start lists the run as interrupted and goes on with it, to the same bits', async () => {
    let host = await startHost(dataDirectory);
    const { id } = await host.client.call('run.start', { recipe, datasetId });
    for (let kill = 1; kill <= extent.appKills; kill += 1) {
      await host.passes(Math.floor(((totalSteps - 100) * kill) / (extent.appKills + 1)));
      await delay(Math.random() * 30);
      const children = childrenOf(host.processId).map(({ processId }) => processId);
      expect(children.length).toBeGreaterThan(0);
      process.kill(host.processId, 'SIGKILL');
      // The output is closed when every process that shares it has ended.
      await host.program.ended;
      while (children.some(isThere)) await delay(lookEveryMs);

      host = await startHost(dataDirectory);
      const run = (await host.client.call('run.list', {})).find((one) => one.id === id);
      expect(run).toMatchObject({ state: 'interrupted', canResume: true });
      const strays = readdirSync(dataDirectory, { recursive: true, encoding: 'utf8' }).filter((name) =>
        /\.part$|\.tmp-/.test(name),
      );
      expect(strays).toEqual([]);
      await host.client.call('run.resume', { runId: id });
    }
    await host.reaches(id, 'finished');
    expectSame(await readResult(dataDirectory, id), undisturbed);
    await host.end();
    tell(
      `app killed: ${extent.appKills} kills, no process left, the run interrupted and resumable ${extent.appKills} times, the same bits at the end`,
    );
  });
});
