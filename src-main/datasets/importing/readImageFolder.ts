// A folder for each class, of images of any size: each is decoded, fitted to one size, and made grey or RGB.
import { toErrorData, WeftError } from '../../../src-shared/failure.ts';
import type { ImageShape } from '../../../src-shared/schemas/dataset.ts';
import { mostClasses, usualSide } from '../../../src-shared/schemas/datasetImport.ts';
import { borderBrightness } from '../../../src-shared/preprocessing/ink.ts';
import { inChannels, toGrey, type Raster } from '../../../src-shared/preprocessing/raster.ts';
import { resizeToFit } from '../../../src-shared/preprocessing/resize.ts';
import { decodeImage } from '../../formats/decodeImage.ts';
import { arrangeClasses, type ImageGroup } from './arrangeClasses.ts';
import { printableName, readSourceFile, type ScannedFiles } from './scanFiles.ts';
import type { FoundParts, ImportedPart, ReadingContext, SourceFile } from './types.ts';

/** Larger files are no images for a dataset. */
const fileLimitBytes = 64 * 1024 * 1024;
/** All images together, fitted. */
const setLimitBytes = 2 ** 31;
/** Colours that differ less are what JPEG makes of grey. */
const greyTolerance = 6;

/** The smallest and largest image that was met. */
class SizeRange {
  #smallest: Raster | undefined;
  #largest: Raster | undefined;
  #isOne = true;

  add(image: Raster): void {
    const area = (one: Raster): number => one.height * one.width;
    this.#smallest ??= image;
    this.#largest ??= image;
    this.#isOne &&= image.height === this.#smallest.height && image.width === this.#smallest.width;
    // Pixels are let go of.
    const { height, width, channels } = image;
    const size: Raster = { height, width, channels, pixels: new Uint8Array(0) };
    if (area(image) <= area(this.#smallest)) this.#smallest = size;
    if (area(image) >= area(this.#largest)) this.#largest = size;
  }

  /** How the images come to their size; undefined where they have it. */
  describe({ height, width }: ImageShape): string | undefined {
    const [small, large] = [this.#smallest, this.#largest];
    if (small === undefined || large === undefined) return undefined;
    if (this.#isOne && small.height === height && small.width === width) return undefined;
    const found = this.#isOne
      ? `The images of ${small.height} x ${small.width} pixels`
      : `The images, from ${small.height} x ${small.width} to ${large.height} x ${large.width} pixels,`;
    return `${found} are made as large as they fit into ${height} x ${width}, proportions kept, in the middle; what is left is as bright as their edge.`;
  }
}

/** The image in the middle of a ground as bright as its edge, `(height, width, channels)`. */
function fit(image: Raster, { height, width, channels }: ImageShape): Uint8Array {
  const toned = channels === 1 ? toGrey(image) : inChannels(image, channels);
  const fitted = resizeToFit(toned, height, width);
  if (fitted.height === height && fitted.width === width) return fitted.pixels;
  const pixels = new Uint8Array(height * width * channels).fill(borderBrightness(toned));
  const top = Math.floor((height - fitted.height) / 2);
  const left = Math.floor((width - fitted.width) / 2);
  const rowValues = fitted.width * channels;
  for (let row = 0; row < fitted.height; row += 1) {
    const line = fitted.pixels.subarray(row * rowValues, (row + 1) * rowValues);
    pixels.set(line, ((top + row) * width + left) * channels);
  }
  return pixels;
}

/** Whether a pixel of an RGB image has a colour. */
function isColoured(pixels: Uint8Array): boolean {
  for (let at = 0; at < pixels.length; at += 3) {
    const [red, green, blue] = [pixels[at]!, pixels[at + 1]!, pixels[at + 2]!];
    if (Math.max(red, green, blue) - Math.min(red, green, blue) > greyTolerance) return true;
  }
  return false;
}

function greyOf(part: ImportedPart): ImportedPart {
  const { height, width, channels } = part.shape;
  // All images below one another are an image, too.
  const rows = part.pixels.length / (width * channels);
  const { pixels } = toGrey({ height: rows, width, channels, pixels: part.pixels });
  return { ...part, shape: { height, width, channels: 1 }, pixels };
}

async function decodeFile(file: SourceFile): Promise<Raster> {
  const name = printableName(file.name);
  if (file.sizeBytes > fileLimitBytes) {
    throw new WeftError('import.file-too-large', `"${name}" is larger than ${fileLimitBytes / 2 ** 20} MiB.`);
  }
  return decodeImage(await readSourceFile(file), name);
}

function checkSize(count: number, shape: ImageShape, folder: string): void {
  const bytes = count * shape.height * shape.width * shape.channels;
  if (bytes <= setLimitBytes) return;
  throw new WeftError(
    'import.too-large',
    `The ${count} images in "${folder}" would take ${(bytes / 1e9).toFixed(1)} GB at ${shape.height} x ${shape.width} pixels.`,
    'Choose a smaller size, or fewer images.',
  );
}

/** Throws `import.no-classes`, `import.wrong-class-count` and `import.too-large`; a broken image is only left out. */
export async function readImageFolder(scanned: ScannedFiles, context: ReadingContext): Promise<FoundParts> {
  const { options, addProblem, report } = context;
  const { groups, notes } = arrangeClasses(scanned, addProblem);
  const total = groups.reduce((sum, { files }) => sum + files.length, 0);
  const { height, width } = options.size ?? { height: usualSide, width: usualSide };
  // Until it is known whether there is a colour, everything is kept in colours.
  const shape: ImageShape = { height, width, channels: options.channels ?? 3 };
  checkSize(total, shape, printableName(scanned.name));
  const sizes = new SizeRange();
  let hasColour = false;
  let done = 0;

  const readGroup = async ({ name, role, classes, files }: ImageGroup): Promise<ImportedPart> => {
    if (classes !== null && classes.length > mostClasses) {
      throw new WeftError(
        'import.wrong-class-count',
        `"${name}" holds ${classes.length} folders; at most ${mostClasses} classes are supported.`,
        'Choose a folder with one folder for each class.',
      );
    }
    const imageBytes = height * width * shape.channels;
    const pixels = new Uint8Array(files.length * imageBytes);
    const labels = new Uint8Array(files.length);
    let count = 0;
    for (const { file, label } of files) {
      report({ stage: 'reading', done, total, unit: 'files' });
      done += 1;
      try {
        const image = await decodeFile(file);
        sizes.add(image);
        const fitted = fit(image, shape);
        hasColour ||= options.channels === null && isColoured(fitted);
        pixels.set(fitted, count * imageBytes);
        labels[count] = label;
        count += 1;
      } catch (error) {
        addProblem({ file: printableName(file.name), message: toErrorData(error).message });
      }
    }
    return {
      ...{ name, role, shape, classes },
      pixels: pixels.subarray(0, count * imageBytes),
      labels: classes === null ? null : labels.subarray(0, count),
    };
  };

  const parts: ImportedPart[] = [];
  for (const group of groups) parts.push(await readGroup(group));
  const isGrey = options.channels === null && !hasColour;
  const fitting = sizes.describe(shape);
  return {
    kind: 'images',
    parts: isGrey ? parts.map(greyOf) : parts,
    notes: fitting === undefined ? notes : [...notes, fitting],
    isFitted: true,
  };
}
