// The innermost loop of every product: a tile of C stays in registers while its products are summed in the order of k.
//
// `a0` … are the starts of A's rows; k's number lies `offsets[k]` bytes further on. B's row of the tile's columns is
// `bStep` bytes from one k to the next, C's rows `cStep` bytes. Every build has one tile for most rows and a lower one
// for what is left, both of its columns; which shapes fill a processor's registers without spilling them:
// 4x8 without a fused multiply-add, 6x8 with it (V8 has 15 registers to give), 6x16 where V8 makes one 256-bit
// operation of two neighbouring ones. Sums start from 0 and nothing branches in the loop, or V8 would not pair them.
import { multiplyAdd } from "./multiplyAdd";

export function tile4x8(
  a0: usize, a1: usize, a2: usize, a3: usize, offsets: usize, depth: i32, b: usize, bStep: usize, c: usize, cStep: usize,
): void {
  let s00 = f32x4.splat(0), s01 = f32x4.splat(0);
  let s10 = f32x4.splat(0), s11 = f32x4.splat(0);
  let s20 = f32x4.splat(0), s21 = f32x4.splat(0);
  let s30 = f32x4.splat(0), s31 = f32x4.splat(0);
  const end = offsets + (<usize>depth << 2);
  for (; offsets < end; offsets += 4) {
    const offset = <usize>load<u32>(offsets);
    const b0 = v128.load(b), b1 = v128.load(b, 16);
    b += bStep;
    let a = v128.load32_splat(a0 + offset);
    s00 = multiplyAdd(a, b0, s00); s01 = multiplyAdd(a, b1, s01);
    a = v128.load32_splat(a1 + offset);
    s10 = multiplyAdd(a, b0, s10); s11 = multiplyAdd(a, b1, s11);
    a = v128.load32_splat(a2 + offset);
    s20 = multiplyAdd(a, b0, s20); s21 = multiplyAdd(a, b1, s21);
    a = v128.load32_splat(a3 + offset);
    s30 = multiplyAdd(a, b0, s30); s31 = multiplyAdd(a, b1, s31);
  }
  v128.store(c, s00); v128.store(c, s01, 16);
  c += cStep;
  v128.store(c, s10); v128.store(c, s11, 16);
  c += cStep;
  v128.store(c, s20); v128.store(c, s21, 16);
  c += cStep;
  v128.store(c, s30); v128.store(c, s31, 16);
}

export function tile6x8(
  a0: usize, a1: usize, a2: usize, a3: usize, a4: usize, a5: usize, offsets: usize, depth: i32, b: usize, bStep: usize, c: usize, cStep: usize,
): void {
  let s00 = f32x4.splat(0), s01 = f32x4.splat(0);
  let s10 = f32x4.splat(0), s11 = f32x4.splat(0);
  let s20 = f32x4.splat(0), s21 = f32x4.splat(0);
  let s30 = f32x4.splat(0), s31 = f32x4.splat(0);
  let s40 = f32x4.splat(0), s41 = f32x4.splat(0);
  let s50 = f32x4.splat(0), s51 = f32x4.splat(0);
  const end = offsets + (<usize>depth << 2);
  for (; offsets < end; offsets += 4) {
    const offset = <usize>load<u32>(offsets);
    const b0 = v128.load(b), b1 = v128.load(b, 16);
    b += bStep;
    let a = v128.load32_splat(a0 + offset);
    s00 = multiplyAdd(a, b0, s00); s01 = multiplyAdd(a, b1, s01);
    a = v128.load32_splat(a1 + offset);
    s10 = multiplyAdd(a, b0, s10); s11 = multiplyAdd(a, b1, s11);
    a = v128.load32_splat(a2 + offset);
    s20 = multiplyAdd(a, b0, s20); s21 = multiplyAdd(a, b1, s21);
    a = v128.load32_splat(a3 + offset);
    s30 = multiplyAdd(a, b0, s30); s31 = multiplyAdd(a, b1, s31);
    a = v128.load32_splat(a4 + offset);
    s40 = multiplyAdd(a, b0, s40); s41 = multiplyAdd(a, b1, s41);
    a = v128.load32_splat(a5 + offset);
    s50 = multiplyAdd(a, b0, s50); s51 = multiplyAdd(a, b1, s51);
  }
  v128.store(c, s00); v128.store(c, s01, 16);
  c += cStep;
  v128.store(c, s10); v128.store(c, s11, 16);
  c += cStep;
  v128.store(c, s20); v128.store(c, s21, 16);
  c += cStep;
  v128.store(c, s30); v128.store(c, s31, 16);
  c += cStep;
  v128.store(c, s40); v128.store(c, s41, 16);
  c += cStep;
  v128.store(c, s50); v128.store(c, s51, 16);
}

