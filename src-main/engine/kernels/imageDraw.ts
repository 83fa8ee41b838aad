// By how much one image is changed: drawn in the same way for every build of the kernels, as whole numbers, so that all
// of them give the same bytes.
import type { ImageShape } from '../../../src-shared/schemas/dataset.ts';
import { recipeLimits, type Augmentation } from '../../../src-shared/schemas/recipe.ts';
import { golden, hash } from './hash.ts';

/** Places and steps are in 65536ths of a pixel. */
const one = 65_536;
/** The standard deviation of the sum of four bytes, each even from 0 to 255. */
const deviationOfBytes = Math.sqrt(21_845);
/** The least ratio of an erased rectangle's sides (Zhong et al. 2020). */
const leastRatio = 0.3;
/** What makes a word a number from -1 to below 1, and from -1/2 to below 1/2. */
const [swing, halfSwing] = [2 ** -31, 2 ** -32];
/** Angles and sines are whole numbers where functions hand them to each other: V8 would put others on the heap. */
const [degree, wholeSine] = [2 ** 20, 2 ** 29];

/** What each word of an image's draws is for: one that is not used changes none of the others. */
const purposes = {
  mirrored: 1,
  shiftX: 2,
  shiftY: 3,
  rotation: 4,
  scale: 5,
  shear: 6,
  elastic: 7,
  noise: 8,
  erasing: 9,
  erasedArea: 10,
  erasedRatio: 11,
  erasedSide: 12,
  erasedTop: 13,
  erasedLeft: 14,
} as const;

/** The changes of one image. */
export class ImageDraw {
  /** Whether pixels come to lie between others; else the image is only mirrored and shifted. */
  isResampled = false;
  isMirrored = false;
  /** Whole pixels to the right and down. */
  shiftX = 0;
  shiftY = 0;
  /** Where in the image the result's first pixel comes from, in 65536ths of a pixel … */
  x = 0;
  y = 0;
  /** … and how much farther the next one to the right and the next one below do. */
  xPerColumn = 0;
  yPerColumn = 0;
  xPerRow = 0;
  yPerRow = 0;
  /** How far a point of the elastic grid is moved at most, in 256ths of a pixel, and what its points are hashed with. */
  elasticReach = 0;
  elasticSeed = 0;
  /** What the sum of four random bytes, less its mean, is multiplied by, in 32768ths; and what they are drawn with. */
  noiseScale = 0;
  noiseSeed = 0;
  /** The erased rectangle; without a height there is none. */
  erasedTop = 0;
  erasedLeft = 0;
  erasedHeight = 0;
  erasedWidth = 0;
  #seed = 0;

