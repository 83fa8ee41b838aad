import type { Handlers } from '../../src-shared/contract.ts';
import { findReadyDataset, type Core } from './core.ts';

type DuplicateCommand = 'duplicates.find' | 'duplicates.cancel' | 'duplicates.read';

export function duplicateHandlers(core: Core): Pick<Handlers, DuplicateCommand> {
  const { duplicates } = core;
  return {
    'duplicates.find': async (wanted) => {
      await findReadyDataset(core, wanted.datasetId);
      return duplicates.find(wanted);
    },
    'duplicates.cancel': async ({ datasetId }) => {
      await findReadyDataset(core, datasetId);
      duplicates.cancel(datasetId);
      return {};
    },
    'duplicates.read': async ({ datasetId }) => {
      await findReadyDataset(core, datasetId);
      return duplicates.read(datasetId);
    },
  };
}
