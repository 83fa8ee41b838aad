/** Numbers of an image that are gone over group of channels by group: 8 KiB, of which two fit into the nearest cache. */
const NUMBERS_OF_STRETCH: i32 = 2048;

/** How many pixels have about as many numbers. */
@inline
export function pixelsOfStretch(channels: i32): i32 {
  return max(1, NUMBERS_OF_STRETCH / channels);
}
