// What the person says of a dataset's training images.
import type { Handlers } from '../../src-shared/contract.ts';
import { findDataset, type Core } from './core.ts';

type CorrectionCommand = 'corrections.read' | 'corrections.change' | 'corrections.clear';

export function correctionHandlers(core: Core): Pick<Handlers, CorrectionCommand> {
  const { corrections } = core;
  return {
    'corrections.read': async ({ datasetId }) => {
      await findDataset(core, datasetId);
      return corrections.read(datasetId);
    },
    'corrections.change': ({ datasetId, changes }) => corrections.change(datasetId, changes),
    'corrections.clear': ({ datasetId }) => corrections.clear(datasetId),
  };
}
