// Plans where everything lies in one memory before any of it exists. Threads plan the same arena and so agree on every
// address; the summary of a network plans one and allocates nothing.

import { WeftError } from '../../src-shared/failure.ts';
import { rowMatrix, type Matrix, type Operand } from './matrix.ts';
import type { FloatArray, Region } from './region.ts';

export type Precision = 'float32' | 'float64';

/** Start of the arena: the page below is the WebAssembly module's own, for its constant tables. */
const firstByte = 65_536;
/** Cache lines: a region shares none with its neighbour. */
const alignmentBytes = 64;
/** Regions that start a multiple of 4096 bytes apart slow each other down, so each starts at another place of a page. */
const pageBytes = 4096;
const staggerBytes = 5 * alignmentBytes;
/** A row is a whole number of cache lines of float32 … */
const rowUnit = 16;

const wasmPageBytes = 65_536;
/** Products read whole panels, and so up to this far past a matrix's end. */
const slackBytes = 4096;

/** What WebAssembly can address. */
const maximumBytes = 65_536 * wasmPageBytes;

/** The distance between rows: an odd number of cache lines, so that a column does not fall onto few cache sets. */
export function strideOf(columns: number): number {
  const lines = Math.ceil(columns / rowUnit);
  return (lines % 2 === 1 ? lines : lines + 1) * rowUnit;
}

const roundUp = (value: number, unit: number): number => Math.ceil(value / unit) * unit;

export class Arena {
  readonly #bytesPerNumber: number;
  readonly #precision: Precision;
  readonly #bindings: ((buffer: ArrayBufferLike) => void)[] = [];
  readonly #tables: { region: Region<Uint32Array>; valueAt: (index: number) => number }[] = [];
  readonly #tablesByKey = new Map<string, Region<Uint32Array>>();
  #nextByte = firstByte;
  #regions = 0;

  constructor(precision: Precision) {
    this.#precision = precision;
    this.#bytesPerNumber = precision === 'float32' ? 4 : 8;
  }

  /** The memory it takes so far. */
  get sizeBytes(): number {
    return this.#nextByte;
  }

  /** A region without numbers, for what is given its memory later. */
  readonly nothing: Region<FloatArray> = { byteOffset: 0, length: 0, data: new Float32Array(0) };

