/** Copies bytes, 16 at a time. */
@inline
export function copyBytes(source: usize, target: usize, count: i32): void {
  for (; count >= 16; count -= 16) {
    v128.store(target, v128.load(source));
    source += 16;
    target += 16;
  }
  if (count >= 8) {
    store<u64>(target, load<u64>(source));
    source += 8;
    target += 8;
    count -= 8;
  }
  for (; count > 0; count--) store<u8>(target++, load<u8>(source++));
}
