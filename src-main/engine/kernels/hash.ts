// Random bits that need no state: a hash of where they are used. assembly/hash.ts is the same.

/** Multipliers of few correlations between input and output bits (Wellons, "Prospecting for hash functions", 2018). */
export const [firstMultiplier, secondMultiplier] = [0x21f0aaad, 0x735a2d97];
/** 2^32 over the golden ratio: its multiples spread over all 32 bits. */
export const golden = 0x9e3779b9;

/** 32 bits, as a signed number, of which each depends on all of the given ones. */
export function hash(bits: number): number {
  let mixed = bits ^ (bits >>> 16);
  mixed = Math.imul(mixed, firstMultiplier);
  mixed ^= mixed >>> 15;
  mixed = Math.imul(mixed, secondMultiplier);
  return mixed ^ (mixed >>> 15);
}
