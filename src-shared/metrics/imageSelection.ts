// Which images of an evaluation to look at, and in what order: positions into its arrays, so that tens of thousands
// are filtered and sorted without an object for each.

export interface ImageFilter {
  /** Class indices; null lets every class through. */
  trueClass: number | null;
  predictedClass: number | null;
  onlyWrong: boolean;
}

/** Positions of the images that the filter lets through, ascending. */
export function selectImages(
  labels: ArrayLike<number>,
  predicted: ArrayLike<number>,
  filter: ImageFilter,
): Uint32Array {
  const positions = new Uint32Array(labels.length);
  let count = 0;
  for (let image = 0; image < labels.length; image += 1) {
    if (filter.trueClass !== null && labels[image] !== filter.trueClass) continue;
    if (filter.predictedClass !== null && predicted[image] !== filter.predictedClass) continue;
    if (filter.onlyWrong && labels[image] === predicted[image]) continue;
    positions[count] = image;
    count += 1;
  }
  return positions.slice(0, count);
}

/** Ends included. */
export interface ValueRange {
  minimum: number;
  maximum: number;
}

/** The positions whose value lies in the range. */
export function keepWithin(
  positions: Uint32Array,
  values: ArrayLike<number>,
  { minimum, maximum }: ValueRange,
): Uint32Array {
  return positions.filter((position) => values[position]! >= minimum && values[position]! <= maximum);
}

/** The positions sorted by their value; the lower position first where values are equal. */
export function orderImages(
  positions: Uint32Array,
  values: ArrayLike<number>,
  direction: 'ascending' | 'descending',
): Uint32Array {
  const sign = direction === 'ascending' ? 1 : -1;
  return positions.toSorted((one, other) => sign * (values[one]! - values[other]!) || one - other);
}
