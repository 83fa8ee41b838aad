// How images of a person's own become a dataset: where they are, how they are read, and what was found in them.
import * as v from 'valibot';
import { bytesSchema } from './bytes.ts';
import { imageShapeSchema } from './dataset.ts';

/** The most classes that a dataset can have: labels are bytes. */
export const mostClasses = 255;
/** The longest side of an image of a dataset, in pixels. */
export const longestSide = 512;
/** How large images of any size are made unless a size is chosen. */
export const usualSide = 28;
/** How much of the images is held out for the test where there are no test images, unless another part is chosen. */
export const usualHeldOut = 1 / 7;
/** The largest part that can be held out. */
export const mostHeldOut = 0.5;
/** The most files that can be sent for one import. */
export const mostFiles = 200_000;

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const side = v.pipe(
  v.number(),
  v.integer('must be a whole number'),
  v.minValue(1, 'must be at least 1'),
  v.maxValue(longestSide, `must be at most ${longestSide}`),
);

/** A file's place below the chosen folder: names with slashes between them, none of which leads out of it. */
export const relativePathSchema = v.pipe(
  v.string(),
  v.minLength(1),
  v.maxLength(4096),
  v.check(
    (path) =>
      !path.includes('\0') &&
      !path.includes('\\') &&
      path.split('/').every((name) => name !== '' && name !== '.' && name !== '..' && name.length <= 255),
    'must be a relative path that stays in its folder',
  ),
);

/** Where the images are: on this computer, or about to be sent by the page. */
export const importSourceSchema = v.variant('kind', [
  v.strictObject({
    kind: v.literal('path'),
    path: v.pipe(v.string(), v.minLength(1), v.maxLength(4096)),
    /** A file or folder whose images are for the test. */
    testPath: v.optional(v.nullable(v.pipe(v.string(), v.minLength(1), v.maxLength(4096))), null),
  }),
  v.strictObject({
    kind: v.literal('files'),
    files: v.pipe(
      v.array(v.strictObject({ path: relativePathSchema, sizeBytes: count })),
      v.minLength(1, 'must name a file'),
      v.maxLength(mostFiles, `must be at most ${mostFiles} files`),
    ),
  }),
]);
export type ImportSource = v.InferOutput<typeof importSourceSchema>;

/** How the images are read. */
export const importOptionsSchema = v.strictObject({
  /** What images of any size are fitted to, and how the pixels of a CSV row lie; null for the usual. */
  size: v.optional(v.nullable(v.strictObject({ height: side, width: side })), null),
  /** 1 grey, 3 red, green and blue; null for what the images have. */
  channels: v.optional(v.nullable(v.picklist([1, 3])), null),
  /** The part of the images held out for the test where there are no test images; 0 for none. */
  heldOut: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(mostHeldOut)), usualHeldOut),
});
export type ImportOptions = v.InferOutput<typeof importOptionsSchema>;

/** What the images came as. */
export const importKindSchema = v.picklist(['idx', 'npz', 'csv', 'images']);
export type ImportKind = v.InferOutput<typeof importKindSchema>;

/** Something that was left out, and why. */
export const importProblemSchema = v.strictObject({
  /** Below the chosen folder. */
  file: v.string(),
  /** A sentence that says what is wrong, and where in the file. */
  message: v.string(),
});
export type ImportProblem = v.InferOutput<typeof importProblemSchema>;

/** What was found: nothing of it is a dataset yet. */
export const importPreviewSchema = v.strictObject({
  kind: importKindSchema,
  /** A name that the files suggest. */
  name: v.string(),
  shape: imageShapeSchema,
  /** In the order of the labels. */
  classes: v.array(v.strictObject({ name: v.string(), trainCount: count, testCount: count })),
  trainCount: count,
  testCount: count,
  /** Images without a label, to predict. */
  unlabelledCount: count,
  /** Whether the test images came as such, were held out of the training images, or there are none. */
  testOrigin: v.picklist(['own', 'held-out', 'none']),
  /** Whether the size and the colours can be chosen. */
  isFitted: v.boolean(),
  /** What was found and how it is read, a sentence each. */
  notes: v.array(v.string()),
  /** The first of them, in the order of the files. */
  problems: v.array(importProblemSchema),
  problemCount: count,
  /** The first images of each class in turn: their labels, and pixels `(count, height, width, channels)`. */
  samples: v.strictObject({ labels: bytesSchema, pixels: bytesSchema }),
  /** The dataset of Weft's catalogue that these very images are. */
  known: v.nullable(v.strictObject({ id: v.string(), name: v.string() })),
  /** On the disk. */
  sizeBytes: count,
});
export type ImportPreview = v.InferOutput<typeof importPreviewSchema>;

export const importProgressSchema = v.strictObject({
  importId: v.string(),
  stage: v.picklist(['finding', 'reading', 'writing']),
  done: count,
  /** Null while it isn't known. */
  total: v.nullable(count),
  unit: v.picklist(['files', 'bytes']),
  perSecond: v.number(),
  secondsLeft: v.nullable(v.number()),
});
export type ImportProgress = v.InferOutput<typeof importProgressSchema>;
