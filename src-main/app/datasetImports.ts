import type { Handlers } from '../../src-shared/contract.ts';
import type { Core } from './core.ts';

type ImportCommand = 'import.begin' | 'import.append' | 'import.preview' | 'import.keep' | 'import.cancel';

export function importHandlers({ imports, datasets, emit }: Core): Pick<Handlers, ImportCommand> {
  return {
    'import.begin': async ({ source }) => ({ importId: await imports.begin(source) }),
    'import.append': async ({ importId, bytes }) => {
      await imports.append(importId, bytes);
      return {};
    },
    'import.preview': ({ importId, options }) => imports.preview(importId, options),
    'import.keep': async ({ importId, ...keeping }) => {
      const summary = await datasets.summary(await imports.keep(importId, keeping));
      emit('dataset.changed', summary);
      return summary;
    },
    'import.cancel': async ({ importId }) => {
      await imports.cancel(importId);
      return {};
    },
  };
}
