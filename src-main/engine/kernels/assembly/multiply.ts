// C = A B for any strides of A and B, so that one loop serves A B, A Bᵀ and Aᵀ B. Sizes and strides count numbers;
// C's columns lie side by side and its stride leaves room to round a row up to 8 columns.
import { tile4, tile6 } from "./tiles";

/** Products summed in one go: a panel of B (8 KiB) and six rows of A then stay in the first cache. */
const BLOCK_DEPTH: i32 = 256;
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

/** One panel against all rows: tiles of 6, and of 4 where that leaves no rest. Missing rows repeat the last of A. */
function multiplyPanel(
  panel: usize, depth: i32, accumulate: bool,
  a: usize, aStepRow: i32, aStepK: i32, c: usize, cStride: i32, fromRow: i32, toRow: i32, spare: usize,
): void {
  const aStep = <usize>aStepK << 2;
  const aRow = <usize>aStepRow << 2;
  const cRow = <usize>cStride << 2;
  const last = toRow - 1;
  let row = fromRow;
  while (row < toRow) {
    const left = toRow - row;
    const a0 = at(a, row * aStepRow);
    const c0 = at(c, row * cStride);
    const a1 = row + 1 > last ? a0 : a0 + aRow;
    const a2 = row + 2 > last ? a1 : a1 + aRow;
    const a3 = row + 3 > last ? a2 : a2 + aRow;
    const c1 = row + 1 > last ? spare : c0 + cRow;
    const c2 = row + 2 > last ? spare : c0 + 2 * cRow;
    const c3 = row + 3 > last ? spare : c0 + 3 * cRow;
    if (left <= 4 || left == 8 || left == 7) {
      tile4(panel, depth, accumulate, aStep, a0, a1, a2, a3, c0, c1, c2, c3);
      row += 4;
    } else {
      const a4 = a3 + aRow;
      const a5 = row + 5 > last ? a4 : a4 + aRow;
      const c4 = c0 + 4 * cRow;
      const c5 = row + 5 > last ? spare : c0 + 5 * cRow;
      tile6(panel, depth, accumulate, aStep, a0, a1, a2, a3, a4, a5, c0, c1, c2, c3, c4, c5);
      row += 6;
    }
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
