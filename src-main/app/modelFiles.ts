// Models straight from files, for the command line: it needs no library and can compute in its own process.
import { DatasetStore } from '../datasets/store.ts';
import { evaluateModel, readModelFile, type EvaluationSplit } from '../training/evaluation.ts';
import type { EvaluationResult } from '../training/messages.ts';
import type { Model } from '../runs/modelFile.ts';

export type { Model } from '../runs/modelFile.ts';

/** Built beside the host's program. */
const engineOptions = { threads: 1, workerProgram: new URL('./worker.js', import.meta.url) };

/** The model of a safetensors file. Throws `files.…`, `safetensors.…` and `model.…` errors. */
export function readModel(path: string): Promise<Model> {
  return readModelFile(path);
}

/** The model over a split of a dataset of the data directory. Throws `dataset.unknown`, `dataset.absent`, `model.…`. */
export async function evaluateOnDataset(
  model: Model,
  dataDirectory: string,
  datasetId: string,
  split: EvaluationSplit,
): Promise<EvaluationResult> {
  const dataset = await new DatasetStore({ dataDirectory }).load(datasetId);
  return evaluateModel(model, dataset, split, engineOptions);
}
