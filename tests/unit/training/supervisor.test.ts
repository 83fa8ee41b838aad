import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RunStore } from '../../../src-main/runs/runStore.ts';
import type { TrainingChannel } from '../../../src-main/training/channel.ts';
import { TrainingSupervisor, type TrainingRequest } from '../../../src-main/training/supervisor.ts';
import { defaultPreset } from '../../../src-shared/presets.ts';

const request: TrainingRequest = {
  recipe: defaultPreset.recipe,
  dataset: {
    id: 'strokes',
    classes: ['0', '1'],
    shape: { height: 28, width: 28, channels: 1 },
  },
  name: 'given up',
  threads: 1,
  paused: false,
};

/** A training process that prepares for ever. */
function endlessPreparation(): TrainingChannel {
  let exit: (reason: string) => void = () => undefined;
  return {
    send: () => undefined,
    onMessage: () => undefined,
    onExit: (listener) => (exit = listener),
    kill: () => exit('signal SIGKILL'),
  };
}

let dataDirectory: string;

beforeEach(async () => {
  dataDirectory = await mkdtemp(join(tmpdir(), 'weft-supervisor-'));
});
afterEach(async () => {
  await rm(dataDirectory, { recursive: true, force: true });
});

describe('TrainingSupervisor', () => {
  it('lets a run be discarded while it is being prepared: its start says so, and it is removed once', async () => {
    const runs = await RunStore.open(dataDirectory);
    const removed: string[] = [];
    let tellCreated: (runId: string) => void = () => undefined;
    const created = new Promise<string>((resolve) => (tellCreated = resolve));
    const supervisor = new TrainingSupervisor({
      runs,
      dataDirectory,
      weftVersion: '0.0.0',
      spawnTraining: endlessPreparation,
      onProgress: () => undefined,
      onChange: (run) => tellCreated(run.id),
      onRemove: (runId) => removed.push(runId),
    });
    const start = expect(supervisor.start(request)).rejects.toMatchObject({ code: 'run.discarded' });
    const runId = await created;
    await supervisor.discard(runId);
    await start;
    expect(supervisor.current()).toBeNull();
    expect(removed).toEqual([runId]);
    expect(await runs.list()).toEqual([]);
  });
});
