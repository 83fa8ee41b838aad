// Wires the core together over a data directory.
import type { Handlers } from '../../src-shared/contract.ts';
import { refuseChanges, type EventMessage } from '../../src-shared/protocol.ts';
import type { DirectoryAccess } from '../../src-shared/schemas/directory.ts';
import { CorrectionStore } from '../datasets/correctionStore.ts';
import { DatasetStore } from '../datasets/store.ts';
import { datasetsFolder, runsFolder } from '../files/dataDirectory.ts';
import { sweepImportFolders } from '../files/importFolder.ts';
import { sweepDataDirectory } from '../files/sweepDataDirectory.ts';
import { ModelLibrary } from '../runs/modelLibrary.ts';
import { RunStore } from '../runs/runStore.ts';
import { CrossValidator } from '../training/crossValidator.ts';
import { DuplicateFinder } from '../training/duplicateFinder.ts';
import { Evaluator } from '../training/evaluator.ts';
import { Repeater, type RepeaterOptions } from '../training/repeater.ts';
import { TrainingSupervisor } from '../training/supervisor.ts';
import { findReadyDataset, type Core } from './core.ts';
import { importHandlers } from './datasetImports.ts';
import { correctionHandlers } from './corrections.ts';
import { datasetHandlers } from './datasets.ts';
import { describeHandlers } from './describe.ts';
import { Directory } from './directory.ts';
import { duplicateHandlers } from './duplicates.ts';
import { Imports } from './imports.ts';
import { labelIssueHandlers } from './labelIssues.ts';
import { modelHandlers } from './models.ts';
import { Notices } from './notices.ts';
import { projectHandlers } from './projects.ts';
import { runHandlers } from './runs.ts';
import { settingsHandlers } from './settings.ts';
import { setAsideBrokenSettings, settingsStoreOver } from './settingsStore.ts';
import { Transfers } from './transfers.ts';
import type { App, AppOptions } from './types.ts';

/** Everything that works on a data directory, for as long as this Weft is the owner or only reads. */
async function openCore(
  options: AppOptions,
  shared: Pick<Core, 'directory' | 'notices' | 'emit'>,
): Promise<Core> {
  const { dataDirectory, version, spawnTraining } = options;
  const { directory, notices, emit } = shared;
  const { isReadOnly } = directory;
  if (!isReadOnly) {
    await sweepDataDirectory(dataDirectory);
    await sweepImportFolders(runsFolder(dataDirectory));
    await sweepImportFolders(datasetsFolder(dataDirectory));
  }
  const settingsProblem = setAsideBrokenSettings(dataDirectory, isReadOnly);
  if (settingsProblem !== undefined) notices.add(settingsProblem);
  const runs = await RunStore.open(dataDirectory, { isReadOnly });
  const datasets = new DatasetStore({
    dataDirectory,
    host: options.host,
    ...(options.fetch === undefined ? {} : { fetch: options.fetch }),
    onChange: (summary) => emit('dataset.changed', summary),
    onProgress: (progress) => emit('dataset.progressed', progress),
  });
  const corrections = new CorrectionStore({
    ...{ dataDirectory, datasets, isReadOnly },
    onChange: (changed) => emit('corrections.changed', changed),
  });
  const supervisor = new TrainingSupervisor({
    runs,
    dataDirectory,
    weftVersion: version,
    spawnTraining,
    onProgress: (progress) => emit('run.progressed', progress),
    onChange: (run) => emit('run.changed', run),
    onRemove: (runId) => emit('run.removed', { runId }),
  });
  // To open a broken file is to overwrite it.
  const settings =
    isReadOnly && settingsProblem !== undefined
      ? settingsStoreOver({ store: {} })
      : options.openSettings(dataDirectory);
  const oneAfterTheOther: Omit<RepeaterOptions, 'onChange'> = {
    start: async ({ datasetId, ...run }) => {
      const dataset = await findReadyDataset({ datasets }, datasetId);
      return supervisor.start({ ...run, dataset, threads: settings.read().threads, paused: false });
    },
    ended: (runId) => supervisor.ended(runId),
    stop: (runId) => supervisor.stop(runId),
  };
  const repeater = new Repeater({
    ...oneAfterTheOther,
    onChange: (repetition) => emit('repetition.changed', repetition),
  });
  const crossValidator = new CrossValidator({
    ...oneAfterTheOther,
    listRuns: () => runs.list(),
    resume: (runId) =>
      supervisor.resume({ runId, threads: settings.read().threads, paused: false, learningRate: null }),
    onChange: (crossValidation) => emit('crossValidation.changed', crossValidation),
  });
  return {
    ...shared,
    options,
    settings,
    runs,
    models: new ModelLibrary(dataDirectory),
    datasets,
    corrections,
    supervisor,
    repeater,
    crossValidator,
    duplicates: new DuplicateFinder({
      ...{ dataDirectory, spawnTraining },
      onProgress: (search) => emit('duplicates.progressed', search),
    }),
    evaluator: new Evaluator(spawnTraining),
    transfers: new Transfers(),
    imports: new Imports({
      dataDirectory,
      spawnTraining,
      reservedIds: datasets.catalogueIds,
      onProgress: (progress) => emit('import.progressed', progress),
    }),
  };
}