export function tile4x16(
  a0: usize, a1: usize, a2: usize, a3: usize, offsets: usize, depth: i32, b: usize, bStep: usize, c: usize, cStep: usize,
): void {
  let s00 = f32x4.splat(0), s01 = f32x4.splat(0), s02 = f32x4.splat(0), s03 = f32x4.splat(0);
  let s10 = f32x4.splat(0), s11 = f32x4.splat(0), s12 = f32x4.splat(0), s13 = f32x4.splat(0);
  let s20 = f32x4.splat(0), s21 = f32x4.splat(0), s22 = f32x4.splat(0), s23 = f32x4.splat(0);
  let s30 = f32x4.splat(0), s31 = f32x4.splat(0), s32 = f32x4.splat(0), s33 = f32x4.splat(0);
  const end = offsets + (<usize>depth << 2);
  for (; offsets < end; offsets += 4) {
    const offset = <usize>load<u32>(offsets);
    const b0 = v128.load(b), b1 = v128.load(b, 16), b2 = v128.load(b, 32), b3 = v128.load(b, 48);
    b += bStep;
    let a = v128.load32_splat(a0 + offset);
    s00 = multiplyAdd(a, b0, s00); s01 = multiplyAdd(a, b1, s01);
    s02 = multiplyAdd(a, b2, s02); s03 = multiplyAdd(a, b3, s03);
    a = v128.load32_splat(a1 + offset);
    s10 = multiplyAdd(a, b0, s10); s11 = multiplyAdd(a, b1, s11);
    s12 = multiplyAdd(a, b2, s12); s13 = multiplyAdd(a, b3, s13);
    a = v128.load32_splat(a2 + offset);
    s20 = multiplyAdd(a, b0, s20); s21 = multiplyAdd(a, b1, s21);
    s22 = multiplyAdd(a, b2, s22); s23 = multiplyAdd(a, b3, s23);
    a = v128.load32_splat(a3 + offset);
    s30 = multiplyAdd(a, b0, s30); s31 = multiplyAdd(a, b1, s31);
    s32 = multiplyAdd(a, b2, s32); s33 = multiplyAdd(a, b3, s33);
  }
  v128.store(c, s00); v128.store(c, s01, 16); v128.store(c, s02, 32); v128.store(c, s03, 48);
  c += cStep;
  v128.store(c, s10); v128.store(c, s11, 16); v128.store(c, s12, 32); v128.store(c, s13, 48);
  c += cStep;
  v128.store(c, s20); v128.store(c, s21, 16); v128.store(c, s22, 32); v128.store(c, s23, 48);
  c += cStep;
  v128.store(c, s30); v128.store(c, s31, 16); v128.store(c, s32, 32); v128.store(c, s33, 48);
}

export function tile6x16(
  a0: usize, a1: usize, a2: usize, a3: usize, a4: usize, a5: usize, offsets: usize, depth: i32, b: usize, bStep: usize, c: usize, cStep: usize,
): void {
  let s00 = f32x4.splat(0), s01 = f32x4.splat(0), s02 = f32x4.splat(0), s03 = f32x4.splat(0);
  let s10 = f32x4.splat(0), s11 = f32x4.splat(0), s12 = f32x4.splat(0), s13 = f32x4.splat(0);
  let s20 = f32x4.splat(0), s21 = f32x4.splat(0), s22 = f32x4.splat(0), s23 = f32x4.splat(0);
  let s30 = f32x4.splat(0), s31 = f32x4.splat(0), s32 = f32x4.splat(0), s33 = f32x4.splat(0);
  let s40 = f32x4.splat(0), s41 = f32x4.splat(0), s42 = f32x4.splat(0), s43 = f32x4.splat(0);
  let s50 = f32x4.splat(0), s51 = f32x4.splat(0), s52 = f32x4.splat(0), s53 = f32x4.splat(0);
  const end = offsets + (<usize>depth << 2);
  for (; offsets < end; offsets += 4) {
    const offset = <usize>load<u32>(offsets);
    const b0 = v128.load(b), b1 = v128.load(b, 16), b2 = v128.load(b, 32), b3 = v128.load(b, 48);
    b += bStep;
    let a = v128.load32_splat(a0 + offset);
    s00 = multiplyAdd(a, b0, s00); s01 = multiplyAdd(a, b1, s01);
    s02 = multiplyAdd(a, b2, s02); s03 = multiplyAdd(a, b3, s03);
    a = v128.load32_splat(a1 + offset);
    s10 = multiplyAdd(a, b0, s10); s11 = multiplyAdd(a, b1, s11);
    s12 = multiplyAdd(a, b2, s12); s13 = multiplyAdd(a, b3, s13);
    a = v128.load32_splat(a2 + offset);
    s20 = multiplyAdd(a, b0, s20); s21 = multiplyAdd(a, b1, s21);
    s22 = multiplyAdd(a, b2, s22); s23 = multiplyAdd(a, b3, s23);
    a = v128.load32_splat(a3 + offset);
    s30 = multiplyAdd(a, b0, s30); s31 = multiplyAdd(a, b1, s31);
    s32 = multiplyAdd(a, b2, s32); s33 = multiplyAdd(a, b3, s33);
    a = v128.load32_splat(a4 + offset);
    s40 = multiplyAdd(a, b0, s40); s41 = multiplyAdd(a, b1, s41);
    s42 = multiplyAdd(a, b2, s42); s43 = multiplyAdd(a, b3, s43);
    a = v128.load32_splat(a5 + offset);
    s50 = multiplyAdd(a, b0, s50); s51 = multiplyAdd(a, b1, s51);
    s52 = multiplyAdd(a, b2, s52); s53 = multiplyAdd(a, b3, s53);
  }
  v128.store(c, s00); v128.store(c, s01, 16); v128.store(c, s02, 32); v128.store(c, s03, 48);
  c += cStep;
  v128.store(c, s10); v128.store(c, s11, 16); v128.store(c, s12, 32); v128.store(c, s13, 48);
  c += cStep;
  v128.store(c, s20); v128.store(c, s21, 16); v128.store(c, s22, 32); v128.store(c, s23, 48);
  c += cStep;
  v128.store(c, s30); v128.store(c, s31, 16); v128.store(c, s32, 32); v128.store(c, s33, 48);
  c += cStep;
  v128.store(c, s40); v128.store(c, s41, 16); v128.store(c, s42, 32); v128.store(c, s43, 48);
  c += cStep;
  v128.store(c, s50); v128.store(c, s51, 16); v128.store(c, s52, 32); v128.store(c, s53, 48);
}
