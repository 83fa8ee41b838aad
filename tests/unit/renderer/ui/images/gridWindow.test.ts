import { describe, expect, it } from 'vitest';
import {
  layOutGrid,
  moveByKey,
  rowOfSlot,
  rowsInView,
  scrollToRow,
} from '../../../../../src-renderer/ui/images/gridWindow.ts';

const cell = { width: 56, height: 56 };
const gap = 8;

describe('layOutGrid', () => {
  it('fits as many columns as there is room for, the gap only between them', () => {
    expect(layOutGrid(100, 3 * 56 + 2 * 8, cell, gap)).toEqual({ columns: 3, rows: 34, rowHeight: 64 });
    expect(layOutGrid(100, 3 * 56 + 2 * 8 - 1, cell, gap).columns).toBe(2);
  });

  it('keeps one column in a box that is too narrow, and has no row without images', () => {
    expect(layOutGrid(5, 10, cell, gap).columns).toBe(1);
    expect(layOutGrid(0, 500, cell, gap).rows).toBe(0);
  });
});

describe('rowsInView', () => {
  const layout = layOutGrid(10_000, 640, cell, gap);

  it('covers the box and no more than the overscan beyond it', () => {
    expect(rowsInView(layout, 0, 640, 0)).toEqual({ first: 0, end: 10 });
    expect(rowsInView(layout, 100, 640, 0)).toEqual({ first: 1, end: 12 });
    expect(rowsInView(layout, 500 * 64, 640, 2)).toEqual({ first: 498, end: 512 });
  });

  it('stays within the grid at both ends', () => {
    expect(rowsInView(layout, 0, 640, 3).first).toBe(0);
    expect(rowsInView(layout, layout.rows * 64 - 640, 640, 3).end).toBe(layout.rows);
  });
});

describe('rowOfSlot', () => {
  it('gives every row in view one element, and scrolling by one row changes one of them', () => {
    const slots = 7;
    const rowsFrom = (first: number): number[] =>
      Array.from({ length: slots }, (_, slot) => rowOfSlot(slot, slots, first));
    for (const first of [0, 1, 6, 7, 12_345]) {
      const expected = Array.from({ length: slots }, (_, row) => first + row);
      expect(rowsFrom(first).sort((one, other) => one - other)).toEqual(expected);
      const moved = rowsFrom(first + 1).filter((row, slot) => row !== rowsFrom(first)[slot]);
      expect(moved).toEqual([first + slots]);
    }
  });
});

describe('moveByKey', () => {
  const move = (key: string, position: number): number | null => moveByKey(key, position, 23, 5, 2);

  it('goes along rows and columns', () => {
    expect(move('ArrowRight', 4)).toBe(5);
    expect(move('ArrowLeft', 5)).toBe(4);
    expect(move('ArrowDown', 3)).toBe(8);
    expect(move('ArrowUp', 8)).toBe(3);
    expect(move('PageDown', 1)).toBe(11);
    expect(move('PageUp', 11)).toBe(1);
    expect(move('Home', 11)).toBe(0);
    expect(move('End', 11)).toBe(22);
  });

  it('stops at the edges', () => {
    expect(move('ArrowLeft', 0)).toBe(0);
    expect(move('ArrowRight', 22)).toBe(22);
    expect(move('ArrowUp', 3)).toBe(3);
    expect(move('ArrowDown', 21)).toBe(21);
    expect(move('PageDown', 20)).toBe(22);
  });

  it('comes to the last image from above the unfilled end of the last row', () => {
    expect(move('ArrowDown', 19)).toBe(22);
  });

  it('leaves other keys, and an empty grid, alone', () => {
    expect(move('a', 3)).toBeNull();
    expect(moveByKey('ArrowDown', 0, 0, 5, 2)).toBeNull();
  });
});

describe('scrollToRow', () => {
  const layout = layOutGrid(1000, 640, cell, gap);

  it('moves no further than it must', () => {
    expect(scrollToRow(layout, 3, 100, 640)).toBe(100);
    expect(scrollToRow(layout, 0, 100, 640)).toBe(0);
    expect(scrollToRow(layout, 12, 100, 640)).toBe(13 * 64 - 640);
  });
});
