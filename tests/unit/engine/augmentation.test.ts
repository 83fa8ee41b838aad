// What augmentation does to an image, looked at from outside: ramps whose slopes tell where each pixel came from, flat
// images whose noise can be measured. One file, as every kind is looked at with the same images.
import { describe, expect, it } from 'vitest';
import { Arena } from '../../../src-main/engine/arena.ts';
import { planChanges } from '../../../src-main/engine/augmentation.ts';
import { augmentCopies } from '../../../src-main/engine/augmentedCopies.ts';
import { augmentationKey } from '../../../src-main/engine/kernels/augmentation.ts';
import type { KernelBuild } from '../../../src-main/engine/kernels/kernels.ts';
import { usableBuilds } from '../../../src-main/engine/kernels/select.ts';
import { isAugmenting } from '../../../src-shared/augmentation.ts';
import { Random } from '../../../src-shared/random.ts';
import type { ImageShape } from '../../../src-shared/schemas/dataset.ts';
import { noAugmentation, type Augmentation } from '../../../src-shared/schemas/recipe.ts';
import { expectAgreement, fastBuilds } from './kernelAgreement.ts';
import { bandedImages, createBareNetwork, indicesUpTo, smallShape } from './samples.ts';

const reference = usableBuilds().find(({ name }) => name === 'reference')!;
const key = 123_456_789;

/** All changes at once, and each of them alone. */
const everyChange: Augmentation = {
  horizontalFlip: true,
  translation: 3,
  rotation: 40,
  scale: 0.3,
  shear: 20,
  elastic: 2.5,
  noise: 0.1,
  erasing: 0.7,
  erasedArea: 0.3,
};
const changes: [string, Partial<Augmentation>][] = [
  ['flips', { horizontalFlip: true }],
  ['translation', { translation: 3 }],
  ['translation farther than the image is wide', { translation: 64 }],
  ['flips and translation', { horizontalFlip: true, translation: 2 }],
  ['rotation', { rotation: 180 }],
  ['scale', { scale: 0.5 }],
  ['shear', { shear: 45 }],
  ['elastic distortion', { elastic: 16 }],
  ['noise', { noise: 0.5 }],
  ['erasing', { erasing: 1, erasedArea: 0.5 }],
  ['everything', everyChange],
];
/** Odd ones: below, at and above the four, eight and sixteen that kernels take at once. */
const shapes: ImageShape[] = [
  { height: 1, width: 1, channels: 1 },
  { height: 3, width: 2, channels: 1 },
  { height: 5, width: 7, channels: 3 },
  { height: 9, width: 8, channels: 1 },
  { height: 17, width: 33, channels: 1 },
  { height: 28, width: 28, channels: 1 },
  { height: 12, width: 13, channels: 4 },
];

interface Task {
  build?: KernelBuild;
  shape?: ImageShape;
  augmentation: Partial<Augmentation>;
  /** How many copies of the image to change, from which place on. */
  count: number;
  first?: number;
  key?: number;
}

const square: ImageShape = { height: 28, width: 28, channels: 1 };

/** The image, changed once for each place of a batch. */
function changedCopies(image: ArrayLike<number>, task: Task): Uint8Array[] {
  const { build = reference, shape = square, augmentation, count, first = 0 } = task;
  const arena = new Arena('float32');
  const imageBytes = shape.height * shape.width * shape.channels;
  const images = arena.bytes((first + count) * imageBytes);
  const target = arena.bytes(count * imageBytes);
  const plan = planChanges(arena, { ...noAugmentation, ...augmentation }, shape);
  const scratch = arena.numbers(plan.layout.bytes);
  const kernelScratch = arena.bytes(build.scratchBytes);
  const memory = arena.createMemory();
  arena.bind(memory.buffer);
  for (let copy = 0; copy < first + count; copy += 1) images.data.set(image, copy * imageBytes);
  const kernels = build.create(memory, kernelScratch.byteOffset);
  const source = { images, imageBytes, order: null };
  kernels.augment(source, plan, task.key ?? key, first, target, scratch, 0, count);
  return Array.from({ length: count }, (_one, copy) =>
    target.data.slice(copy * imageBytes, (copy + 1) * imageBytes),
  );
}

/** `valueAt` of each pixel of a 28 x 28 image. */
const draw = (valueAt: (x: number, y: number) => number): Uint8Array =>
  Uint8Array.from({ length: 784 }, (_one, index) => valueAt(index % 28, Math.floor(index / 28)));