  /** Numbers of the arena's precision. */
  numbers(length: number): Region<FloatArray> {
    const region: Region<FloatArray> = {
      byteOffset: this.#reserve(length * this.#bytesPerNumber),
      length,
      data: new Float32Array(0),
    };
    this.#bindings.push((buffer) => {
      region.data = this.#floats(buffer, region.byteOffset, length);
    });
    return region;
  }

  /** A row-major matrix of its own. */
  matrix(rows: number, columns: number): Matrix {
    const stride = strideOf(columns);
    return rowMatrix(this.numbers(rows * stride), 0, rows, columns, stride);
  }

  /** Byte offsets of numbers that lie `stride` apart from each other: 0, `stride`, 2 `stride` … Equal ones are shared. */
  strides(length: number, stride: number): Region<Uint32Array> {
    return this.table(`${stride} * ${length}`, length, (index) => index * stride);
  }

  /**
   * A table of byte offsets in which entry `index` is that of the number `numberAt(index)`. It is written when the
   * memory is created. `key` says what is in it: a table that was asked for before is used again.
   */
  table(key: string, length: number, numberAt: (index: number) => number): Region<Uint32Array> {
    return this.constants(key, length, (index) => numberAt(index) * this.#bytesPerNumber);
  }

  /** Words that are written when the memory is created; shared by their key, as those of `table`. */
  constants(key: string, length: number, valueAt: (index: number) => number): Region<Uint32Array> {
    const known = this.#tablesByKey.get(key);
    if (known !== undefined) return known;
    const region = this.indices(length);
    this.#tables.push({ region, valueAt });
    this.#tablesByKey.set(key, region);
    return region;
  }

  /** A row-major matrix as the left side of a product. */
  operand(matrix: Matrix): Operand {
    const { region, first, rows, columns, stride } = matrix;
    return {
      region,
      first,
      rowOffsets: this.strides(rows, stride),
      depthOffsets: this.strides(columns, 1),
    };
  }

  /** The transpose of a row-major matrix as the left side of a product. */
  transposedOperand(matrix: Matrix): Operand {
    const { rowOffsets, depthOffsets, ...operand } = this.operand(matrix);
    return { ...operand, rowOffsets: depthOffsets, depthOffsets: rowOffsets };
  }

  bytes(length: number): Region<Uint8Array> {
    return this.#region(length, 1, (buffer, byteOffset, count) => new Uint8Array(buffer, byteOffset, count));
  }

  indices(length: number): Region<Uint32Array> {
    return this.#region(length, 4, (buffer, byteOffset, count) => new Uint32Array(buffer, byteOffset, count));
  }

  words(length: number): Region<Int32Array> {
    return this.#region(length, 4, (buffer, byteOffset, count) => new Int32Array(buffer, byteOffset, count));
  }

  doubles(length: number): Region<Float64Array> {
    return this.#region(
      length,
      8,
      (buffer, byteOffset, count) => new Float64Array(buffer, byteOffset, count),
    );
  }

  /** Throws `network.too-large` when the arena is more than WebAssembly can address. */
  checkSize(): void {
    if (this.#nextByte + slackBytes <= maximumBytes) return;
    throw new WeftError(
      'network.too-large',
      `The network and its images need ${this.#gibibytes} GiB, and 4 GiB are the most that they can have.`,
      'Use fewer or narrower layers, or fewer images.',
    );
  }

  /** Memory of the arena's size, zeroed but for its tables, that threads can share. Throws `network.too-large` and `network.no-memory`. */
  createMemory(): WebAssembly.Memory {
    this.checkSize();
    const pages = Math.ceil((this.#nextByte + slackBytes) / wasmPageBytes);
    try {
      const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
      this.#writeTables(memory.buffer);
      return memory;
    } catch (cause) {
      throw new WeftError(
        'network.no-memory',
        `This machine has no ${this.#gibibytes} GiB of memory left for the network and its images.`,
        'Close other programs, or use fewer or narrower layers.',
        { cause },
      );
    }
  }

  /** Gives every region its memory. */
  bind(buffer: ArrayBufferLike): void {
    for (const bindRegion of this.#bindings) bindRegion(buffer);
  }

  #writeTables(buffer: ArrayBufferLike): void {
    for (const { region, valueAt } of this.#tables) {
      const data = new Uint32Array(buffer, region.byteOffset, region.length);
      for (let index = 0; index < data.length; index += 1) data[index] = valueAt(index);
    }
  }

  get #gibibytes(): string {
    return (this.#nextByte / 2 ** 30).toFixed(1);
  }

  #region<T>(
    length: number,
    bytesPerItem: number,
    view: (buffer: ArrayBufferLike, byteOffset: number, length: number) => T,
  ): Region<T> {
    const byteOffset = this.#reserve(length * bytesPerItem);
    const region: Region<T> = { byteOffset, length, data: view(new ArrayBuffer(0), 0, 0) };
    this.#bindings.push((buffer) => {
      region.data = view(buffer, byteOffset, length);
    });
    return region;
  }

  #floats(buffer: ArrayBufferLike, byteOffset: number, length: number): FloatArray {
    return this.#precision === 'float32'
      ? new Float32Array(buffer, byteOffset, length)
      : new Float64Array(buffer, byteOffset, length);
  }

  #reserve(bytes: number): number {
    const start = roundUp(this.#nextByte, pageBytes) + ((this.#regions * staggerBytes) % pageBytes);
    this.#regions += 1;
    this.#nextByte = start + roundUp(bytes, alignmentBytes);
    return start;
  }
}
