// The innermost loop of matrix multiplication: a tile of C of 4 rows and 8 columns stays in registers while its
// products are summed in the order of k. It takes 8 sums, 2 vectors of B, a number of A and a product; larger tiles
// make V8 spill some of the 15 registers that it has to give (6x8: 25 instead of 35 GFLOP/s on an AMD Zen 3).
//
// `panel` holds the 8 columns of B one k after the other. `a0` … are the rows of A, each `aStep` bytes a k further on.
// `c0` … are the rows of C; a row that is not wanted points at scratch memory. With `accumulate` sums start from C.

@inline
function start(c: usize, accumulate: bool): v128 {
  return accumulate ? v128.load(c) : f32x4.splat(0);
}

export function tile4(
  panel: usize, depth: i32, accumulate: bool, aStep: usize,
  a0: usize, a1: usize, a2: usize, a3: usize,
  c0: usize, c1: usize, c2: usize, c3: usize,
): void {
  let s00 = start(c0, accumulate), s01 = start(c0 + 16, accumulate);
  let s10 = start(c1, accumulate), s11 = start(c1 + 16, accumulate);
  let s20 = start(c2, accumulate), s21 = start(c2 + 16, accumulate);
  let s30 = start(c3, accumulate), s31 = start(c3 + 16, accumulate);
  const end = panel + (<usize>depth << 5);
  while (panel < end) {
    const b0 = v128.load(panel), b1 = v128.load(panel, 16);
    let a = v128.load32_splat(a0);
    s00 = f32x4.add(s00, f32x4.mul(a, b0));
    s01 = f32x4.add(s01, f32x4.mul(a, b1));
    a = v128.load32_splat(a1);
    s10 = f32x4.add(s10, f32x4.mul(a, b0));
    s11 = f32x4.add(s11, f32x4.mul(a, b1));
    a = v128.load32_splat(a2);
    s20 = f32x4.add(s20, f32x4.mul(a, b0));
    s21 = f32x4.add(s21, f32x4.mul(a, b1));
    a = v128.load32_splat(a3);
    s30 = f32x4.add(s30, f32x4.mul(a, b0));
    s31 = f32x4.add(s31, f32x4.mul(a, b1));
    panel += 32;
    a0 += aStep; a1 += aStep; a2 += aStep; a3 += aStep;
  }
  v128.store(c0, s00); v128.store(c0, s01, 16);
  v128.store(c1, s10); v128.store(c1, s11, 16);
  v128.store(c2, s20); v128.store(c2, s21, 16);
  v128.store(c3, s30); v128.store(c3, s31, 16);
}
