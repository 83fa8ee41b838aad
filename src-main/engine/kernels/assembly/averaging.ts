// Running averages of what is trained. `count` is a multiple of 16.
import { multiplyAdd } from "./multiplyAdd";
import { flushFirstMoment } from "./subnormals";

export function average(averages: usize, values: usize, count: i32, added: f32): void {
  const share = f32x4.splat(added);
  const end = averages + (<usize>count << 2);
  for (; averages < end; averages += 32, values += 32) {
    const a = v128.load(averages);
    const b = v128.load(averages, 16);
    const averageA = flushFirstMoment(multiplyAdd(share, f32x4.sub(v128.load(values), a), a));
    const averageB = flushFirstMoment(multiplyAdd(share, f32x4.sub(v128.load(values, 16), b), b));
    v128.store(averages, averageA);
    v128.store(averages, averageB, 16);
  }
}

export function swap(one: usize, other: usize, count: i32): void {
  const end = one + (<usize>count << 2);
  for (; one < end; one += 16, other += 16) {
    const kept = v128.load(one);
    v128.store(one, v128.load(other));
    v128.store(other, kept);
  }
}
