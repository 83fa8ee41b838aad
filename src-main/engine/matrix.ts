// How numbers of the arena are seen as matrices, and as the left side of a product.
import type { FloatArray, Region } from './region.ts';

/** Columns of a panel: 16 float32 are one cache line. Parts that two threads compute at once share no panel's line. */
export const panelColumns = 16;

/**
 * Numbers `(rows, columns)` of a region. Columns are seen in panels of 16: rows lie `stride` numbers apart and panels
 * `panelStride`. Two layouts use that: activations are row-major, so that a panel's next one lies 16 numbers further
 * on; parameters lie panel after panel, `(panels, rows, 16)`, so that a product reads them from start to end.
 */
export class Matrix {
  readonly region: Region<FloatArray>;
  /** Where the first number is, counted from the region's start; views move it from image to image. */
  first: number;
  readonly rows: number;
  readonly columns: number;
  readonly stride: number;
  readonly panelStride: number;

  constructor(
    region: Region<FloatArray>,
    first: number,
    shape: { rows: number; columns: number; stride: number; panelStride: number },
  ) {
    this.region = region;
    this.first = first;
    this.rows = shape.rows;
    this.columns = shape.columns;
    this.stride = shape.stride;
    this.panelStride = shape.panelStride;
  }

  get data(): FloatArray {
    return this.region.data;
  }

  /** Where in the region the number is. */
  index(row: number, column: number): number {
    const panel = Math.floor(column / panelColumns);
    return this.first + row * this.stride + panel * this.panelStride + (column - panel * panelColumns);
  }

  get(row: number, column: number): number {
    return this.data[this.index(row, column)]!;
  }

  set(row: number, column: number, value: number): void {
    this.data[this.index(row, column)] = value;
  }
}

/** How many panels of 16 columns there are, the last one perhaps not full. */
export const panelsOf = (columns: number): number => Math.ceil(columns / panelColumns);

/** Numbers that a matrix of parameters takes, its panels' unused columns included. */
export const roomForPanels = (rows: number, columns: number): number =>
  panelsOf(columns) * rows * panelColumns;

/** A matrix `(rows, columns)` in panels of 16 columns, `first` numbers after a region's start. */
export function panelMatrix(
  region: Region<FloatArray>,
  first: number,
  rows: number,
  columns: number,
): Matrix {
  return new Matrix(region, first, { rows, columns, stride: panelColumns, panelStride: rows * panelColumns });
}

/** A row-major matrix `(rows, columns)`; the rows lie `stride` numbers apart. */
export function rowMatrix(
  region: Region<FloatArray>,
  first: number,
  rows: number,
  columns: number,
  stride: number,
): Matrix {
  return new Matrix(region, first, { rows, columns, stride, panelStride: panelColumns });
}

/**
 * The left side of a product, `(rows, depth)`: the number at `(row, k)` lies `rowOffsets[row] + depthOffsets[k]` bytes
 * after the `first` number of the region. A matrix, its transpose and the windows of a convolution are all read so.
 */
export interface Operand {
  region: Region<FloatArray>;
  first: number;
  readonly rowOffsets: Region<Uint32Array>;
  readonly depthOffsets: Region<Uint32Array>;
}
