// The tensors of a file that another tool wrote, whatever its format and the type of its numbers.
import { WeftError } from '../../src-shared/failure.ts';
import { float32Of } from '../../src-shared/schemas/bytes.ts';
import type { NpyArray } from '../formats/npy.ts';
import { decodeNpz } from '../formats/npz.ts';
import { decodeSafetensors, type FileTensor } from '../formats/safetensors.ts';
import { float32OfBrainFloats, float32OfHalves } from '../formats/smallFloats.ts';

export interface ForeignTensor {
  name: string;
  /** As the file calls it. */
  dtype: string;
  shape: readonly number[];
  /** Row-major. Throws `import.wrong-type` where the numbers are no floats. */
  values(): Float32Array;
}

export interface ForeignFile {
  format: 'safetensors' | 'npz';
  /** In the file's order. */
  tensors: ForeignTensor[];
}

/** Types that become float32; the note says which they were. */
export const convertedTypes = new Set(['F16', 'BF16', 'F64', 'float16', 'float64']);

function wrongType(name: string, dtype: string): WeftError {
  return new WeftError(
    'import.wrong-type',
    `Tensor "${name}" holds numbers of the type ${dtype}; weights must be floats.`,
    'Save the weights as 32-bit floats. Quantized models are not supported.',
  );
}

const wordsOf = (bytes: Uint8Array): Uint16Array => new Uint16Array(new Uint8Array(bytes).buffer);

function valuesOfFileTensor({ name, dtype, bytes }: FileTensor): Float32Array {
  switch (dtype) {
    case 'F32':
      return float32Of(bytes);
    case 'F64':
      return Float32Array.from(new Float64Array(new Uint8Array(bytes).buffer));
    case 'F16':
      return float32OfHalves(wordsOf(bytes));
    case 'BF16':
      return float32OfBrainFloats(wordsOf(bytes));
    case 'BOOL':
    case 'U8':
    case 'I8':
    case 'F8_E5M2':
    case 'F8_E4M3':
    case 'U16':
    case 'I16':
    case 'U32':
    case 'I32':
    case 'U64':
    case 'I64':
      throw wrongType(name, dtype);
  }
}

function valuesOfArray(name: string, { dtype, data }: NpyArray): Float32Array {
  if (data instanceof Float32Array) return data;
  if (data instanceof Float64Array) return Float32Array.from(data);
  if (dtype === 'float16' && data instanceof Uint16Array) return float32OfHalves(data);
  throw wrongType(name, dtype);
}

/** Whether the bytes begin as every zip archive does, and so every `.npz`. */
export const isArchive = (bytes: Uint8Array): boolean => bytes[0] === 0x50 && bytes[1] === 0x4b;

/** Reads a safetensors or `.npz` file. Throws the errors of `decodeSafetensors` and `decodeNpz`. */
export function readForeignFile(bytes: Uint8Array, fileName: string): ForeignFile {
  if (isArchive(bytes)) {
    const tensors = decodeNpz(bytes, fileName).map((array): ForeignTensor => {
      const { name, dtype, shape } = array;
      return { name, dtype, shape, values: () => valuesOfArray(name, array) };
    });
    return { format: 'npz', tensors };
  }
  const tensors = decodeSafetensors(bytes, fileName).tensors.map((tensor): ForeignTensor => {
    const { name, dtype, shape } = tensor;
    return { name, dtype, shape, values: () => valuesOfFileTensor(tensor) };
  });
  return { format: 'safetensors', tensors };
}
