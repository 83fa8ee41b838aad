import type { ModelReference } from '../../src-shared/schemas/model.ts';

/** The same model again, as a plain string: for keys and comparisons. */
export function modelKey(model: ModelReference): string {
  return model.kind === 'run' ? `run:${model.runId}` : `model:${model.modelId}`;
}
