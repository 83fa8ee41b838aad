// A model as a safetensors file: its tensors under plain names (`layers.0.weight`, `(out, in)`) and everything else in
// the header's metadata. It holds no code and no optimizer state.
import { WeftError } from '../../src-shared/failure.ts';
import { bytesOf, float32Of } from '../../src-shared/schemas/bytes.ts';
import type { NetworkSummary } from '../../src-shared/schemas/network.ts';
import { summarizeNetwork } from '../engine/summary.ts';
import { describeTensors } from '../engine/tensors.ts';
import type { NamedTensor } from '../engine/types.ts';
import { decodeSafetensors, encodeSafetensors, type FileTensor } from '../formats/safetensors.ts';
import { readModelMetadata, versionKey, writeModelMetadata, type ModelMetadata } from './modelMetadata.ts';

/** A trained network with all that is known of it. */
export interface Model extends ModelMetadata {
  tensors: NamedTensor[];
}

/** What can change while the tensors stay as they are. */
export interface ModelChanges extends Partial<Pick<Model, 'name' | 'results'>> {
  /** Null takes it away. */
  temperature?: number | null;
}

/** The model as the bytes of a file. */
export function encodeModel(model: Model): Uint8Array<ArrayBuffer> {
  const { tensors, ...metadata } = model;
  return encodeSafetensors(
    tensors.map(({ name, shape, data }): FileTensor => {
      return { name, shape, dtype: 'F32', bytes: bytesOf(data) };
    }),
    writeModelMetadata(metadata),
  );
}

function readTensor(tensor: FileTensor, expectedShape: readonly number[], fileName: string): NamedTensor {
  const { name, dtype, shape, bytes } = tensor;
  if (dtype !== 'F32') {
    throw new WeftError(
      'model.wrong-tensor',
      `"${fileName}" can't be used as a model: tensor "${name}" has the type ${dtype}, not F32.`,
    );
  }
  if (shape.join() !== expectedShape.join()) {
    throw new WeftError(
      'model.shape-mismatch',
      `"${fileName}" can't be used as a model: tensor "${name}" has the shape [${shape.join(', ')}], but its architecture needs [${expectedShape.join(', ')}].`,
    );
  }
  const data = float32Of(bytes);
  const place = data.findIndex((value) => !Number.isFinite(value));
  if (place >= 0) {
    throw new WeftError(
      'model.not-finite',
      `"${fileName}" can't be used as a model: value ${place} of tensor "${name}" is ${data[place]}.`,
      'Its training had diverged; train it again with a smaller learning rate.',
    );
  }
  return { name, shape: [...shape], data };
}

/** The tensors that the architecture needs, no more and no less. */
function readTensors(
  tensors: readonly FileTensor[],
  { architecture }: ModelMetadata,
  fileName: string,
): NamedTensor[] {
  const byName = new Map(tensors.map((tensor) => [tensor.name, tensor]));
  const read = describeTensors(architecture).map(({ name, shape }) => {
    const tensor = byName.get(name);
    byName.delete(name);
    if (tensor === undefined) {
      throw new WeftError(
        'model.missing-tensor',
        `"${fileName}" can't be used as a model: tensor "${name}" of its architecture is missing.`,
      );
    }
    return readTensor(tensor, shape, fileName);
  });
  for (const name of byName.keys()) {
    throw new WeftError(
      'model.unknown-tensor',
      `"${fileName}" can't be used as a model: its architecture has no place for tensor "${name}".`,
    );
  }
  return read;
}

/**
 * The model in the bytes of a file; `fileName` is for the errors. Throws `model.not-weft`, `.unknown-version`,
 * `.wrong-metadata`, `.wrong-recipe`, `.wrong-architecture`, `.missing-tensor`, `.unknown-tensor`, `.wrong-tensor`,
 * `.shape-mismatch`, `.not-finite`, and every `safetensors.…` error of a file that is not one.
 */
export function decodeModel(bytes: Uint8Array, fileName: string): Model {
  const { tensors, metadata: values } = decodeSafetensors(bytes, fileName);
  const metadata = readModelMetadata(values, fileName);
  return { ...metadata, tensors: readTensors(tensors, metadata, fileName) };
}

/** Whether the bytes are of a model file that Weft wrote, be it whole or not. False for anything that is no safetensors file. */
export function isWeftModel(bytes: Uint8Array): boolean {
  try {
    return decodeSafetensors(bytes, '').metadata.has(versionKey);
  } catch {
    return false;
  }
}

/** The same tensors, byte for byte, in a file that says something else of the model's name, results or temperature. */
export function changeModelFile(
  bytes: Uint8Array,
  { temperature, ...changes }: ModelChanges,
  fileName: string,
): Uint8Array<ArrayBuffer> {
  const { tensors, metadata: values } = decodeSafetensors(bytes, fileName);
  const { temperature: before, ...metadata } = readModelMetadata(values, fileName);
  const after = temperature === undefined ? before : (temperature ?? undefined);
  return encodeSafetensors(
    tensors,
    writeModelMetadata({
      ...metadata,
      ...changes,
      ...(after === undefined ? {} : { temperature: after }),
    }),
  );
}

/** Shapes and parameters of the model's network. */
export function summarizeModel({ recipe, architecture }: Model): NetworkSummary {
  return summarizeNetwork(
    { ...recipe, layers: [...architecture.layers] },
    architecture.shape,
    architecture.classCount,
  );
}
