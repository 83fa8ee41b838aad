// Makes one dataset of the parts that were found: which are for training and which for the test, the classes of all, and
// test images held out where there are none.
import { WeftError } from '../../../src-shared/failure.ts';
import type { ImageShape } from '../../../src-shared/schemas/dataset.ts';
import { longestSide, mostClasses, type ImportPreview } from '../../../src-shared/schemas/datasetImport.ts';
import { splitValidation } from '../split.ts';
import type { DatasetImages } from '../types.ts';
import { compareNames } from './scanFiles.ts';
import type { ImportedPart } from './types.ts';

/** The test images held out of the same images are always the same ones. */
const heldOutSeed = 0;
/** A set is read whole into memory. */
const limitBytes = 2 ** 31;

export interface AssembledSet {
  shape: ImageShape;
  /** In the order of the labels. */
  classes: string[];
  train: DatasetImages;
  test: DatasetImages;
  testOrigin: ImportPreview['testOrigin'];
  /** Pixels of images without labels. */
  unlabelled: Uint8Array;
  notes: string[];
}

const imageBytesOf = ({ height, width, channels }: ImageShape): number => height * width * channels;
const countOf = (part: ImportedPart): number => part.pixels.length / imageBytesOf(part.shape);
const describeShape = ({ height, width, channels }: ImageShape): string =>
  `${height} x ${width} pixels${channels === 1 ? '' : ` in ${channels} channels`}`;
const formatCount = (count: number): string => count.toLocaleString('en-US');

interface Roles {
  train: ImportedPart;
  test: ImportedPart | null;
  unlabelled: ImportedPart | null;
}

function ambiguous(parts: readonly ImportedPart[], what: string): WeftError {
  const names = parts.map(({ name }) => `"${name}"`).slice(0, 6);
  return new WeftError(
    'import.ambiguous',
    `There is more than one set here: ${names.join(', ')} ${what}.`,
    'Choose one training set and at most one test set, in a folder of their own.',
  );
}

/** Which part is what: by name where the name tells, else the larger one is trained on. */
function assignRoles(parts: readonly ImportedPart[]): Roles {
  const labelled = parts.filter((part) => part.labels !== null);
  const unlabelled = parts.filter((part) => part.labels === null);
  if (labelled.length > 2) throw ambiguous(labelled, 'all have labels');
  if (unlabelled.length > 1) throw ambiguous(unlabelled, 'have no labels');
  const [first, second] = labelled;
  if (first === undefined) {
    throw new WeftError(
      'import.no-labels',
      `The images in "${parts[0]?.name ?? ''}" have no labels, so there is nothing to learn from them.`,
      'Choose images with labels as well.',
    );
  }
  if (second === undefined) return { train: first, test: null, unlabelled: unlabelled[0] ?? null };
  const isSwapped =
    first.role === second.role
      ? countOf(second) > countOf(first)
      : first.role === 'test' || second.role === 'train';
  if (first.role !== null && first.role === second.role) {
    throw ambiguous(labelled, `are both called ${first.role === 'test' ? 'test' : 'training'} images`);
  }
  const [train, test] = isSwapped ? [second, first] : [first, second];
  return { train, test, unlabelled: unlabelled[0] ?? null };
}

/** The classes of all parts, and each part's labels as indices into them. */
function unifyClasses(parts: readonly ImportedPart[]): { classes: string[]; labels: Uint8Array[] } {
  if (parts.some((part) => part.classes !== null)) {
    const names = new Set(parts.flatMap(({ classes }) => [...(classes ?? [])]));
    const classes = [...names].sort(compareNames);
    checkClassCount(classes.length);
    const labels = parts.map(({ classes: own, labels: found }) => {
      const indices = (own ?? []).map((name) => classes.indexOf(name));
      return (found ?? new Uint8Array(0)).map((label) => indices[label] ?? 0);
    });
    return { classes, labels };
  }
  const labels = parts.map((part) => part.labels ?? new Uint8Array(0));
  let largest = -1;
  for (const one of labels) for (const label of one) if (label > largest) largest = label;
  checkClassCount(largest + 1);
  return { classes: Array.from({ length: largest + 1 }, (_value, index) => String(index)), labels };
}

function checkClassCount(count: number): void {
  if (count >= 2 && count <= mostClasses) return;
  throw new WeftError(
    'import.wrong-class-count',
    count < 2
      ? `All images are of one class: to tell classes apart there must be at least two.`
      : `There are ${count} classes; at most ${mostClasses} are supported.`,
    count < 2 ? 'Choose a folder with one folder for each class.' : 'Choose fewer classes.',
  );
}

