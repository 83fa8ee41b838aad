// See ../hash.ts.

export const FIRST_MULTIPLIER: i32 = 0x21f0aaad;
export const SECOND_MULTIPLIER: i32 = 0x735a2d97;
export const GOLDEN: i32 = 0x9e3779b9;

@inline
export function hash(bits: u32): u32 {
  let mixed = bits ^ (bits >> 16);
  mixed *= <u32>FIRST_MULTIPLIER;
  mixed ^= mixed >> 15;
  mixed *= <u32>SECOND_MULTIPLIER;
  return mixed ^ (mixed >> 15);
}

/** The same of four numbers. */
@inline
export function hashFour(bits: v128): v128 {
  let mixed = v128.xor(bits, i32x4.shr_u(bits, 16));
  mixed = i32x4.mul(mixed, i32x4.splat(FIRST_MULTIPLIER));
  mixed = v128.xor(mixed, i32x4.shr_u(mixed, 15));
  mixed = i32x4.mul(mixed, i32x4.splat(SECOND_MULTIPLIER));
  return v128.xor(mixed, i32x4.shr_u(mixed, 15));
}
