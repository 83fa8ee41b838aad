// Each row of a matrix, seen as a matrix of its own, transposed. Strides count numbers.

export function transposeRows(
  source: usize, sourceStride: i32, target: usize, targetStride: i32,
  height: i32, width: i32, fromRow: i32, toRow: i32,
): void {
  const line = <usize>width << 2;
  const column = <usize>height << 2;
  for (let row = fromRow; row < toRow; row++) {
    const from = source + (<usize>(row * sourceStride) << 2);
    const to = target + (<usize>(row * targetStride) << 2);
    let y = 0;
    for (; y + 4 <= height; y += 4) {
      let read = from + <usize>y * line;
      let write = to + (<usize>y << 2);
      let x = 0;
      for (; x + 4 <= width; x += 4) {
        const a = v128.load(read);
        const b = v128.load(read + line);
        const c = v128.load(read + 2 * line);
        const d = v128.load(read + 3 * line);
        const lowAB = v128.shuffle<i32>(a, b, 0, 4, 1, 5);
        const lowCD = v128.shuffle<i32>(c, d, 0, 4, 1, 5);
        const highAB = v128.shuffle<i32>(a, b, 2, 6, 3, 7);
        const highCD = v128.shuffle<i32>(c, d, 2, 6, 3, 7);
        v128.store(write, v128.shuffle<i64>(lowAB, lowCD, 0, 2));
        v128.store(write + column, v128.shuffle<i64>(lowAB, lowCD, 1, 3));
        v128.store(write + 2 * column, v128.shuffle<i64>(highAB, highCD, 0, 2));
        v128.store(write + 3 * column, v128.shuffle<i64>(highAB, highCD, 1, 3));
        read += 16;
        write += 4 * column;
      }
      for (; x < width; x++) {
        store<f32>(write, load<f32>(read));
        store<f32>(write, load<f32>(read + line), 4);
        store<f32>(write, load<f32>(read + 2 * line), 8);
        store<f32>(write, load<f32>(read + 3 * line), 12);
        read += 4;
        write += column;
      }
    }
    for (; y < height; y++) {
      let read = from + <usize>y * line;
      let write = to + (<usize>y << 2);
      for (let x = 0; x < width; x++) {
        store<f32>(write, load<f32>(read));
        read += 4;
        write += column;
      }
    }
  }
}
