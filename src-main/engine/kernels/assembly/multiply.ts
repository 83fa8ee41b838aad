// Products of matrices, in panels of 16 columns of B and C and tiles of a few rows of A and C.
//
// A's number at (row, k) lies `rowOffsets[row] + depthOffsets[k]` bytes after `a`: so a matrix, its transpose and the
// windows of a convolution are read alike. B's and C's rows lie `bStep` and `cStep` bytes apart, their panels of 16
// columns `bPanel` and `cPanel` bytes. A sum over k is made in blocks of a fixed depth, each in the order of k: its
// bits do not depend on the part that is asked for, nor on the shape of the tile.
import { tile4x16, tile4x8, tile6x16, tile6x8 } from "./tiles";
import { transposeSquare } from "./transposeSquare";

const PANEL_COLUMNS: i32 = 16;
/** `WIDE` is 1 in the build for 256-bit operations (scripts/assemblyPlugin.ts), else 0. */
const TILE_COLUMNS: i32 = WIDE ? 16 : 8;
/** Rows of the higher tile. */
const TILE_ROWS: i32 = ASC_FEATURE_RELAXED_SIMD ? 6 : 4;
const LOW_TILE_ROWS: i32 = 4;
/** Products summed in one go: a panel of B (10 KiB) and as many cache lines of A then stay in the first cache. */
const BLOCK_DEPTH: i32 = 160;

/** Callers give scratch memory: a tile of C for what does not fit, and after it a packed panel of B. */
const SPARE_BYTES: usize = 6 * 16 * 4;

/** The depth of equal blocks, none deeper than `BLOCK_DEPTH`. */
@inline
function blockDepthOf(depth: i32): i32 {
  const blocks = max(1, (depth + BLOCK_DEPTH - 1) / BLOCK_DEPTH);
  return (depth + blocks - 1) / blocks;
}

/** Takes a tile from scratch memory to C: its first `rows` and `columns`, added to what is there if `accumulate`. */
function settle(spare: usize, c: usize, cStep: usize, rows: i32, columns: i32, accumulate: bool): void {
  for (let row = 0; row < rows; row++) {
    let column = 0;
    for (; column + 4 <= columns; column += 4) {
      const place = c + (<usize>column << 2);
      const sum = v128.load(spare + (<usize>column << 2));
      v128.store(place, accumulate ? f32x4.add(v128.load(place), sum) : sum);
    }
    for (; column < columns; column++) {
      const place = c + (<usize>column << 2);
      const sum = load<f32>(spare + (<usize>column << 2));
      store<f32>(place, accumulate ? load<f32>(place) + sum : sum);
    }
    spare += <usize>TILE_COLUMNS << 2;
    c += cStep;
  }
}

/** The start of row `row` of A; past the last row, the last one, computed for nothing. */
@inline
function rowOf(a: usize, rowOffsets: usize, row: i32, toRow: i32): usize {
  return a + <usize>load<u32>(rowOffsets + (<usize>min(row, toRow - 1) << 2));
}

/** `rows` (the higher tile's or the lower one's) of A from `row` on against the tile's columns of B. */
@inline
function multiplyTile(
  a: usize, rowOffsets: usize, depthOffsets: usize, depth: i32, b: usize, bStep: usize, c: usize, cStep: usize,
  row: i32, toRow: i32, rows: i32,
): void {
  const a0 = rowOf(a, rowOffsets, row, toRow);
  const a1 = rowOf(a, rowOffsets, row + 1, toRow);
  const a2 = rowOf(a, rowOffsets, row + 2, toRow);
  const a3 = rowOf(a, rowOffsets, row + 3, toRow);
  if (rows == LOW_TILE_ROWS) {
    if (WIDE) tile4x16(a0, a1, a2, a3, depthOffsets, depth, b, bStep, c, cStep);
    else tile4x8(a0, a1, a2, a3, depthOffsets, depth, b, bStep, c, cStep);
    return;
  }
  const a4 = rowOf(a, rowOffsets, row + 4, toRow);
  const a5 = rowOf(a, rowOffsets, row + 5, toRow);
  if (WIDE) tile6x16(a0, a1, a2, a3, a4, a5, depthOffsets, depth, b, bStep, c, cStep);
  else tile6x8(a0, a1, a2, a3, a4, a5, depthOffsets, depth, b, bStep, c, cStep);
}

