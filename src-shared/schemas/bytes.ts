import * as v from 'valibot';

/** Large arrays travel as bytes, little-endian, never as JSON numbers. */
export const bytesSchema = v.instance(Uint8Array);

/** The array's memory as bytes, without a copy. */
export function bytesOf<B extends ArrayBufferLike>(array: ArrayBufferView<B>): Uint8Array<B> {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}

/** Bytes as 32-bit floats; copies, so that any alignment is accepted. */
export function float32Of(bytes: Uint8Array): Float32Array {
  return new Float32Array(new Uint8Array(bytes).buffer);
}

/** Bytes as unsigned 32-bit integers; copies, so that any alignment is accepted. */
export function uint32Of(bytes: Uint8Array): Uint32Array {
  return new Uint32Array(new Uint8Array(bytes).buffer);
}
