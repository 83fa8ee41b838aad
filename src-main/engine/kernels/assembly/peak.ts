// How fast multiply-adds can be on this machine: nothing but them, on numbers in registers. A module of its own, for the
// benchmark.
import { multiplyAdd } from "./multiplyAdd";


/**
 * `rounds` times a multiply-add on 12 sums of four numbers, 24 in the wide build: more than a processor has under way.
 * Writes the sums to `target`, 384 bytes.
 */
export function multiplyAddPeak(rounds: i32, source: usize, target: usize): void {
  const x0 = v128.load(source), x1 = v128.load(source, 16);
  let a0 = f32x4.splat(0), a1 = a0, b0 = a0, b1 = a0, c0 = a0, c1 = a0, d0 = a0, d1 = a0, e0 = a0, e1 = a0, f0 = a0, f1 = a0;
  let g0 = a0, g1 = a0, h0 = a0, h1 = a0, i0 = a0, i1 = a0, j0 = a0, j1 = a0, k0 = a0, k1 = a0, l0 = a0, l1 = a0;
  for (let round = 0; round < rounds; round++) {
    a0 = multiplyAdd(x0, x0, a0); a1 = multiplyAdd(x1, x1, a1);
    b0 = multiplyAdd(x0, x0, b0); b1 = multiplyAdd(x1, x1, b1);
    c0 = multiplyAdd(x0, x0, c0); c1 = multiplyAdd(x1, x1, c1);
    d0 = multiplyAdd(x0, x0, d0); d1 = multiplyAdd(x1, x1, d1);
    e0 = multiplyAdd(x0, x0, e0); e1 = multiplyAdd(x1, x1, e1);
    f0 = multiplyAdd(x0, x0, f0); f1 = multiplyAdd(x1, x1, f1);
    if (WIDE) {
      g0 = multiplyAdd(x0, x0, g0); g1 = multiplyAdd(x1, x1, g1);
      h0 = multiplyAdd(x0, x0, h0); h1 = multiplyAdd(x1, x1, h1);
      i0 = multiplyAdd(x0, x0, i0); i1 = multiplyAdd(x1, x1, i1);
      j0 = multiplyAdd(x0, x0, j0); j1 = multiplyAdd(x1, x1, j1);
      k0 = multiplyAdd(x0, x0, k0); k1 = multiplyAdd(x1, x1, k1);
      l0 = multiplyAdd(x0, x0, l0); l1 = multiplyAdd(x1, x1, l1);
    }
  }
  v128.store(target, a0); v128.store(target, a1, 16);
  v128.store(target, b0, 32); v128.store(target, b1, 48);
  v128.store(target, c0, 64); v128.store(target, c1, 80);
  v128.store(target, d0, 96); v128.store(target, d1, 112);
  v128.store(target, e0, 128); v128.store(target, e1, 144);
  v128.store(target, f0, 160); v128.store(target, f1, 176);
  v128.store(target, g0, 192); v128.store(target, g1, 208);
  v128.store(target, h0, 224); v128.store(target, h1, 240);
  v128.store(target, i0, 256); v128.store(target, i1, 272);
  v128.store(target, j0, 288); v128.store(target, j1, 304);
  v128.store(target, k0, 320); v128.store(target, k1, 336);
  v128.store(target, l0, 352); v128.store(target, l1, 368);
}