/** High tiles as long as what is then left is no less than low tiles can fill: 32 rows are 4 times 6 and 2 times 4. */
@inline
function tileRowsFor(left: i32): i32 {
  if (TILE_ROWS == LOW_TILE_ROWS || left == 4 || left == 8) return LOW_TILE_ROWS;
  return left < 4 ? LOW_TILE_ROWS : TILE_ROWS;
}

/** One panel, up to 16 columns, of a block of B against rows of A. */
function multiplyPanel(
  a: usize, rowOffsets: usize, depthOffsets: usize, depth: i32, b: usize, bStep: usize, c: usize, cStep: usize,
  columns: i32, accumulate: bool, fromRow: i32, toRow: i32, spare: usize,
): void {
  for (let column = 0; column < columns; column += TILE_COLUMNS) {
    const width = min(TILE_COLUMNS, columns - column);
    const bColumn = b + (<usize>column << 2);
    for (let row = fromRow; row < toRow; ) {
      const rows = tileRowsFor(toRow - row);
      const place = c + <usize>row * cStep + (<usize>column << 2);
      if (row + rows <= toRow && width == TILE_COLUMNS && !accumulate) {
        multiplyTile(a, rowOffsets, depthOffsets, depth, bColumn, bStep, place, cStep, row, toRow, rows);
      } else {
        const spareStep = <usize>TILE_COLUMNS << 2;
        multiplyTile(a, rowOffsets, depthOffsets, depth, bColumn, bStep, spare, spareStep, row, toRow, rows);
        settle(spare, place, cStep, min(rows, toRow - row), width, accumulate);
      }
      row += rows;
    }
  }
}

/** Rows and columns `from` to `to - 1` of `C (+)= A B`; `fromColumn` is a multiple of 16. */
export function multiply(
  a: usize, rowOffsets: usize, depthOffsets: usize, depth: i32,
  b: usize, bStep: usize, bPanel: usize, c: usize, cStep: usize, cPanel: usize,
  accumulate: bool, fromRow: i32, toRow: i32, fromColumn: i32, toColumn: i32, scratch: usize,
): void {
  const blockDepth = blockDepthOf(depth);
  // Once even without depth: a sum of nothing is 0.
  let k = 0;
  do {
    for (let column = fromColumn; column < toColumn; column += PANEL_COLUMNS) {
      const panel = <usize>(column / PANEL_COLUMNS);
      multiplyPanel(
        a, rowOffsets, depthOffsets + (<usize>k << 2), min(blockDepth, depth - k),
        b + panel * bPanel + <usize>k * bStep, bStep, c + panel * cPanel, cStep,
        min(PANEL_COLUMNS, toColumn - column), accumulate || k > 0, fromRow, toRow, scratch,
      );
    }
    k += blockDepth;
  } while (k < depth);
}

/**
 * Columns `fromColumn` to `toColumn - 1` and rows of `C = A Bᵀ`, over columns `k` of B, of which there is room for a
 * multiple of 4. Each panel of Bᵀ is packed into scratch memory first.
 */
export function multiplyByTranspose(
  a: usize, rowOffsets: usize, depthOffsets: usize, depth: i32,
  b: usize, bStep: usize, bPanel: usize, c: usize, cStep: usize, cPanel: usize,
  fromRow: i32, toRow: i32, fromColumn: i32, toColumn: i32, scratch: usize,
): void {
  const packed = scratch + SPARE_BYTES;
  // A multiple of 4, so that blocks start at whole squares.
  const blockDepth = (blockDepthOf(depth) + 3) & ~3;
  for (let column = fromColumn; column < toColumn; column += PANEL_COLUMNS) {
    for (let k = 0; k < depth; k += blockDepth) {
      const deep = min(blockDepth, depth - k);
      for (let j = 0; j < deep; j += 4) {
        const source = b + <usize>((k + j) / PANEL_COLUMNS) * bPanel + (<usize>((k + j) % PANEL_COLUMNS) << 2);
        for (let i = 0; i < PANEL_COLUMNS; i += 4) {
          transposeSquare(source + <usize>(column + i) * bStep, bStep, packed + (<usize>j << 6) + (<usize>i << 2));
        }
      }
      multiplyPanel(
        a, rowOffsets, depthOffsets + (<usize>k << 2), deep,
        packed, 64, c + <usize>(column / PANEL_COLUMNS) * cPanel, cStep,
        min(PANEL_COLUMNS, toColumn - column), k > 0, fromRow, toRow, scratch,
      );
    }
  }
}
