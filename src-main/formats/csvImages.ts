// Tables of images, one a line: Kaggle's MNIST and Fashion-MNIST, and any like them. Columns count by their position, never
// by their names: the label first, unless there is none, then the pixels, row by row, the channels of a pixel together.
import { WeftError } from '../../src-shared/failure.ts';
import type { ImageShape } from '../../src-shared/schemas/dataset.ts';
import { longestSide, mostClasses } from '../../src-shared/schemas/datasetImport.ts';
import { guessLayout, isHeader, numberOf, type CsvLayout } from './csvLayout.ts';
import { readCsvRecords } from './csvRecords.ts';

/** The images of a table. */
export interface CsvImages {
  shape: ImageShape;
  count: number;
  /** `(images, height, width, channels)` */
  pixels: Uint8Array;
  /** One class a image; null where the table has only pixels. */
  labels: Uint8Array | null;
  hasHeader: boolean;
}

export interface CsvOptions {
  /** Of the images; a table of other ones is refused. Without it they are taken for square. */
  shape?: ImageShape;
  /** Called with how many bytes of the source have been taken, after each piece. */
  onBytes?: (bytes: number) => void;
}

/** More pixels than this are not read: a set is held in memory as a whole. */
const limitBytes = 2 ** 31 - 1;
/** Images are gathered in blocks of about this size, so that nothing is copied but once, at the end. */
const blockBytes = 4 * 1024 * 1024;
const mostRowsOfBlock = 65_536;
const mostColumns = longestSide * longestSide * 3 + 1;
/** How much of a wrong value an error shows. */
const shownCharacters = 24;

const pixelsOf = ({ height, width, channels }: ImageShape): number => height * width * channels;
const zero = 48;
/** The field as a whole number of up to three digits, which nearly all are; else undefined. */
function digitsOf(field: string): number | undefined {
  const { length } = field;
  if (length === 0 || length > 3) return undefined;
  let value = 0;
  for (let index = 0; index < length; index += 1) {
    const digit = field.charCodeAt(index) - zero;
    if (digit < 0 || digit > 9) return undefined;
    value = value * 10 + digit;
  }
  return value;
}

class ImageTable {
  readonly #fileName: string;
  readonly #wanted: ImageShape | undefined;
  #layout: CsvLayout | undefined;
  #columns = 0;
  #hasHeader = false;
  #headerFields: readonly string[] | undefined;
  #count = 0;
  #rowsOfBlock = 0;
  readonly #pixels: Uint8Array[] = [];
  readonly #labels: Uint8Array[] = [];

  constructor(fileName: string, wanted: ImageShape | undefined) {
    this.#fileName = fileName;
    this.#wanted = wanted;
  }

