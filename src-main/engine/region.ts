export type FloatArray = Float32Array | Float64Array;

/** A run of numbers in the arena. Empty until the arena is bound to its memory. */
export interface Region<T> {
  /** From the start of the memory. */
  byteOffset: number;
  length: number;
  data: T;
}
