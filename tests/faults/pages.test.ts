// Pages that are reloaded and closed while a run is under way, in a real Chromium.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser, type CDPSession, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findChromium } from '../../scripts/findChromium.mjs';
import type { EpochRecord } from '../../src-shared/schemas/run.ts';
import { extent, tell } from './extent.ts';
import { startHost, type Host } from './host.ts';
import { datasetId, expectSame, readResult, recipe, type RunResult } from './runs.ts';

const executablePath = findChromium();
const manyEpochs = 10_000;
/** What the page's heap may grow by from one reload to the last: the curves of the run, which goes on, and noise. */
const heapGrowthLimitBytes = 12_000_000;

const lossOf = ({ epoch, validationLoss }: EpochRecord) => ({ epoch, validationLoss });

interface PageFigures {
  heapBytes: number;
  listeners: number;
  nodes: number;
}

async function measure(page: Page): Promise<PageFigures> {
  const session: CDPSession = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  await session.send('Performance.enable');
  const { metrics } = await session.send('Performance.getMetrics');
  await session.detach();
  const valueOf = (name: string): number => metrics.find((metric) => metric.name === name)?.value ?? NaN;
  return {
    heapBytes: valueOf('JSHeapUsedSize'),
    listeners: valueOf('JSEventListeners'),
    nodes: valueOf('Nodes'),
  };
}

describe.skipIf(executablePath === undefined)('pages that come and go (skipped without Chromium)', () => {
  let dataDirectory: string;
  let host: Host;
  let browser: Browser;
  let undisturbed: RunResult;
  let undisturbedEpochs: readonly EpochRecord[];
  beforeAll(async () => {
    dataDirectory = mkdtempSync(join(tmpdir(), 'weft-pages-'));
    host = await startHost(dataDirectory);
    browser = await chromium.launch({
      ...(executablePath === undefined ? {} : { executablePath }),
      args: [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), '--disable-gpu'],
    });
    const { id } = await host.client.call('run.start', { recipe, datasetId });
    await host.reaches(id, 'finished');
    undisturbed = await readResult(dataDirectory, id);
    const history = await host.client.call('run.history', { runId: id, afterStep: 0, afterEpoch: 0 });
    undisturbedEpochs = history.epochs;
  });
  afterAll(async () => {
    await browser.close();
    await host.end();
    rmSync(dataDirectory, { recursive: true, force: true });
  });

  it('get all of the state back at each reload, keep no listeners or memory, and leave training as it is', async () => {
    const { id } = await host.client.call('run.start', {
      recipe: { ...recipe, epochs: manyEpochs },
      datasetId,
    });
    const page = await browser.newPage();
    const faults: string[] = [];
    page.on('pageerror', (error) => faults.push(error.message));
    await page.goto(host.address.href);
    await page.getByRole('link', { name: 'Train', exact: true }).click();
    const line = page.getByText(/^Batch [\d,]+ of [\d,]+$/);
    const figures: PageFigures[] = [];
    for (let reload = 1; reload <= extent.reloads; reload += 1) {
      const before = host.progress()?.step ?? 0;
      await page.reload();
      await line.waitFor();
      // The page that came up is where the run is, and no earlier.
      await host.passes(before + 1);
      if (reload === 2 || reload === extent.reloads) figures.push(await measure(page));
    }
    const [first, last] = figures;
    const growth = (last?.heapBytes ?? NaN) - (first?.heapBytes ?? NaN);
    expect(faults).toEqual([]);
    expect(last?.listeners).toBeLessThanOrEqual((first?.listeners ?? 0) + 10);
    expect(growth).toBeLessThan(heapGrowthLimitBytes);
    const stepAtClose = host.progress()?.step ?? 0;
    await page.close();
    await host.passes(stepAtClose + 50);
    const stopped = await host.client.call('run.stop', { runId: id });
    expect(stopped.state).toBe('stopped');
    const history = await host.client.call('run.history', { runId: id, afterStep: 0, afterEpoch: 0 });
    const asUndisturbed = history.epochs.slice(0, recipe.epochs);
    expect(asUndisturbed.map(lossOf)).toEqual(undisturbedEpochs.map(lossOf));
    tell(
      `pages: ${extent.reloads} reloads and a close during training, which went on; listeners ${first?.listeners} to ${last?.listeners}, heap ${((first?.heapBytes ?? 0) / 1e6).toFixed(1)} to ${((last?.heapBytes ?? 0) / 1e6).toFixed(1)} MB`,
    );
  });

  it('leave a run that a page came to and went from with the same bits', async () => {
    const { id } = await host.client.call('run.start', { recipe, datasetId });
    const page = await browser.newPage();
    await page.goto(host.address.href);
    await page.close();
    await host.reaches(id, 'finished');
    expectSame(await readResult(dataDirectory, id), undisturbed);
  });
});
