// What convolutions need beside products: see ../windows.ts. Sizes and strides count numbers.
import { transposeSquare } from "./transposeSquare";

/** Copies an image `(height, width * channels)` into the middle of a larger one of zeros. */
export function pad(
  image: usize, height: i32, rowLength: i32, target: usize, above: i32, below: i32, before: i32, after: i32,
): void {
  const rowBytes = <usize>rowLength << 2;
  const beforeBytes = <usize>before << 2;
  const afterBytes = <usize>after << 2;
  const wholeBytes = beforeBytes + rowBytes + afterBytes;
  memory.fill(target, 0, <usize>above * wholeBytes + beforeBytes);
  target += <usize>above * wholeBytes + beforeBytes;
  for (let row = 0; row < height; row++) {
    memory.copy(target, image, rowBytes);
    image += rowBytes;
    target += rowBytes;
    // The end of this row and the start of the next one.
    const gap = row + 1 < height ? afterBytes + beforeBytes : afterBytes;
    memory.fill(target, 0, gap);
    target += gap;
  }
  memory.fill(target, 0, <usize>below * wholeBytes);
}

/** Where the number at (row, column) of a matrix in panels `panelStride` numbers apart is. */
@inline
function inPanels(matrix: usize, panelStride: i32, row: i32, column: i32): usize {
  return matrix + (<usize>((column >> 4) * panelStride + (row << 4) + (column & 15)) << 2);
}

/** `target(targetRow + column, row) = source(sourceRow + row, column)`; both in panels. */
export function transpose(
  source: usize, sourcePanel: i32, sourceRow: i32, target: usize, targetPanel: i32, targetRow: i32,
  rows: i32, columns: i32,
): void {
  const squareRows = rows & ~3;
  const squareColumns = columns & ~3;
  for (let row = 0; row < squareRows; row += 4) {
    for (let column = 0; column < squareColumns; column += 4) {
      transposeSquare(
        inPanels(source, sourcePanel, sourceRow + row, column), 64,
        inPanels(target, targetPanel, targetRow + column, row),
      );
    }
  }
  for (let row = 0; row < rows; row++) {
    for (let column = row < squareRows ? squareColumns : 0; column < columns; column++) {
      const number = load<f32>(inPanels(source, sourcePanel, sourceRow + row, column));
      store<f32>(inPanels(target, targetPanel, targetRow + column, row), number);
    }
  }
}