  #refuse(what: string, line: number, column: number | null, message: string, remedy: string): WeftError {
    const place = `line ${line}${column === null ? '' : `, column ${column}`}`;
    return new WeftError(`csv.${what}`, `"${this.#fileName}", ${place}: ${message}.`, remedy);
  }

  #chooseLayout(columns: number, line: number): CsvLayout {
    const has = `the line has ${columns === 1 ? 'one column' : `${columns} columns`}`;
    if (columns > mostColumns) {
      throw this.#refuse(
        'wrong-columns',
        line,
        null,
        `${has}, more than a label and ${longestSide} x ${longestSide} pixels in colour`,
        'Make the images smaller.',
      );
    }
    const wanted = this.#wanted;
    if (wanted !== undefined) {
      const pixels = pixelsOf(wanted);
      if (columns === pixels || columns === pixels + 1) {
        return { shape: wanted, isLabelled: columns === pixels + 1 };
      }
      throw this.#refuse(
        'wrong-columns',
        line,
        null,
        `${has}, but a label and ${wanted.height} x ${wanted.width} pixels of ${wanted.channels === 1 ? 'one channel' : `${wanted.channels} channels`} make ${pixels + 1}, or ${pixels} without the label`,
        'Choose the size that the images have.',
      );
    }
    const guess = columns < 3 ? undefined : guessLayout(columns);
    if (guess !== undefined) return guess;
    throw this.#refuse(
      'wrong-columns',
      line,
      null,
      `${has}: neither the pixels of a square image nor a label and those pixels`,
      'Put the label first, then the pixels, separated by commas, semicolons or tabs; say the size of images that are not square.',
    );
  }

  /** What a field that is no plain byte means, or why it means nothing. */
  #readField(field: string, limit: number, isLabel: boolean, line: number, column: number): number {
    const value = numberOf(field);
    if (Number.isInteger(value) && value >= 0 && value <= limit) return value;
    const what = isLabel ? 'label' : 'pixel value';
    const shown = JSON.stringify(
      field.length > shownCharacters ? `${field.slice(0, shownCharacters)}…` : field,
    );
    const range = `${what}s are whole numbers from 0 to ${limit}`;
    if (field.trim() === '') {
      throw this.#refuse(
        'empty-field',
        line,
        column,
        `the field is empty; ${range}`,
        'Fill it in, or delete the line.',
      );
    }
    if (Number.isNaN(value)) {
      throw this.#refuse(
        'not-a-number',
        line,
        column,
        `${shown} is no number; ${range}`,
        isLabel ? 'Number the classes from 0.' : 'Correct it, or delete the line.',
      );
    }
    throw this.#refuse(
      isLabel ? 'wrong-label' : 'wrong-pixel',
      line,
      column,
      `${shown} is no ${what}; ${range}`,
      !isLabel && value > 0 && value < 1
        ? 'Multiply fractions from 0 to 1 by 255 and round them.'
        : 'Correct it, or delete the line.',
    );
  }

  #takeFirst(fields: readonly string[], line: number): boolean {
    this.#layout = this.#chooseLayout(fields.length, line);
    this.#columns = fields.length;
    this.#rowsOfBlock = Math.min(
      mostRowsOfBlock,
      Math.max(1, Math.floor(blockBytes / pixelsOf(this.#layout.shape))),
    );
    this.#hasHeader = isHeader(fields);
    if (this.#hasHeader) this.#headerFields = fields;
    return this.#hasHeader;
  }

  take(fields: readonly string[], line: number): void {
    if (this.#layout === undefined && this.#takeFirst(fields, line)) return;
    const { shape, isLabelled } = this.#layout!;
    if (fields.length !== this.#columns) {
      const first = this.#headerFields === undefined ? 'the first line' : 'the header';
      throw this.#refuse(
        'ragged',
        line,
        Math.min(fields.length, this.#columns) + 1,
        `the line has ${fields.length} columns, but ${first} has ${this.#columns}`,
        'Correct the line, or delete it.',
      );
    }
    const size = pixelsOf(shape);
    if ((this.#count + 1) * size > limitBytes) {
      throw this.#refuse(
        'too-large',
        line,
        null,
        `the images up to here take ${limitBytes} bytes, the most that can be read`,
        'Divide the file, or make the images smaller.',
      );
    }
    const row = this.#count % this.#rowsOfBlock;
    if (row === 0) {
      this.#pixels.push(new Uint8Array(this.#rowsOfBlock * size));
      this.#labels.push(new Uint8Array(this.#rowsOfBlock));
    }
    if (isLabelled) {
      const limit = mostClasses - 1;
      const label = digitsOf(fields[0]!) ?? NaN;
      this.#labels.at(-1)![row] = label <= limit ? label : this.#readField(fields[0]!, limit, true, line, 1);
    }
    const pixels = this.#pixels.at(-1)!;
    const firstPixel = isLabelled ? 1 : 0;
    const start = row * size;
    for (let index = 0; index < size; index += 1) {
      const field = fields[firstPixel + index]!;
      const value = digitsOf(field) ?? NaN;
      pixels[start + index] =
        value <= 255 ? value : this.#readField(field, 255, false, line, firstPixel + index + 1);
    }
    this.#count += 1;
  }

  finish(): CsvImages {
    if (this.#layout === undefined) {
      throw new WeftError(
        'csv.empty',
        `"${this.#fileName}" is empty.`,
        'Choose a table with one image a line.',
      );
    }
    if (this.#count === 0) {
      throw this.#refuse(
        'header-only',
        1,
        null,
        'names of columns are all that the file holds',
        'Choose a table with one image a line.',
      );
    }
    const { shape, isLabelled } = this.#layout;
    const gather = (blocks: Uint8Array[], bytes: number): Uint8Array => {
      const all = new Uint8Array(bytes);
      let offset = 0;
      // Each block is given up when it has been copied, so that all is never there twice.
      for (let block = blocks.shift(); block !== undefined; block = blocks.shift()) {
        all.set(block.subarray(0, bytes - offset), offset);
        offset += block.byteLength;
      }
      return all;
    };
    return {
      shape,
      count: this.#count,
      pixels: gather(this.#pixels, this.#count * pixelsOf(shape)),
      labels: isLabelled ? gather(this.#labels, this.#count) : null,
      hasHeader: this.#hasHeader,
    };
  }
}

async function* counted(
  source: AsyncIterable<Uint8Array>,
  onBytes: (bytes: number) => void,
): AsyncGenerator<Uint8Array, void> {
  let bytes = 0;
  for await (const chunk of source) {
    yield chunk;
    bytes += chunk.byteLength;
    onBytes(bytes);
  }
}

/**
 * Reads a table of images from the file's bytes, in pieces of any size; besides the pixels no more than a few lines are
 * held at a time. Throws the errors of `readCsvRecords`, and with line and column `csv.empty`, `csv.header-only`,
 * `csv.wrong-columns`, `csv.ragged`, `csv.empty-field`, `csv.not-a-number`, `csv.wrong-pixel`, `csv.wrong-label`,
 * `csv.too-large`.
 */
export async function readCsvImages(
  source: AsyncIterable<Uint8Array>,
  fileName: string,
  { shape, onBytes = () => undefined }: CsvOptions = {},
): Promise<CsvImages> {
  const table = new ImageTable(fileName, shape);
  await readCsvRecords(counted(source, onBytes), fileName, (fields, line) => table.take(fields, line));
  return table.finish();
}
