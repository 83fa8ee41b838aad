// ONNX files: https://onnx.ai/onnx/repo-docs/IR.html.
import { create, fromBinary, toBinary, type MessageInitShape } from '@bufbuild/protobuf';
import { WeftError } from '../../../src-shared/failure.ts';
import { bytesOf } from '../../../src-shared/schemas/bytes.ts';
import { dataTypes, modelProto, type ModelProto, type TensorProto } from './messages.ts';

export type OnnxModel = MessageInitShape<typeof modelProto>;
export type OnnxTensor = Pick<TensorProto, 'name' | 'dims' | 'dataType' | 'rawData'>;

/** The model as the bytes of a file. */
export function encodeOnnx(model: OnnxModel): Uint8Array<ArrayBuffer> {
  return toBinary(modelProto, create(modelProto, model));
}

/** The model of a file. Throws `onnx.unreadable`. */
export function decodeOnnx(bytes: Uint8Array, fileName: string): ModelProto {
  try {
    return fromBinary(modelProto, bytes);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new WeftError(
      'onnx.unreadable',
      `"${fileName}" is not a readable ONNX file: ${reason}.`,
      'The file is damaged or of another format; get a fresh copy.',
      { cause: error },
    );
  }
}

const dimsOf = (shape: readonly number[]): bigint[] => shape.map(BigInt);

/** A constant of 32-bit floats, row-major; `[]` is the shape of a single number. */
export function floatTensor(name: string, shape: readonly number[], data: Float32Array): OnnxTensor {
  return { name, dims: dimsOf(shape), dataType: dataTypes.float32, rawData: bytesOf(data) };
}

/** A list of whole numbers, as operators take axes and shapes. */
export function integerTensor(name: string, values: readonly number[]): OnnxTensor {
  const data = BigInt64Array.from(values, BigInt);
  return { name, dims: dimsOf([values.length]), dataType: dataTypes.int64, rawData: bytesOf(data) };
}
