// C = A B for any strides of A and B, so that one loop serves A B, A Bᵀ and Aᵀ B. Sizes and strides count numbers;
// C's columns lie side by side and its stride leaves room to round a row up to 8 columns.
import { tile4 } from "./tiles";

/** Products summed in one go: a panel of B (8 KiB) and four rows of A then stay in the first cache. */
const BLOCK_DEPTH: i32 = 256;
const TILE_ROWS: i32 = 4;
const TILE_COLUMNS: i32 = 8;
/** Callers provide scratch memory for a panel and, after it, 64 bytes for rows of C that are not wanted. */
const PANEL_BYTES: usize = 256 * 8 * 4;

@inline
function at(base: usize, numbers: i32): usize {
  return base + (<usize>numbers << 2);
}

/** Copies `depth` rows of 8 columns of B side by side; columns past the end become 0. */
function packPanel(
  panel: usize, b: usize, depth: i32, columns: i32, bStepK: i32, bStepColumn: i32,
): void {
  if (columns == TILE_COLUMNS && bStepColumn == 1) {
    const step = <usize>bStepK << 2;
    for (let k = 0; k < depth; k++) {
      v128.store(panel, v128.load(b));
      v128.store(panel, v128.load(b, 16), 16);
      panel += 32;
      b += step;
    }
    return;
  }
  for (let column = 0; column < TILE_COLUMNS; column++) {
    let source = at(b, column * bStepColumn);
    let target = at(panel, column);
    const step = <usize>bStepK << 2;
    const isInside = column < columns;
    for (let k = 0; k < depth; k++) {
      store<f32>(target, isInside ? load<f32>(source) : 0);
      target += 32;
      source += step;
    }
  }
}

/** One panel against all rows, in tiles of 4. Rows missing in the last tile repeat the last of A, for nothing. */
function multiplyPanel(
  panel: usize, depth: i32, accumulate: bool,
  a: usize, aStepRow: i32, aStepK: i32, c: usize, cStride: i32, fromRow: i32, toRow: i32, spare: usize,
): void {
  const aStep = <usize>aStepK << 2;
  const aRow = <usize>aStepRow << 2;
  const cRow = <usize>cStride << 2;
  for (let row = fromRow; row < toRow; row += TILE_ROWS) {
    const rows = toRow - row;
    const a0 = at(a, row * aStepRow);
    const a1 = rows > 1 ? a0 + aRow : a0;
    const a2 = rows > 2 ? a1 + aRow : a1;
    const a3 = rows > 3 ? a2 + aRow : a2;
    const c0 = at(c, row * cStride);
    const c1 = rows > 1 ? c0 + cRow : spare;
    const c2 = rows > 2 ? c0 + 2 * cRow : spare;
    const c3 = rows > 3 ? c0 + 3 * cRow : spare;
    tile4(panel, depth, accumulate, aStep, a0, a1, a2, a3, c0, c1, c2, c3);
  }
}

/**
 * Rows and columns `from` to `to - 1` of `C (+)= A B`, `A(row, k)` at `a + row * aStepRow + k * aStepK`,
 * `B(k, column)` at `b + k * bStepK + column * bStepColumn`.
 */
export function multiply(
  a: usize, aStepRow: i32, aStepK: i32,
  b: usize, bStepK: i32, bStepColumn: i32,
  c: usize, cStride: i32,
  depth: i32, accumulate: bool,
  fromRow: i32, toRow: i32, fromColumn: i32, toColumn: i32,
  scratch: usize,
): void {
  const spare = scratch + PANEL_BYTES;
  for (let k = 0; k < depth; k += BLOCK_DEPTH) {
    const blockDepth = min(BLOCK_DEPTH, depth - k);
    const continues = accumulate || k > 0;
    for (let column = fromColumn; column < toColumn; column += TILE_COLUMNS) {
      const columns = min(TILE_COLUMNS, toColumn - column);
      packPanel(scratch, at(b, k * bStepK + column * bStepColumn), blockDepth, columns, bStepK, bStepColumn);
      multiplyPanel(
        scratch, blockDepth, continues,
        at(a, k * aStepK), aStepRow, aStepK, at(c, column), cStride, fromRow, toRow, spare,
      );
    }
  }
}
