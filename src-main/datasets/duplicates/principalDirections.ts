// The directions in which images differ most from one another, so that a few numbers an image tell most of them apart.

/** Rounds of power iteration a direction: what it is used for needs directions that are good, not exact ones. */
const rounds = 8;

const dot = (one: Float64Array, other: Float64Array): number => {
  let sum = 0;
  for (let index = 0; index < one.length; index += 1) sum += one[index]! * other[index]!;
  return sum;
};

/** Takes `direction` times `factor` away from the vector. */
function subtract(vector: Float64Array, direction: Float64Array, factor: number): void {
  for (let index = 0; index < vector.length; index += 1) vector[index]! -= factor * direction[index]!;
}

/** The vector as it is with length 1; null for one that has none. */
function normalize(vector: Float64Array): Float64Array | null {
  const length = Math.sqrt(dot(vector, vector));
  // What is left of vectors that lie in the directions found already is rounding.
  return length < 1e-9 ? null : vector.map((value) => value / length);
}

/**
 * Up to `wanted` orthonormal directions of large variance, the largest first, by power iteration with the part along
 * earlier directions taken away. `sample` is vectors of one length; it is changed.
 */
export function findPrincipalDirections(sample: readonly Float64Array[], wanted: number): Float64Array[] {
  const width = sample[0]?.length ?? 0;
  const mean = new Float64Array(width);
  for (const vector of sample) subtract(mean, vector, -1 / sample.length);
  for (const vector of sample) subtract(vector, mean, 1);
  const directions: Float64Array[] = [];
  while (directions.length < Math.min(wanted, width)) {
    const longest = sample.reduce((best, vector) => (dot(vector, vector) > dot(best, best) ? vector : best));
    let direction = normalize(longest);
    for (let round = 0; round < rounds && direction !== null; round += 1) {
      const next = new Float64Array(width);
      for (const vector of sample) subtract(next, vector, -dot(vector, direction));
      for (const earlier of directions) subtract(next, earlier, dot(next, earlier));
      direction = normalize(next);
    }
    if (direction === null) break;
    for (const vector of sample) subtract(vector, direction, dot(vector, direction));
    directions.push(direction);
  }
  return directions;
}
