// Plans how the images of a batch are changed before they become numbers.
import { isAugmenting } from '../../src-shared/augmentation.ts';
import type { ImageShape } from '../../src-shared/schemas/dataset.ts';
import type { Augmentation } from '../../src-shared/schemas/recipe.ts';
import type { Arena } from './arena.ts';
import { gridPoints, layOutScratch, nodeSpacing, type AugmentationPlan } from './kernels/augmentation.ts';
import type { ImageSource } from './kernels/images.ts';
import { rowUnit, type Operation } from './operation.ts';
import type { Region } from './region.ts';

/** Steps of the elastic grid along a side: on 28 pixels its bends are about as wide as those of Simard et al. (2003). */
const gridSteps = 4;
/** A weight of 1: the points' weights at a pixel are rounded down, so that they never come to more. */
const wholeWeight = 2 ** 14;
/** Arithmetic for each byte of an image, with all changes on. */
const workOfByte = 100;

/** The uniform cubic B-spline at a distance from its middle, in steps of the grid. */
function splineAt(distance: number): number {
  if (distance >= 2) return 0;
  const [rest, square] = [2 - distance, distance * distance];
  return distance >= 1 ? (rest * rest * rest) / 6 : (3 * square * distance - 6 * square + 4) / 6;
}

/** What the grid's points weigh at so many nodes along a side, as `AugmentationPlan` wants them. */
function planGridWeights(arena: Arena, size: number, nodes: number): Region<Uint32Array> {
  const weightOf = (point: number, node: number): number => {
    // The grid's first point is a step outside of the image, and the second one on its edge.
    const place = 1 + ((node * nodeSpacing + 0.5) / size) * gridSteps;
    return Math.floor(wholeWeight * splineAt(Math.abs(place - point)));
  };
  const key = `weights of the elastic grid over ${size} at ${nodes}`;
  return arena.constants(key, (gridPoints / 2) * nodes, (index) => {
    const [pair, node] = [Math.floor(index / nodes), index % nodes];
    return weightOf(2 * pair, node) | (weightOf(2 * pair + 1, node) << 16);
  });
}

/** What the kernels need to change images of this shape. */
export function planChanges(arena: Arena, augmentation: Augmentation, shape: ImageShape): AugmentationPlan {
  const layout = layOutScratch(shape);
  return {
    augmentation,
    shape,
    rowWeights: planGridWeights(arena, shape.height, layout.nodeRows),
    columnWeights: planGridWeights(arena, shape.width, layout.nodeColumns),
    layout,
  };
}

export interface PlannedAugmentation {
  operation: Operation;
  /** The changed images, `(rows, imageBytes)`, as they lie. */
  output: ImageSource;
  /** What the step's images are changed by: written before each step. */
  key: Region<Uint32Array>;
  /** Numbers of its own that each thread needs. */
  scratchLength: number;
}

/**
 * The operation that changes up to `rows` images of the source. `isMixed`: whether each is then mixed with another one. Null
 * where nothing is to be changed.
 */
export function planAugmentation(
  arena: Arena,
  source: ImageSource,
  shape: ImageShape,
  rows: number,
  { augmentation, mixup }: { augmentation: Augmentation; mixup: number },
): PlannedAugmentation | null {
  if (!isAugmenting(augmentation)) return null;
  const plan = planChanges(arena, augmentation, shape);
  const images = arena.bytes(rows * source.imageBytes);
  const key = arena.indices(1);
  return {
    operation: {
      split: 'rows',
      count: rows,
      unit: rowUnit,
      work: workOfByte * source.imageBytes,
      feedsOtherRows: mixup > 0,
      run: ({ kernels, batch, scratch }, from, to) =>
        kernels.augment(source, plan, key.data[0]!, batch.first, images, scratch, from, to),
    },
    output: { images, imageBytes: source.imageBytes, order: null },
    key,
    scratchLength: Math.ceil(plan.layout.bytes / 4),
  };
}