function checkShapes(parts: readonly ImportedPart[]): ImageShape {
  const { shape, name } = parts[0]!;
  const other = parts.find((part) => describeShape(part.shape) !== describeShape(shape));
  if (other !== undefined) {
    throw new WeftError(
      'import.wrong-shape',
      `"${name}" holds images of ${describeShape(shape)}, but "${other.name}" of ${describeShape(other.shape)}.`,
      'Choose images of one size.',
    );
  }
  if (shape.channels !== 1 && shape.channels !== 3) {
    throw new WeftError(
      'import.wrong-shape',
      `"${name}" holds images of ${shape.channels} channels; they must be grey (1) or red, green and blue (3).`,
      'Convert the images.',
    );
  }
  if (shape.height > longestSide || shape.width > longestSide || imageBytesOf(shape) === 0) {
    throw new WeftError(
      'import.wrong-shape',
      `"${name}" holds images of ${describeShape(shape)}; their sides must be from 1 to ${longestSide} pixels.`,
      'Make the images smaller.',
    );
  }
  return shape;
}

function pick({ pixels, labels }: DatasetImages, indices: Uint32Array, imageBytes: number): DatasetImages {
  const picked = new Uint8Array(indices.length * imageBytes);
  indices.forEach((image, place) =>
    picked.set(pixels.subarray(image * imageBytes, (image + 1) * imageBytes), place * imageBytes),
  );
  return { pixels: picked, labels: Uint8Array.from(indices, (image) => labels[image]!) };
}

/** As small a part as one of a thousand reads better as a fraction of images than as a percentage. */
const formatPart = (part: number): string => {
  const inverse = 1 / part;
  return Math.abs(inverse - Math.round(inverse)) < 1e-6
    ? `One in ${Math.round(inverse)}`
    : `${(part * 100).toFixed(part < 0.1 ? 1 : 0)} %`;
};

/**
 * `heldOut` is the part of the training images that becomes the test images where there are none. Throws
 * `import.ambiguous`, `import.no-labels`, `import.no-images`, `import.wrong-shape`, `import.wrong-class-count` and
 * `import.too-large`.
 */
export function assembleSet(parts: readonly ImportedPart[], heldOut: number): AssembledSet {
  const { train, test, unlabelled } = assignRoles(parts);
  const used = [train, test, unlabelled].filter((part) => part !== null);
  const shape = checkShapes(used);
  const imageBytes = imageBytesOf(shape);
  const totalBytes = used.reduce((sum, part) => sum + part.pixels.length, 0);
  if (totalBytes > limitBytes) {
    throw new WeftError(
      'import.too-large',
      `These images would take ${(totalBytes / 1e9).toFixed(1)} GB; at most ${(limitBytes / 1e9).toFixed(1)} GB can be worked with.`,
      'Choose fewer or smaller images.',
    );
  }
  const notes: string[] = [];
  const labelled = test === null ? [train] : [train, test];
  if (labelled.some((part) => countOf(part) === 0)) {
    const empty = labelled.find((part) => countOf(part) === 0)!;
    throw new WeftError(
      'import.no-images',
      `"${empty.name}" holds no images.`,
      'Choose files that hold images.',
    );
  }
  const { classes, labels } = unifyClasses(labelled);
  const own: DatasetImages = { pixels: train.pixels, labels: labels[0]! };
  const rest = { shape, classes, unlabelled: unlabelled?.pixels ?? new Uint8Array(0) };
  if (unlabelled !== null) {
    notes.push(
      `"${unlabelled.name}" holds ${formatCount(countOf(unlabelled))} images without labels: a model can be asked about them.`,
    );
  }
  if (test !== null) {
    return {
      ...rest,
      train: own,
      test: { pixels: test.pixels, labels: labels[1]! },
      testOrigin: 'own',
      notes: [`Trained on "${train.name}", tested on "${test.name}".`, ...notes],
    };
  }
  const none: DatasetImages = { pixels: new Uint8Array(0), labels: new Uint8Array(0) };
  const held = Math.round(own.labels.length * heldOut);
  if (held === 0 || held >= own.labels.length) {
    return {
      ...rest,
      train: own,
      test: none,
      testOrigin: 'none',
      notes: [
        ...notes,
        'There are no test images: how good a model is can only be told on its validation images.',
      ],
    };
  }
  const split = splitValidation(own.labels, 0, { type: 'stratified', fraction: heldOut }, heldOutSeed);
  return {
    ...rest,
    train: pick(own, split.trainIndices, imageBytes),
    test: pick(own, split.validationIndices, imageBytes),
    testOrigin: 'held-out',
    notes: [
      ...notes,
      `There are no labelled test images: ${formatPart(heldOut).toLowerCase()} of the images of each class is held out as such, always the same ones.`,
    ],
  };
}