const isSame = (one: Uint8Array, other: Uint8Array): boolean => Buffer.compare(one, other) === 0;

describe.each(fastBuilds)('the kernels $name change images to the bytes of the reference:', (build) => {
  it.each(changes)('%s, whatever the size and the channels', (_name, augmentation) => {
    for (const shape of shapes) {
      const imageBytes = shape.height * shape.width * shape.channels;
      expectAgreement(
        build,
        (arena, random) => {
          const [images, order] = [arena.bytes(20 * imageBytes), arena.indices(20)];
          const target = arena.bytes(12 * imageBytes);
          const plan = planChanges(arena, { ...noAugmentation, ...augmentation }, shape);
          const scratch = arena.numbers(Math.ceil(plan.layout.bytes / 4));
          const behind = arena.bytes(64);
          return {
            bound: () => {
              images.data.forEach((_value, index) => (images.data[index] = random.below(256)));
              order.data.forEach((_value, index) => (order.data[index] = (index * 7) % 20));
            },
            work: (kernels) => {
              const source = { images, imageBytes, order };
              kernels.augment(source, plan, key, 5, target, scratch, 0, 9);
              const results = [...target.data];
              kernels.augment({ ...source, order: null }, plan, key, 3, target, scratch, 4, 12);
              return [...results, ...target.data, ...behind.data];
            },
          };
        },
        0,
      );
    }
  });
});

describe('a changed image', () => {
  const random = Random.fromSeed(3, 'an image');
  const image = draw(() => random.below(256));

  it('is the same wherever its pass starts, and another one in the next place and the next step', () => {
    const all = changedCopies(image, { augmentation: everyChange, count: 20 });
    expect(changedCopies(image, { augmentation: everyChange, count: 5, first: 12 })).toEqual(
      all.slice(12, 17),
    );
    expect(new Set(all.map(String)).size).toBe(20);
    const next = changedCopies(image, { augmentation: everyChange, count: 20, key: augmentationKey(1, 2) });
    expect(new Set([...all, ...next].map(String)).size).toBe(40);
    expect(augmentationKey(1, 2)).not.toBe(augmentationKey(1, 3));
    expect(augmentationKey(1, 2)).not.toBe(augmentationKey(2, 2));
  });

  it('keeps the draws of its other changes when one is added', () => {
    const plain = changedCopies(image, { augmentation: { horizontalFlip: true, translation: 4 }, count: 20 });
    const erased = changedCopies(image, {
      augmentation: { horizontalFlip: true, translation: 4, erasing: 1 },
      count: 20,
    });
    erased.forEach((one, copy) => {
      expect(one.every((byte, index) => byte === 0 || byte === plain[copy]![index])).toBe(true);
    });
  });

  it('is what it was when nothing is asked for', () => {
    expect(isAugmenting(noAugmentation)).toBe(false);
    expect(isAugmenting({ ...noAugmentation, erasedArea: 0.4 })).toBe(false);
    for (const [, augmentation] of changes)
      expect(isAugmenting({ ...noAugmentation, ...augmentation })).toBe(true);
    expect(changedCopies(image, { augmentation: {}, count: 1 })[0]).toEqual(image);
  });
});

it('the copies to look at are those of the first step of a run with the seed', () => {
  const shape = { height: 5, width: 7, channels: 3 };
  const random = Random.fromSeed(8, 'an image');
  const image = Uint8Array.from({ length: 105 }, () => random.below(256));
  const copies = augmentCopies({ image, shape, augmentation: everyChange, seed: 6, count: 9 });
  const stepKey = augmentationKey(Random.fromSeed(6, 'augmentation').uint32(), 1);
  const expected = changedCopies(image, { shape, augmentation: everyChange, count: 9, key: stepKey });
  expect(copies).toEqual(Uint8Array.from(expected.flatMap((one) => [...one])));
});

describe('flips', () => {
  it('mirror half of the images, left for right, and leave the others', () => {
    const image = draw((x, y) => 9 * x + (y % 3));
    const mirrored = draw((x, y) => 9 * (27 - x) + (y % 3));
    const count = 4000;
    let flipped = 0;
    for (const one of changedCopies(image, { augmentation: { horizontalFlip: true }, count })) {
      const isFlipped = one[0] !== image[0];
      expect(isSame(one, isFlipped ? mirrored : image)).toBe(true);
      flipped += isFlipped ? 1 : 0;
    }
    // Five standard deviations of so many coins.
    expect(Math.abs(flipped - count / 2)).toBeLessThan(5 * Math.sqrt(count / 4));
  });
});

