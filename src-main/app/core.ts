// What the handlers of the contract share.
import { WeftError } from '../../src-shared/failure.ts';
import type { EventName, EventPayload } from '../../src-shared/contract.ts';
import type { DatasetSummary } from '../../src-shared/schemas/dataset.ts';
import type { CorrectionStore } from '../datasets/correctionStore.ts';
import type { DatasetStore } from '../datasets/store.ts';
import type { ModelLibrary } from '../runs/modelLibrary.ts';
import type { RunStore } from '../runs/runStore.ts';
import type { CrossValidator } from '../training/crossValidator.ts';
import type { DuplicateFinder } from '../training/duplicateFinder.ts';
import type { Evaluator } from '../training/evaluator.ts';
import type { Repeater } from '../training/repeater.ts';
import type { TrainingSupervisor } from '../training/supervisor.ts';
import type { Imports } from './imports.ts';
import type { Transfers } from './transfers.ts';
import type { Directory } from './directory.ts';
import type { Notices } from './notices.ts';
import type { AppOptions, SettingsStore } from './types.ts';

export interface Core {
  options: AppOptions;
  settings: SettingsStore;
  directory: Directory;
  notices: Notices;
  datasets: DatasetStore;
  corrections: CorrectionStore;
  runs: RunStore;
  models: ModelLibrary;
  supervisor: TrainingSupervisor;
  evaluator: Evaluator;
  transfers: Transfers;
  imports: Imports;
  repeater: Repeater;
  crossValidator: CrossValidator;
  duplicates: DuplicateFinder;
  /** Tells every page. */
  emit: <N extends EventName>(event: N, payload: EventPayload<N>) => void;
}

/** The dataset's summary, whether its images are here or not. Throws `dataset.unknown`. */
export async function findDataset(
  { datasets }: Pick<Core, 'datasets'>,
  datasetId: string,
): Promise<DatasetSummary> {
  const all = await datasets.list();
  const found = all.find((summary) => summary.id === datasetId);
  if (found !== undefined) return found;
  throw new WeftError(
    'dataset.unknown',
    `There is no dataset "${datasetId}".`,
    `Known are ${all.map((summary) => summary.id).join(', ')}.`,
  );
}

/** The summary of a dataset whose images are here. Throws `dataset.unknown` and `dataset.absent`. */
export async function findReadyDataset(
  core: Pick<Core, 'datasets'>,
  datasetId: string,
): Promise<DatasetSummary> {
  const found = await findDataset(core, datasetId);
  if (found.state === 'built-in' || found.state === 'ready') return found;
  throw new WeftError(
    'dataset.absent',
    `${found.name} is not on this computer yet.`,
    found.state === 'downloading'
      ? 'Wait until its download is complete.'
      : 'Download it first, or choose Strokes, which needs no download.',
  );
}
