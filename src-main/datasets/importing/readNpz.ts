// NumPy archives as Keras hands datasets out: x_train, y_train, x_test, y_test. Pickled arrays are never looked at.
import { WeftError } from '../../../src-shared/failure.ts';
import { mostClasses } from '../../../src-shared/schemas/datasetImport.ts';
import type { NpyValues } from '../../formats/npy.ts';
import { decodeNpz, type NamedNpyArray } from '../../formats/npz.ts';
import { float32OfHalves } from '../../formats/smallFloats.ts';
import { printableName, readSourceFile } from './scanFiles.ts';
import type { FoundParts, ImportedPart, ReadingContext, SourceFile, SplitRole } from './types.ts';

/** Images pack well: Keras's mnist.npz unpacks to five times its size. What a set may have in all is the limit. */
const expansionBytes = 2 ** 30;

const remedy = 'Save images and labels again with numpy.savez, as x_train, y_train, x_test and y_test.';
const refuse = (what: string, fileName: string, message: string): WeftError =>
  new WeftError(`import.${what}`, `"${fileName}": ${message}.`, remedy);

type Numbers = Exclude<NpyValues, BigUint64Array | BigInt64Array>;

/** 64-bit integers, which labels usually are, as plain numbers; half floats as what their bits mean. */
function numbersOf({ dtype, data }: NamedNpyArray): Numbers {
  if (data instanceof BigInt64Array || data instanceof BigUint64Array) return Float64Array.from(data, Number);
  return dtype === 'float16' && data instanceof Uint16Array ? float32OfHalves(data) : data;
}

/** `(images, height, width, channels)` of the array's shape. */
function imageShape({ name, shape }: NamedNpyArray, fileName: string): [number, number, number, number] {
  const [images = 0, ...rest] = shape;
  if (rest.length === 1) {
    const side = Math.sqrt(rest[0]!);
    if (Number.isInteger(side)) return [images, side, side, 1];
  }
  if (rest.length === 2) return [images, rest[0]!, rest[1]!, 1];
  if (rest.length === 3 && (rest[2] === 1 || rest[2] === 3)) return [images, rest[0]!, rest[1]!, rest[2]];
  throw refuse(
    'wrong-shape',
    fileName,
    `${name} should be of the shape (images, height, width) or (images, height, width, 1 or 3) but is (${shape.join(', ')})`,
  );
}

/** Pixels as bytes: whole numbers from 0 to 255 as they are, fractions from 0 to 1 times 255. */
function pixelsOf(array: NamedNpyArray, fileName: string): { pixels: Uint8Array; isScaled: boolean } {
  const values = numbersOf(array);
  if (array.dtype === 'uint8' && values instanceof Uint8Array) return { pixels: values, isScaled: false };
  const factor = array.dtype === 'bool' ? 255 : 1;
  let isWhole = true;
  let largest = 0;
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index]! * factor;
    if (!(value >= 0 && value <= 255)) {
      throw refuse(
        'wrong-pixel',
        fileName,
        `${array.name} holds ${value}, which is no pixel value from 0 to 255`,
      );
    }
    if (value > largest) largest = value;
    isWhole &&= Number.isInteger(value);
  }
  // Whole numbers up to 1 may be either; images that are all but black are never meant.
  const isScaled = array.dtype.startsWith('float') && largest <= 1;
  if (!isScaled && !isWhole) {
    throw refuse(
      'wrong-pixel',
      fileName,
      `${array.name} holds fractions up to ${largest}: pixels are whole numbers from 0 to 255, or fractions from 0 to 1`,
    );
  }
  const scale = isScaled ? 255 : factor;
  return { pixels: Uint8Array.from(values, (value) => Math.round(value * scale)), isScaled };
}

/** The class of each image: whole numbers `(images)` or `(images, 1)`, or one-hot `(images, classes)`. */
function labelsOf(array: NamedNpyArray, images: number, fileName: string): Uint8Array {
  const { name, shape } = array;
  const values = numbersOf(array);
  const [count = 0, width = 1] = shape;
  if (shape.length > 2 || shape.length === 0) {
    throw refuse(
      'wrong-shape',
      fileName,
      `${name} should be one label an image but has the shape (${shape.join(', ')})`,
    );
  }
  if (count !== images) {
    throw refuse('wrong-count', fileName, `${name} holds ${count} labels for ${images} images`);
  }
  const labels = new Uint8Array(count);
  for (let image = 0; image < count; image += 1) {
    const row = values.subarray(image * width, (image + 1) * width);
    const label = width === 1 ? row[0]! : row.indexOf(1);
    const isOneHot = width === 1 || row.every((value, index) => value === (index === label ? 1 : 0));
    if (!isOneHot || !Number.isInteger(label) || label < 0 || label >= mostClasses) {
      throw refuse(
        'wrong-label',
        fileName,
        width === 1
          ? `label ${image} of ${name} is ${label}; labels are whole numbers from 0 to ${mostClasses - 1}`
          : `row ${image} of ${name} is not one-hot`,
      );
    }
    labels[image] = label;
  }
  return labels;
}

/** Throws the `zip.…`, `npz.…` and `npy.…` errors, and `import.…` for arrays that are no images and labels. */
export async function readNpz(file: SourceFile, { report }: ReadingContext): Promise<FoundParts> {
  report({ stage: 'reading', done: 0, total: 1, unit: 'files' });
  const fileName = printableName(file.name);
  const arrays = new Map(
    decodeNpz(await readSourceFile(file), fileName, expansionBytes).map((array) => [array.name, array]),
  );
  const notes: string[] = [];
  const part = (role: SplitRole): ImportedPart | undefined => {
    const images = arrays.get(`x_${role}`);
    const labels = arrays.get(`y_${role}`);
    if (images === undefined) {
      if (labels === undefined) return undefined;
      throw refuse('missing-array', fileName, `it holds y_${role} but not x_${role}`);
    }
    const [count, height, width, channels] = imageShape(images, fileName);
    const { pixels, isScaled } = pixelsOf(images, fileName);
    if (isScaled) notes.push(`x_${role} holds fractions from 0 to 1; 1 becomes 255.`);
    return {
      name: `${fileName}: x_${role}`,
      role,
      shape: { height, width, channels },
      pixels,
      labels: labels === undefined ? null : labelsOf(labels, count, fileName),
      classes: null,
    };
  };
  const parts = [part('train'), part('test')].filter((one) => one !== undefined);
  if (parts.length === 0) {
    const held = [...arrays.keys()].map(printableName).slice(0, 8).join(', ');
    throw refuse(
      'missing-array',
      fileName,
      `it holds neither x_train nor x_test${held === '' ? '' : `, but ${held}`}`,
    );
  }
  return { kind: 'npz', parts, notes, isFitted: false };
}