describe('translation', () => {
  it('moves by every whole number of pixels in its range, black coming in, and by all as often', () => {
    const count = 3000;
    const image = draw((x, y) => 1 + x + 28 * (y % 9));
    const seen = new Map<string, number>();
    for (const one of changedCopies(image, { augmentation: { translation: 2 }, count })) {
      // What has come to the middle tells from where: its row modulo 9 is 5 without a shift.
      const middle = one[14 * 28 + 14]! - 1;
      const [right, down] = [14 - (middle % 28), 5 - Math.floor(middle / 28)];
      const expected = draw((column, row) => {
        const [x, y] = [column - right, row - down];
        return x >= 0 && x < 28 && y >= 0 && y < 28 ? 1 + x + 28 * (y % 9) : 0;
      });
      expect(isSame(one, expected)).toBe(true);
      const place = `${right} ${down}`;
      seen.set(place, (seen.get(place) ?? 0) + 1);
    }
    expect(seen.size).toBe(25);
    // Six standard deviations around the mean of 120.
    for (const times of seen.values()) expect(Math.abs(times - 120)).toBeLessThan(6 * Math.sqrt(120));
  });
});

describe('turning, scaling and slanting', () => {
  /** Slopes of the ramps: eight grey levels a pixel would leave the range of a byte, so the ramps are of the middle. */
  const [middle, level] = [13.5, 8];
  const ramp = (valueAt: (x: number, y: number) => number): Uint8Array =>
    draw((x, y) => Math.max(0, Math.min(255, 128 + level * valueAt(x - middle, y - middle))));
  const rampX = ramp((x) => x);
  const rampY = ramp((_x, y) => y);
  /** Pixels from the centre that are looked at: there no ramp has reached its end. */
  const reach = 4;
  /** A byte is rounded once when the ramp is drawn and once when it is resampled, over `2 reach` pixels at `level`. */
  const slopeTolerance = 2 / (2 * reach * level);

  /** How the place in the image changes to the right and down, and what is at the centre: the draw seen from outside. */
  function slopesOf(augmentation: Partial<Augmentation>, count: number): number[][] {
    const along = (one: Uint8Array, dx: number, dy: number): number => {
      const at = (sign: number): number => {
        // Between the four middle pixels.
        const values = [0, 1].flatMap((x) =>
          [0, 1].map((y) => one[(13 + y + sign * dy * reach) * 28 + 13 + x + sign * dx * reach]!),
        );
        return values.reduce((sum, value) => sum + value, 0) / 4;
      };
      return (at(1) - at(-1)) / (2 * reach * level);
    };
    const ofX = changedCopies(rampX, { augmentation, count });
    const ofY = changedCopies(rampY, { augmentation, count });
    return ofX.map((x, copy) => {
      const y = ofY[copy]!;
      return [along(x, 1, 0), along(x, 0, 1), along(y, 1, 0), along(y, 0, 1)];
    });
  }

  const spreadOf = (values: number[]): [number, number] => [Math.min(...values), Math.max(...values)];

  it('rotates about the centre by angles from all of its range', () => {
    const angles = slopesOf({ rotation: 30 }, 400).map(([xx, xy, yx, yy]) => {
      const angle = Math.atan2(xy! - yx!, xx! + yy!);
      expect(Math.abs(xx! - Math.cos(angle))).toBeLessThan(slopeTolerance);
      expect(Math.abs(yy! - Math.cos(angle))).toBeLessThan(slopeTolerance);
      expect(Math.abs(xy! - Math.sin(angle))).toBeLessThan(slopeTolerance);
      expect(Math.abs(yx! + Math.sin(angle))).toBeLessThan(slopeTolerance);
      return (angle * 180) / Math.PI;
    });
    const [least, most] = spreadOf(angles);
    const tolerance = (slopeTolerance * 180) / Math.PI;
    expect(least).toBeGreaterThan(-30 - tolerance);
    expect(least).toBeLessThan(-28);
    expect(most).toBeLessThan(30 + tolerance);
    expect(most).toBeGreaterThan(28);
  });

  it('makes larger and smaller by factors from all of its range', () => {
    const factors = slopesOf({ scale: 0.25 }, 400).map(([xx, xy, yx, yy]) => {
      expect(Math.abs(xx! - yy!)).toBeLessThan(slopeTolerance);
      expect(Math.max(Math.abs(xy!), Math.abs(yx!))).toBeLessThan(slopeTolerance);
      return 2 / (xx! + yy!);
    });
    const [least, most] = spreadOf(factors);
    // The factor's own error is that of its inverse times its square.
    expect(least).toBeGreaterThan(0.75 - slopeTolerance);
    expect(least).toBeLessThan(0.78);
    expect(most).toBeLessThan(1.25 + 2 * slopeTolerance);
    expect(most).toBeGreaterThan(1.22);
  });

  it('slants upright lines by angles from all of its range and keeps level ones', () => {
    const angles = slopesOf({ shear: 20 }, 400).map(([xx, xy, yx, yy]) => {
      expect(Math.abs(xx! - 1)).toBeLessThan(slopeTolerance);
      expect(Math.abs(yy! - 1)).toBeLessThan(slopeTolerance);
      expect(Math.abs(yx!)).toBeLessThan(slopeTolerance);
      return (Math.atan(xy!) * 180) / Math.PI;
    });
    const [least, most] = spreadOf(angles);
    const tolerance = (slopeTolerance * 180) / Math.PI;
    expect(least).toBeGreaterThan(-20 - tolerance);
    expect(least).toBeLessThan(-18);
    expect(most).toBeLessThan(20 + tolerance);
    expect(most).toBeGreaterThan(18);
  });

  it('keeps the centre where it is, and mirrors before it turns', () => {
    const flat = slopesOf({ horizontalFlip: true, rotation: 20 }, 100);
    const turned = slopesOf({ rotation: 20 }, 100);
    let mirrored = 0;
    flat.forEach(([xx, xy, yx, yy], copy) => {
      const plain = turned[copy]!;
      const sign = xx! < 0 ? -1 : 1;
      mirrored += sign < 0 ? 1 : 0;
      [sign * xx!, sign * xy!, yx!, yy!].forEach((slope, place) =>
        expect(Math.abs(slope - plain[place]!)).toBeLessThan(slopeTolerance),
      );
    });
    expect(mirrored).toBeGreaterThan(20);
    for (const one of changedCopies(rampX, { augmentation: { rotation: 30, scale: 0.2 }, count: 50 })) {
      const centre = [13, 14].flatMap((y) => [one[y * 28 + 13]!, one[y * 28 + 14]!]);
      // Rounded twice, as above.
      expect(Math.abs(centre.reduce((sum, value) => sum + value, 0) / 4 - 128)).toBeLessThan(1.5);
    }
  });

  it('bends smoothly, by no more than it may, differently in every part of an image', () => {
    const elastic = 3;
    const ofX = changedCopies(rampX, { augmentation: { elastic }, count: 200 });
    const ways: number[] = [];
    for (const one of ofX) {
      const way = (x: number, y: number): number => (one[y * 28 + x]! - 128) / level - (x - middle);
      for (let y = 6; y < 22; y += 1) {
        for (let x = 6; x < 22; x += 1) {
          ways.push(way(x, y));
          expect(Math.abs(way(x, y))).toBeLessThan(elastic + 1 / level);
          // The spline's steepest slope is 2/3 a step of seven pixels for points moved apart as far as can be.
          if (x > 6) expect(Math.abs(way(x, y) - way(x - 1, y))).toBeLessThan((2 * elastic) / 7 + 2 / level);
        }
      }
    }
    const mean = ways.reduce((sum, one) => sum + one, 0) / ways.length;
    const deviation = Math.sqrt(ways.reduce((sum, one) => sum + one * one, 0) / ways.length);
    // Even draws have a deviation of 1/sqrt(3); the squares of the spline's weights sum up to 0.48 on average, twice.
    expect(Math.abs(deviation - (elastic * 0.48) / Math.sqrt(3))).toBeLessThan(0.08 * elastic);
    expect(Math.abs(mean)).toBeLessThan(0.03 * elastic);
  });
});