function handlersOf(core: Core, takeOver: Handlers['directory.takeOver']): Handlers {
  const handlers = {
    ...describeHandlers(core),
    ...settingsHandlers(core),
    ...datasetHandlers(core),
    ...importHandlers(core),
    ...correctionHandlers(core),
    ...runHandlers(core),
    ...labelIssueHandlers(core),
    ...duplicateHandlers(core),
    ...modelHandlers(core),
    ...projectHandlers(core),
    'directory.describe': () => core.directory.describe(),
    'directory.takeOver': takeOver,
  };
  return refuseChanges(handlers, () => core.directory.refusal());
}

async function closeCore(core: Core): Promise<void> {
  await core.transfers.close();
  await core.imports.close();
  core.evaluator.close();
  core.duplicates.close();
  await core.supervisor.close();
}

/**
 * The core over a data directory: opens its runs, models and datasets, and answers every command of the contract.
 * Throws `directory.held` when another Weft owns the directory and this one is not to be read-only, and a `files.…`
 * error when the directory can't be used.
 */
export async function createApp(options: AppOptions): Promise<App> {
  const { dataDirectory, host, address = null, isReadOnly = false } = options;
  const listeners = new Set<(message: EventMessage) => void>();
  const emit: Core['emit'] = (event, payload) => {
    for (const listener of listeners) listener({ event, payload });
  };
  const notices = new Notices();
  const directory = await Directory.open({
    ...{ dataDirectory, host, address, isReadOnly },
    onChange: (access) => emit('directory.changed', access),
  });
  let core: Core;
  try {
    core = await openCore(options, { directory, notices, emit });
  } catch (error) {
    await directory.close();
    throw error;
  }
  let takingOver: Promise<DirectoryAccess> | undefined;
  const takeOver = (): Promise<DirectoryAccess> => {
    takingOver ??= becomeOwner().finally(() => (takingOver = undefined));
    return takingOver;
  };
  let handlers = handlersOf(core, takeOver);
  async function becomeOwner(): Promise<DirectoryAccess> {
    if (!directory.isReadOnly) return directory.describe();
    await directory.takeOver();
    // What was read so far may have changed since, and a run that the last owner left is to be marked as interrupted.
    const earlier = core;
    core = await openCore(options, { directory, notices, emit });
    handlers = handlersOf(core, takeOver);
    await closeCore(earlier);
    emit('directory.changed', directory.describe());
    return directory.describe();
  }
  return {
    get handlers() {
      return handlers;
    },
    get settings() {
      return core.settings;
    },
    get notices() {
      return notices.list;
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async close() {
      await closeCore(core);
      await directory.close();
    },
  };
}
