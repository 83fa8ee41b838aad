import { describe, expect, it } from 'vitest';
import { bytesOf, float32Of, uint32Of } from '../../../src-shared/schemas/bytes.ts';

/** Three bytes of something else, then the values. */
const misaligned = (values: ArrayBufferView): Uint8Array => {
  const bytes = new Uint8Array(3 + values.byteLength);
  bytes.set(bytesOf(values), 3);
  return bytes.subarray(3);
};

describe('bytes', () => {
  it('become the numbers again that they were made of, at any alignment', () => {
    expect([...float32Of(misaligned(Float32Array.of(1.5, -2)))]).toEqual([1.5, -2]);
    expect([...uint32Of(misaligned(Uint32Array.of(7, 4_294_967_295)))]).toEqual([7, 4_294_967_295]);
  });

  it('are only those of a part when it is a part of a Node buffer, whose slices share its memory', () => {
    const file = Buffer.from(misaligned(Float32Array.of(1, 2, 3)));
    expect([...float32Of(file.subarray(4))]).toEqual([2, 3]);
    const counts = Buffer.from(misaligned(Uint32Array.of(1, 2, 3)));
    expect([...uint32Of(counts.subarray(8))]).toEqual([3]);
  });
});