describe('noise', () => {
  it('has the mean 0, the deviation that was asked for, and no likeness between neighbours', () => {
    const noise = 0.05;
    const copies = changedCopies(
      draw(() => 128),
      { augmentation: { noise }, count: 50 },
    );
    const values = copies.flatMap((one) => Array.from(one, (byte) => byte - 128));
    const mean = (numbers: number[]): number => numbers.reduce((sum, one) => sum + one, 0) / numbers.length;
    const variance = mean(values.map((one) => one * one));
    const deviations = 5 / Math.sqrt(values.length);
    expect(Math.abs(mean(values))).toBeLessThan(deviations * 255 * noise);
    // Rounding to whole levels adds a twelfth.
    expect(Math.abs(variance / ((255 * noise) ** 2 + 1 / 12) - 1)).toBeLessThan(deviations * Math.SQRT2);
    const products = values.slice(1).map((one, index) => one * values[index]!);
    expect(Math.abs(mean(products) / variance)).toBeLessThan(deviations);
  });

  it('stays within black and white', () => {
    const [black, white] = [0, 255].map(
      (level) =>
        changedCopies(
          draw(() => level),
          { augmentation: { noise: 0.5 }, count: 1 },
        )[0]!,
    );
    expect([Math.min(...black!), Math.max(...white!)]).toEqual([0, 255]);
    // Half of the noise is on the side that is cut off.
    for (const [one, level] of [
      [black!, 0],
      [white!, 255],
    ] as const) {
      const cut = one.filter((byte) => byte === level).length / one.length;
      expect(Math.abs(cut - 0.5)).toBeLessThan(0.1);
    }
  });
});

