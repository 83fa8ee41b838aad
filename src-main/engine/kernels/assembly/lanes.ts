/** Stores the first `count` numbers of `value`, and all four where there are more: no others are touched. */
@inline
export function storeFirst(target: usize, value: v128, count: i32): void {
  if (count >= 4) {
    v128.store(target, value);
  } else if (count == 3) {
    v128.store64_lane(target, value, 0);
    v128.store32_lane(target, value, 2, 8);
  } else if (count == 2) {
    v128.store64_lane(target, value, 0);
  } else {
    v128.store32_lane(target, value, 0);
  }
}
