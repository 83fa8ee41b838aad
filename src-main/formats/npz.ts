// NumPy's archive of named arrays: a zip of `<name>.npy`, as numpy.savez and numpy.savez_compressed write it.
import { WeftError } from '../../src-shared/failure.ts';
import { decodeNpy, encodeNpy, type NpyArray } from './npy.ts';
import { decodeZip, encodeZip } from './zip.ts';

export interface NamedNpyArray extends NpyArray {
  /** Without `.npy`; may hold slashes, as Keras's names do. */
  name: string;
}

const extension = '.npy';

/**
 * The archive's bytes, its arrays in the given order. `isCompressed` deflates them, which saves little on trained weights.
 * Throws `zip.wrong-name` for a name that is used twice or is no plain relative path, and the errors of `encodeNpy`.
 */
export function encodeNpz(arrays: readonly NamedNpyArray[], isCompressed = false): Uint8Array<ArrayBuffer> {
  const files = arrays.map((array) => ({ name: `${array.name}${extension}`, bytes: encodeNpy(array) }));
  return encodeZip(files, isCompressed);
}

/**
 * The arrays of the archive, in its order; `allowanceBytes` as in `decodeZip`. Throws `npz.wrong-entry` for a file in it that is no array, and the errors of
 * `decodeZip` and `decodeNpy`.
 */
export function decodeNpz(bytes: Uint8Array, fileName: string, allowanceBytes?: number): NamedNpyArray[] {
  const arrays: NamedNpyArray[] = [];
  for (const file of decodeZip(bytes, fileName, allowanceBytes)) {
    if (!file.name.endsWith(extension)) {
      throw new WeftError(
        'npz.wrong-entry',
        `"${fileName}" is not a NumPy archive: it holds "${file.name}", which is no array.`,
        'Save the arrays again with numpy.savez.',
      );
    }
    const name = file.name.slice(0, -extension.length);
    arrays.push({ name, ...decodeNpy(file.bytes, `${fileName}: ${file.name}`) });
  }
  return arrays;
}
