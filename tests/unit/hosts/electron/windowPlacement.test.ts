import { describe, expect, it } from 'vitest';
import { placeWindow, smallestWindow } from '../../../../src-main/hosts/electron/windowPlacement.ts';

const left = { x: 0, y: 0, width: 1920, height: 1040 };
const right = { x: 1920, y: 0, width: 2560, height: 1400 };

describe('the placement of the window', () => {
  it('is the preferred size in the middle of the first display when nothing is remembered', () => {
    expect(placeWindow(undefined, [left, right])).toEqual({ x: 320, y: 120, width: 1280, height: 800 });
  });

  it('is the remembered one where it fits', () => {
    const remembered = { x: 2000, y: 50, width: 1400, height: 900, maximized: false };
    expect(placeWindow(remembered, [left, right])).toEqual({ x: 2000, y: 50, width: 1400, height: 900 });
  });

  it('is moved back into the display that it overlaps most', () => {
    const remembered = { x: 1800, y: -300, width: 1400, height: 900, maximized: false };
    expect(placeWindow(remembered, [left, right])).toEqual({ x: 1920, y: 0, width: 1400, height: 900 });
  });

  it('is shrunk to the display when that has become smaller', () => {
    const small = { x: 0, y: 0, width: 1024, height: 700 };
    const remembered = { x: 100, y: 100, width: 2400, height: 1300, maximized: false };
    expect(placeWindow(remembered, [small])).toEqual({ x: 0, y: 0, width: 1024, height: 700 });
  });

  it('is the preferred one when its display is gone', () => {
    const remembered = { x: 2000, y: 50, width: 1400, height: 900, maximized: false };
    expect(placeWindow(remembered, [left])).toEqual(placeWindow(undefined, [left]));
  });

  it('is never smaller than the screens need, where the display allows it', () => {
    const remembered = { x: 10, y: 10, width: 5, height: 5, maximized: false };
    expect(placeWindow(remembered, [left])).toMatchObject(smallestWindow);
  });
});
