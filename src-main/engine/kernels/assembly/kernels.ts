export function scale(pointer: usize, count: i32, factor: f32): void {
  for (let i = 0; i + 4 <= count; i += 4) {
    const p = pointer + (<usize>i << 2);
    v128.store(p, f32x4.mul(v128.load(p), f32x4.splat(factor)));
  }
}
