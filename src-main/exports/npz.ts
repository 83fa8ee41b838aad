// A model as NumPy's archive: its tensors under the names and in the shapes of its model file, and `metadata`, bytes of
// JSON with what else a model file says: json.loads(bytes(arrays["metadata"])).
import * as v from 'valibot';
import { WeftError } from '../../src-shared/failure.ts';
import { decodeNpz, encodeNpz, type NamedNpyArray } from '../formats/npz.ts';
import type { Model } from '../runs/modelFile.ts';
import { readModelMetadata, writeModelMetadata } from '../runs/modelMetadata.ts';
import type { ExportMaker, Network } from './exportFormat.ts';

const metadataName = 'metadata';

/** The archive's bytes. */
export function encodeModelArrays({ tensors, ...metadata }: Model): Uint8Array<ArrayBuffer> {
  const texts = [...writeModelMetadata(metadata)].map(([key, text]): [string, unknown] => [
    key,
    JSON.parse(text),
  ]);
  const json = new TextEncoder().encode(JSON.stringify(Object.fromEntries(texts)));
  return encodeNpz([
    ...tensors.map(({ name, shape, data }): NamedNpyArray => ({ name, dtype: 'float32', shape, data })),
    { name: metadataName, dtype: 'uint8', shape: [json.length], data: json },
  ]);
}

function readMetadata(array: NamedNpyArray | undefined, fileName: string): Network['architecture'] {
  if (!(array?.data instanceof Uint8Array)) {
    throw new WeftError('export.incomplete', `"${fileName}" has no "${metadataName}" made of bytes.`);
  }
  const values = v.parse(v.record(v.string(), v.unknown()), JSON.parse(new TextDecoder().decode(array.data)));
  const texts = Object.entries(values).map(([key, value]): [string, string] => [key, JSON.stringify(value)]);
  return readModelMetadata(new Map(texts), fileName).architecture;
}

/** The network of an archive. Throws `export.incomplete`, and the errors of `decodeNpz` and `readModelMetadata`. */
export function decodeModelArrays(bytes: Uint8Array, fileName: string): Network {
  const arrays = decodeNpz(bytes, fileName);
  return {
    architecture: readMetadata(
      arrays.find(({ name }) => name === metadataName),
      fileName,
    ),
    tensors: arrays.flatMap(({ name, shape, data }) =>
      data instanceof Float32Array ? [{ name, shape: [...shape], data }] : [],
    ),
  };
}

/** For NumPy, and everything else that reads its archives. */
export const npz: ExportMaker = {
  covers: 'file',
  make: ({ model }) => encodeModelArrays(model),
  readBack: decodeModelArrays,
};
