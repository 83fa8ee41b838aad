/**
 * The exponential moving average of the values, with Adam's bias correction (Kingma and Ba, 2015, section 3), so that
 * the first values are not pulled to zero. `weight` from 0 (the values themselves) to below 1. Values that are not
 * finite are passed on and leave the average as it was.
 */
export function smooth(values: ArrayLike<number>, weight: number): Float64Array {
  const smoothed = new Float64Array(values.length);
  let average = 0;
  let unseen = 1;
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index]!;
    if (!Number.isFinite(value)) {
      smoothed[index] = value;
      continue;
    }
    average = weight * average + (1 - weight) * value;
    unseen *= weight;
    smoothed[index] = average / (1 - unseen);
  }
  return smoothed;
}