describe('erasing', () => {
  it('makes one rectangle black in the share of images that was asked for, no larger than it may', () => {
    const count = 2000;
    const [erasing, erasedArea] = [0.4, 0.3];
    const copies = changedCopies(
      draw(() => 200),
      { augmentation: { erasing, erasedArea }, count },
    );
    const areas: number[] = [];
    for (const one of copies) {
      const black = [...one.keys()].filter((index) => one[index] === 0);
      if (black.length === 0) continue;
      const [xs, ys] = [black.map((index) => index % 28), black.map((index) => Math.floor(index / 28))];
      const [width, height] = [xs, ys].map((values) => Math.max(...values) - Math.min(...values) + 1);
      // All of the rectangle around the black pixels is black.
      expect(width! * height!).toBe(black.length);
      areas.push(black.length / 784);
      expect([...new Set(one)].filter((byte) => byte !== 0)).toEqual([200]);
    }
    expect(Math.abs(areas.length - erasing * count)).toBeLessThan(5 * Math.sqrt(count * 0.24));
    // Sides are rounded to pixels.
    expect(Math.max(...areas)).toBeLessThan(erasedArea + 0.03);
    expect(Math.max(...areas)).toBeGreaterThan(0.27);
    expect(Math.min(...areas)).toBeLessThan(0.03);
  });
});

describe('in a step', () => {
  const rows = 9;
  const images = bandedImages(rows, 5);
  const imageBytes = smallShape.height * smallShape.width;
  const batch = { rows, first: 0, startsSum: true, scale: 1 / rows, noise: 0 };

  /** The losses of a batch, its weights being the same for every call. */
  function lossesOf(pixels: Uint8Array, options: { augmentation?: Augmentation; mixup: number }): number[] {
    const network = createBareNetwork({ layers: [], rows, imageCount: rows, precision: 'float32', options });
    network.training.images.data.set(pixels);
    network.training.labels.data.set(images.labels);
    network.training.partnerShare?.data.fill(0.3);
    network.training.augmentationKey?.data.fill(key);
    const weights = Random.fromSeed(3, 'weights');
    for (const { values } of network.plan.parameters) {
      values.data.forEach((_value, index) => (values.data[index] = weights.uniform(-0.5, 0.5)));
    }
    network.run(batch, 'propagate');
    return [...network.training.losses.data];
  }

  it.each([0, 0.4])(
    'each image is changed by its own draw, then mixed with the next one: mixup %d',
    (mixup) => {
      const changed = new Uint8Array(images.pixels.length);
      for (const row of indicesUpTo(rows)) {
        const image = images.pixels.subarray(row * imageBytes, (row + 1) * imageBytes);
        const task = { shape: smallShape, augmentation: everyChange, count: 1, first: row };
        changed.set(changedCopies(image, task)[0]!, row * imageBytes);
      }
      const losses = lossesOf(images.pixels, { augmentation: everyChange, mixup });
      expect(losses).toEqual(lossesOf(changed, { mixup }));
      expect(losses).not.toEqual(lossesOf(images.pixels, { mixup }));
    },
  );
});
