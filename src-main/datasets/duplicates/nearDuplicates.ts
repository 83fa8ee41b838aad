// Images that are nearly the same: whose pixels, after brightness and contrast are taken out, point in nearly the same
// direction. The similarity is Pearson's correlation of the pixels, `cos(x - mean(x), y - mean(y))`: 1 for a picture that
// was only made brighter or flatter.
//
// Comparing all pairs of 70,000 images in full would take half an hour. With u the centred image of length 1, correlation
// and distance say the same, `|u - v|^2 = 2 - 2 cos(u, v)`, and what two images differ by in a few orthonormal directions
// is at most that distance. So coordinates in the directions in which images vary most rule out nearly all pairs, and never
// one that belongs in the result; the others are compared in full.
import { findPrincipalDirections } from './principalDirections.ts';
import type { ImageRows } from './imageRows.ts';

const directionCount = 24;
/** Images that the directions are found from, evenly spread over all. */
const sampleSize = 1000;
/** Float32 coordinates are right to some 1e-6; no pair may be lost by that. */
const roundingSlack = 1e-4;
/** Work between two breaths, in coordinates compared: some tens of milliseconds. */
const workPerBreath = 8_000_000;

export interface NearPair {
  one: number;
  other: number;
  /** Pearson's correlation of their pixels. */
  similarity: number;
}

export interface NearDuplicateOptions {
  /** The images to compare, by row. */
  candidates: Uint32Array;
  /** Pairs at least so similar are found. */
  similarity: number;
  /** At most so many, the most similar ones. */
  limit: number;
  /** Whether a pair is of interest at all. */
  matters: (one: number, other: number) => boolean;
  /** Called now and then with the share that is done; the search goes on when it resolves. */
  onProgress: (share: number) => Promise<void>;
}

/** Mean and length of the centred pixels of each image; a picture of one shade has the length 0. */
class CentredImages {
  readonly #images: ImageRows;
  readonly #means: Float64Array;
  readonly #lengths: Float64Array;

  constructor(images: ImageRows, candidates: Uint32Array) {
    this.#images = images;
    this.#means = new Float64Array(images.count);
    this.#lengths = new Float64Array(images.count);
    for (const image of candidates) {
      const row = images.row(image);
      let sum = 0;
      let squares = 0;
      for (let index = 0; index < row.length; index += 1) {
        const value = row[index]!;
        sum += value;
        squares += value * value;
      }
      const mean = sum / row.length;
      this.#means[image] = mean;
      this.#lengths[image] = Math.sqrt(Math.max(0, squares - sum * mean));
    }
  }

  hasShades(image: number): boolean {
    return this.#lengths[image]! > 0;
  }

  /** Centred and of length 1. */
  vector(image: number): Float64Array {
    const mean = this.#means[image]!;
    const length = this.#lengths[image]!;
    return Float64Array.from(this.#images.row(image), (value) => (value - mean) / length);
  }

  /** How far the image goes in a direction, whose numbers sum up to `sum`. */
  along(image: number, direction: Float64Array, sum: number): number {
    const row = this.#images.row(image);
    let product = 0;
    for (let index = 0; index < row.length; index += 1) product += row[index]! * direction[index]!;
    return (product - this.#means[image]! * sum) / this.#lengths[image]!;
  }

  correlation(one: number, other: number): number {
    const a = this.#images.row(one);
    const b = this.#images.row(other);
    let product = 0;
    for (let index = 0; index < a.length; index += 1) product += a[index]! * b[index]!;
    const centred = product - a.length * this.#means[one]! * this.#means[other]!;
    return Math.min(1, centred / (this.#lengths[one]! * this.#lengths[other]!));
  }
}

const squaredDistanceOf = (similarity: number): number => Math.max(0, 2 - 2 * similarity);

/** The most similar pairs, as many as `limit` says; `leastSimilar` rises once there are more. */
class BestPairs {
  leastSimilar: number;
  readonly #limit: number;
  #pairs: NearPair[] = [];

  constructor(leastSimilar: number, limit: number) {
    this.leastSimilar = leastSimilar;
    this.#limit = limit;
  }

  add(pair: NearPair): void {
    this.#pairs.push(pair);
    if (this.#pairs.length < 2 * this.#limit) return;
    this.#pairs = this.sorted();
    this.leastSimilar = this.#pairs.at(-1)?.similarity ?? this.leastSimilar;
  }

  sorted(): NearPair[] {
    return this.#pairs
      .toSorted((a, b) => b.similarity - a.similarity || a.one - b.one || a.other - b.other)
      .slice(0, this.#limit);
  }
}

interface CoordinateTable {
  /** Ordered by their first coordinate. */
  images: Uint32Array;
  /** `(images, directions)` */
  coordinates: Float32Array;
  directions: number;
}

/** Breathes between directions: all of it takes seconds. */
async function findCoordinates(
  shaded: Uint32Array,
  centred: CentredImages,
  onProgress: (share: number) => Promise<void>,
): Promise<CoordinateTable> {
  const stride = Math.max(1, Math.floor(shaded.length / sampleSize));
  const sample = Array.from(
    shaded.filter((_image, place) => place % stride === 0),
    (image) => centred.vector(image),
  );
  const directions = findPrincipalDirections(sample, directionCount);
  const columns: Float32Array[] = [];
  for (const direction of directions) {
    await onProgress(0);
    const sum = direction.reduce((total, value) => total + value, 0);
    columns.push(Float32Array.from(shaded, (image) => centred.along(image, direction, sum)));
  }
  const [first] = columns;
  const order = Uint32Array.from(shaded.keys());
  if (first !== undefined) order.sort((a, b) => first[a]! - first[b]! || a - b);
  const coordinates = new Float32Array(order.length * columns.length);
  order.forEach((place, row) => {
    columns.forEach((column, index) => {
      coordinates[row * columns.length + index] = column[place]!;
    });
  });
  return { images: order.map((place) => shaded[place]!), coordinates, directions: columns.length };
}

/**
 * The pairs of candidates that are similar enough, the most similar first. Pictures of one shade have no direction and are
 * left out.
 */
export async function findNearDuplicates(
  images: ImageRows,
  { candidates, similarity, limit, matters, onProgress }: NearDuplicateOptions,
): Promise<NearPair[]> {
  const centred = new CentredImages(images, candidates);
  const shaded = candidates.filter((image) => centred.hasShades(image));
  if (shaded.length < 2) return [];
  const { images: rows, coordinates, directions } = await findCoordinates(shaded, centred, onProgress);
  const best = new BestPairs(similarity, limit);
  let work = 0;
  for (let row = 0; row < rows.length; row += 1) {
    const farthest = squaredDistanceOf(best.leastSimilar) + roundingSlack;
    const start = row * directions;
    const end = coordinates[start]! + Math.sqrt(farthest);
    for (let next = row + 1; next < rows.length && !(coordinates[next * directions]! > end); next += 1) {
      const nextStart = next * directions;
      let column = 0;
      let square = 0;
      while (column < directions && square <= farthest) {
        const difference = coordinates[start + column]! - coordinates[nextStart + column]!;
        square += difference * difference;
        column += 1;
      }
      work += column;
      if (square > farthest) continue;
      const one = Math.min(rows[row]!, rows[next]!);
      const other = Math.max(rows[row]!, rows[next]!);
      if (!matters(one, other)) continue;
      work += images.width;
      const found = centred.correlation(one, other);
      if (found >= best.leastSimilar) best.add({ one, other, similarity: found });
    }
    if (work < workPerBreath) continue;
    work = 0;
    await onProgress(row / rows.length);
  }
  return best.sorted();
}
