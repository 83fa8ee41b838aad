import { describe, expect, it } from 'vitest';
import { Repeater } from '../../../src-main/training/repeater.ts';
import { presets } from '../../../src-shared/presets.ts';
import { fromErrorData } from '../../../src-shared/failure.ts';
import type { Repetition } from '../../../src-shared/schemas/repetition.ts';
import type { RunSummary } from '../../../src-shared/schemas/run.ts';

const { recipe } = presets[0]!;
const request = {
  runId: 'first',
  recipe,
  datasetId: 'strokes',
  corrections: null,
  name: 'First',
  seeds: [2, 3, 4],
};

/** Runs that end when the test says so. */
function scene() {
  const trained: number[] = [];
  const stopped: number[] = [];
  const changes: Repetition[] = [];
  const endings = new Map<string, (state: RunSummary['state']) => void>();
  const summaryOf = (id: string, state: RunSummary['state']): RunSummary =>
    ({ id, state, failure: null }) as RunSummary;
  const repeater = new Repeater({
    start: ({ recipe: { seed }, name }) => {
      expect(name).toBe(`First · seed ${seed}`);
      trained.push(seed);
      return Promise.resolve(summaryOf(`run-${seed}`, 'running'));
    },
    ended: (runId) =>
      new Promise((resolve) => endings.set(runId, (state) => resolve(summaryOf(runId, state)))),
    stop: (runId) => {
      stopped.push(Number(runId.slice('run-'.length)));
      return Promise.resolve(endings.get(runId)?.('stopped'));
    },
    onChange: (repetition) => changes.push(repetition),
  });
  const end = async (runId: string, state: RunSummary['state']): Promise<void> => {
    endings.get(runId)?.(state);
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { repeater, trained, stopped, changes, end };
}

describe('repeating a recipe', () => {
  it('trains it with each seed, one run after the other, and says how far it is', async () => {
    const { repeater, trained, changes, end } = scene();
    await repeater.start(request);
    expect(trained).toEqual([2]);
    await end('run-2', 'finished');
    expect(repeater.current).toMatchObject({ done: 1, state: 'running', runIds: ['run-2', 'run-3'] });
    await end('run-3', 'finished');
    await end('run-4', 'finished');
    expect(trained).toEqual([2, 3, 4]);
    expect(changes.at(-1)).toEqual(repeater.current);
    expect(repeater.current).toMatchObject({ done: 3, state: 'finished', failure: null });
  });

  it('does one recipe at a time, and another after it was cancelled', async () => {
    const { repeater, trained, end } = scene();
    await repeater.start(request);
    await expect(repeater.start(request)).rejects.toMatchObject({ code: 'repeat.busy' });
    await repeater.cancel();
    await end('run-2', 'stopped');
    expect(repeater.current).toMatchObject({ state: 'cancelled', done: 1 });
    expect(trained).toEqual([2]);
    expect((await repeater.start(request)).state).toBe('running');
  });

  it('stops a run that was just beginning when it was cancelled', async () => {
    const { repeater, trained, stopped, end } = scene();
    await repeater.start(request);
    const ending = end('run-2', 'finished');
    await Promise.resolve();
    await repeater.cancel();
    await ending;
    expect(repeater.current?.state).toBe('cancelled');
    expect(trained.slice(1)).toEqual(stopped.filter((seed) => seed !== 2));
  });

  it('goes no further once a run was stopped or failed', async () => {
    for (const [ending, state] of [
      ['stopped', 'cancelled'],
      ['failed', 'failed'],
    ] as const) {
      const { repeater, trained, end } = scene();
      await repeater.start(request);
      await end('run-2', ending);
      expect(repeater.current?.state).toBe(state);
      expect(trained).toEqual([2]);
    }
  });

  it('leaves nothing behind when the first run could not begin', async () => {
    const failure = fromErrorData({ code: 'run.busy', message: 'busy' });
    const repeater = new Repeater({
      start: () => Promise.reject(failure),
      ended: () => Promise.reject(failure),
      stop: () => Promise.resolve(),
      onChange: () => undefined,
    });
    await expect(repeater.start(request)).rejects.toBe(failure);
    expect(repeater.current).toBeNull();
  });
});
