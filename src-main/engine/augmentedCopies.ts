import { Random } from '../../src-shared/random.ts';
import type { ImageShape } from '../../src-shared/schemas/dataset.ts';
import type { Augmentation } from '../../src-shared/schemas/recipe.ts';
import { Arena } from './arena.ts';
import { planChanges } from './augmentation.ts';
import { augmentationKey } from './kernels/augmentation.ts';
import { selectKernels } from './kernels/select.ts';

/** The step that the copies are those of. */
const step = 1;

export interface AugmentedCopiesOptions {
  /** `(height, width, channels)`, one byte a number. */
  image: Uint8Array;
  shape: ImageShape;
  augmentation: Augmentation;
  seed: number;
  count: number;
}

/**
 * One image changed `count` times: `(count, height, width, channels)`, as training would if all images of its first batch
 * were this one. For looking at.
 */
export function augmentCopies(options: AugmentedCopiesOptions): Uint8Array<ArrayBuffer> {
  const { image, shape, augmentation, seed, count } = options;
  const build = selectKernels();
  const arena = new Arena('float32');
  const imageBytes = shape.height * shape.width * shape.channels;
  const images = arena.bytes(imageBytes);
  // All zero: every copy is of the one image.
  const order = arena.indices(count);
  const target = arena.bytes(count * imageBytes);
  const plan = planChanges(arena, augmentation, shape);
  const scratch = arena.numbers(Math.ceil(plan.layout.bytes / 4));
  const kernelScratch = arena.bytes(build.scratchBytes);
  const memory = arena.createMemory();
  arena.bind(memory.buffer);
  images.data.set(image);
  const key = augmentationKey(Random.fromSeed(seed, 'augmentation').uint32(), step);
  const kernels = build.create(memory, kernelScratch.byteOffset);
  kernels.augment({ images, imageBytes, order }, plan, key, 0, target, scratch, 0, count);
  return Uint8Array.from(target.data);
}
