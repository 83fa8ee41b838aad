// Wires the core together over a data directory.
import type { EventMessage } from '../../src-shared/protocol.ts';
import { DatasetStore } from '../datasets/store.ts';
import { makeFolder } from '../files/makeFolder.ts';
import { ModelLibrary } from '../runs/modelLibrary.ts';
import { RunStore } from '../runs/runStore.ts';
import { Evaluator } from '../training/evaluator.ts';
import { TrainingSupervisor } from '../training/supervisor.ts';
import type { Core } from './core.ts';
import { datasetHandlers } from './datasets.ts';
import { describeHandlers } from './describe.ts';
import { modelHandlers } from './models.ts';
import { runHandlers } from './runs.ts';
import { settingsHandlers } from './settings.ts';
import type { App, AppOptions } from './types.ts';

/**
 * The core over a data directory: opens its runs, models and datasets, and answers every command of the contract.
 * Throws a `files.…` error when the directory can't be used.
 */
export async function createApp(options: AppOptions): Promise<App> {
  const { dataDirectory, version, spawnTraining } = options;
  makeFolder(dataDirectory);
  const listeners = new Set<(message: EventMessage) => void>();
  const emit: Core['emit'] = (event, payload) => {
    for (const listener of listeners) listener({ event, payload });
  };
  const runs = await RunStore.open(dataDirectory);
  const core: Core = {
    options,
    emit,
    runs,
    models: await ModelLibrary.open(dataDirectory),
    datasets: new DatasetStore({
      dataDirectory,
      onChange: (summary) => emit('dataset.changed', summary),
      onProgress: (progress) => emit('dataset.progressed', progress),
    }),
    supervisor: new TrainingSupervisor({
      runs,
      dataDirectory,
      weftVersion: version,
      spawnTraining,
      onProgress: (progress) => emit('run.progressed', progress),
      onChange: (run) => emit('run.changed', run),
      onRemove: (runId) => emit('run.removed', { runId }),
    }),
    evaluator: new Evaluator(spawnTraining),
  };
  return {
    handlers: {
      ...describeHandlers(core),
      ...settingsHandlers(core),
      ...datasetHandlers(core),
      ...runHandlers(core),
      ...modelHandlers(core),
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async close() {
      core.evaluator.close();
      await core.supervisor.close();
    },
  };
}
