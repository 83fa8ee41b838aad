// Floats that are smaller or larger than ours, as float32.

/** Bits of a half float (IEEE 754 binary16): sign 1, exponent 5 with bias 15, fraction 10. Exact: each is a float32, too. */
export function float32OfHalf(bits: number): number {
  const sign = (bits & 0x8000) === 0 ? 1 : -1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** Values of half floats, each given by its bits. */
export function float32OfHalves(bits: Uint16Array): Float32Array<ArrayBuffer> {
  return Float32Array.from(bits, float32OfHalf);
}

/** Values of bfloat16, the upper half of a float32 each, given by its bits. Exact. */
export function float32OfBrainFloats(bits: Uint16Array): Float32Array<ArrayBuffer> {
  return new Float32Array(Uint32Array.from(bits, (half) => half << 16).buffer);
}