  /** Draws for the image in this place of a batch. `key` is the step's. */
  draw(augmentation: Augmentation, shape: ImageShape, key: number, place: number): void {
    this.#seed = hash((key + Math.imul(place, golden)) | 0);
    const { rotation, scale, shear, elastic, noise, erasing, translation } = augmentation;
    this.isMirrored = augmentation.horizontalFlip && this.#word('mirrored') < 0;
    this.shiftX = translation > 0 ? this.#below('shiftX', 2 * translation + 1) - translation : 0;
    this.shiftY = translation > 0 ? this.#below('shiftY', 2 * translation + 1) - translation : 0;
    this.isResampled = rotation > 0 || scale > 0 || shear > 0 || elastic > 0;
    if (this.isResampled) this.#drawPlaces(augmentation, shape);
    this.noiseScale = Math.round(((noise * 255) / deviationOfBytes) * 32_768) | 0;
    this.noiseSeed = noise > 0 ? this.#word('noise') : 0;
    this.erasedHeight = 0;
    if (erasing > 0 && this.#word('erasing') < (erasing - 0.5) * 2 ** 32)
      this.#drawErased(augmentation, shape);
  }

  /**
   * The image is mirrored, scaled, slanted and turned about its centre, then shifted. Here are the inverses of these in
   * the other order: where each pixel of the result comes from.
   */
  #drawPlaces({ rotation, scale, shear, elastic }: Augmentation, { height, width }: ImageShape): void {
    const angle = rotation > 0 ? Math.round(rotation * this.#word('rotation') * swing * degree) | 0 : 0;
    const sine = rotation > 0 ? sineOf(angle) / wholeSine : 0;
    const cosine = rotation > 0 ? sineOf(angle + 90 * degree) / wholeSine : 1;
    const slant = shear > 0 ? Math.round(shear * this.#word('shear') * swing * degree) | 0 : 0;
    const slope = shear > 0 ? sineOf(slant) / sineOf(slant + 90 * degree) : 0;
    const factor = scale > 0 ? 1 / (1 + scale * this.#word('scale') * swing) : 1;
    const direction = this.isMirrored ? -factor : factor;
    const xPerColumn = direction * (cosine + slope * sine);
    const xPerRow = direction * (sine - slope * cosine);
    const yPerColumn = factor * -sine;
    const yPerRow = factor * cosine;
    const centreX = (width - 1) / 2;
    const centreY = (height - 1) / 2;
    const left = -centreX - this.shiftX;
    const top = -centreY - this.shiftY;
    this.x = Math.round((centreX + xPerColumn * left + xPerRow * top) * one) | 0;
    this.y = Math.round((centreY + yPerColumn * left + yPerRow * top) * one) | 0;
    this.xPerColumn = Math.round(xPerColumn * one) | 0;
    this.xPerRow = Math.round(xPerRow * one) | 0;
    this.yPerColumn = Math.round(yPerColumn * one) | 0;
    this.yPerRow = Math.round(yPerRow * one) | 0;
    this.elasticReach = Math.round(elastic * 256) | 0;
    this.elasticSeed = elastic > 0 ? this.#word('elastic') : 0;
  }

  #drawErased({ erasedArea }: Augmentation, { height, width }: ImageShape): void {
    const { minimum } = recipeLimits.augmentation.erasedArea;
    const areaShare = this.#word('erasedArea') * halfSwing + 0.5;
    const area = (minimum + (erasedArea - minimum) * areaShare) * height * width;
    const ratio = leastRatio + (1 - leastRatio) * (this.#word('erasedRatio') * halfSwing + 0.5);
    const long = Math.round(Math.sqrt(area / ratio)) | 0;
    const short = Math.round(Math.sqrt(area * ratio)) | 0;
    const isUpright = this.#word('erasedSide') < 0;
    this.erasedHeight = Math.max(1, Math.min(height, isUpright ? long : short));
    this.erasedWidth = Math.max(1, Math.min(width, isUpright ? short : long));
    this.erasedTop = this.#below('erasedTop', height - this.erasedHeight + 1);
    this.erasedLeft = this.#below('erasedLeft', width - this.erasedWidth + 1);
  }

  /** A whole number from 0 to `limit - 1`. */
  #below(purpose: keyof typeof purposes, limit: number): number {
    return Math.floor((this.#word(purpose) >>> 0) * halfSwing * limit);
  }

  /** 32 random bits, as a signed number. */
  #word(purpose: keyof typeof purposes): number {
    return hash((this.#seed + Math.imul(purposes[purpose], golden)) | 0);
  }
}

/** Of the series of the sine: 1 / (2k + 1)!. */
const [c3, c5, c7, c9] = [1 / 6, 1 / 120, 1 / 5040, 1 / 362_880];
const [c11, c13, c15] = [1 / 39_916_800, 1 / 6_227_020_800, 1 / 1_307_674_368_000];
const halfTurn = 180 * degree;
const radian = Math.PI / halfTurn;

/**
 * The sine of an angle up to three quarters of a turn, by its series, exact to 1e-11: the processor's own is not the same
 * everywhere.
 */
function sineOf(angle: number): number {
  const acute = angle > halfTurn / 2 ? halfTurn - angle : angle < -halfTurn / 2 ? -halfTurn - angle : angle;
  const x = acute * radian;
  const y = x * x;
  const series = 1 - y * (c3 - y * (c5 - y * (c7 - y * (c9 - y * (c11 - y * (c13 - y * c15))))));
  return Math.round(x * series * wholeSine) | 0;
}
