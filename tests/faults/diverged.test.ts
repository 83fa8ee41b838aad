// Numbers that are none: a learning rate of a million.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeCheckpoint } from '../../src-main/runs/checkpoint.ts';
import { checkpointFile, listCheckpoints } from '../../src-main/runs/runFiles.ts';
import { uint32Of } from '../../src-shared/schemas/bytes.ts';
import { tell } from './extent.ts';
import { startHost, type Host } from './host.ts';
import { datasetId, recipe, stepsPerEpoch } from './runs.ts';

/** Linear layers pass everything on, so nothing stops it from growing. */
const unbounded = {
  ...recipe,
  epochs: 10_000,
  optimizer: { type: 'gradient-descent', learningRate: 0.05 },
  layers: [16, 16].map((units) => ({ type: 'dense', units, activation: 'linear' })),
};

describe('a run whose numbers become infinite or none at all', () => {
  let dataDirectory: string;
  let host: Host;
  beforeAll(async () => {
    dataDirectory = mkdtempSync(join(tmpdir(), 'weft-diverged-'));
    host = await startHost(dataDirectory);
  });
  afterAll(async () => {
    await host.end();
    rmSync(dataDirectory, { recursive: true, force: true });
  });

  it('ends within a batch with the reason and advice, and keeps its last finite checkpoint alone', async () => {
    const started = await host.client.call('run.start', { recipe: unbounded, datasetId });
    await host.passes(2 * stepsPerEpoch);
    await host.client.call('run.pause', { runId: started.id });
    const goodSteps = (await host.client.call('run.current', {}))?.step ?? 0;
    await host.client.call('run.changeLearningRate', { runId: started.id, learningRate: 1000 });
    await host.client.call('run.resume', { runId: started.id });
    const failed = await host.reaches(started.id, 'failed', 'finished');
    expect(failed).toMatchObject({ state: 'failed', failure: { code: 'training.diverged' } });
    expect(failed.failure?.remedy).toMatch(/learning rate/i);
    const { batchSteps } = await host.client.call('run.history', {
      runId: started.id,
      afterStep: goodSteps,
      afterEpoch: 0,
    });
    const lastStep = uint32Of(batchSteps).at(-1) ?? goodSteps;
    const folder = join(dataDirectory, 'runs', started.id);
    const steps = await listCheckpoints(folder);
    expect(steps.length).toBeGreaterThan(0);
    for (const step of steps) {
      const file = join(folder, checkpointFile(step));
      const { trainer, best } = await decodeCheckpoint(readFileSync(file), file);
      for (const { data } of trainer.tensors) expect(data.every(Number.isFinite)).toBe(true);
      if (best !== null) expect(Number.isFinite(best.validationLoss)).toBe(true);
    }
    expect(existsSync(join(folder, 'model.safetensors'))).toBe(true);
    tell(
      `diverged: failed after ${goodSteps} good steps and ${lastStep - goodSteps} more with "${failed.failure?.message}"; ${steps.length} checkpoints, all finite`,
    );
  });
});
