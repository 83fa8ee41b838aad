// Finds the model that MODEL names: a file, or a model of the library or a run by its id.
import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { WeftError } from '../../../src-shared/failure.ts';
import type { Client } from '../../../src-shared/protocol.ts';
import type { ModelReference } from '../../../src-shared/schemas/model.ts';
import { modelsFolder, runFolder } from '../../files/dataDirectory.ts';
import { didYouMean } from './suggestion.ts';

export type ChosenModel = { kind: 'file'; path: string } | { kind: 'kept'; reference: ModelReference };

/** Whether the name can't be an id. */
const looksLikePath = (name: string): boolean => name.endsWith('.safetensors') || /[\\/]/.test(name);

async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

/** Where the chosen model's file is. */
export function modelPathOf(model: ChosenModel, dataDirectory: string): string {
  if (model.kind === 'file') return model.path;
  const { reference } = model;
  return reference.kind === 'run'
    ? join(runFolder(dataDirectory, reference.runId), 'model.safetensors')
    : join(modelsFolder(dataDirectory), `${reference.modelId}.safetensors`);
}

/** Throws `model.unknown`, and `run.no-weights` for a run that has kept nothing yet. */
export async function chooseModel(client: Client, name: string): Promise<ChosenModel> {
  const path = resolve(name);
  if (await isFile(path)) return { kind: 'file', path };
  if (looksLikePath(name)) throw new WeftError('model.unknown', `There is no model file "${name}".`);
  const [models, runs] = await Promise.all([client.call('model.list', {}), client.call('run.list', {})]);
  if (models.some((model) => model.id === name)) {
    return { kind: 'kept', reference: { kind: 'model', modelId: name } };
  }
  const run = runs.find((one) => one.id === name);
  if (run?.keptEpoch === null) {
    throw new WeftError('run.no-weights', `Run "${name}" has no weights yet.`);
  }
  if (run !== undefined) return { kind: 'kept', reference: { kind: 'run', runId: name } };
  const known = [...models, ...runs].map((one) => one.id);
  throw new WeftError(
    'model.unknown',
    `There is no model file, model or run "${name}".${didYouMean(name, known)}`,
    '"weft runs" lists the runs there are.',
  );
}
