// Where the window stood when it was closed, and where it may stand on the displays there are now.
import * as v from 'valibot';

const coordinate = v.pipe(v.number(), v.integer());
const rectangle = { x: coordinate, y: coordinate, width: coordinate, height: coordinate };

export const windowPlacementSchema = v.strictObject({ ...rectangle, maximized: v.boolean() });
export type WindowPlacement = v.InferOutput<typeof windowPlacementSchema>;

export interface Rectangle {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** The smallest window in which every screen has room, in pixels. */
export const smallestWindow = { width: 960, height: 640 } as const;
const preferredWindow = { width: 1280, height: 800 } as const;

const between = (value: number, low: number, high: number): number => Math.max(low, Math.min(value, high));

function overlap(a: Rectangle, b: Rectangle): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  return Math.max(0, width) * Math.max(0, height);
}

/**
 * The window's rectangle: the remembered one, moved and shrunk into the work area that it overlaps most; where it
 * overlaps none (a display is gone) or nothing is remembered, the preferred size in the middle of the first.
 */
export function placeWindow(
  remembered: WindowPlacement | undefined,
  workAreas: readonly [Rectangle, ...Rectangle[]],
): Rectangle {
  const [first] = workAreas;
  if (remembered !== undefined) {
    const home = workAreas.reduce((best, area) =>
      overlap(remembered, area) > overlap(remembered, best) ? area : best,
    );
    if (overlap(remembered, home) > 0) {
      const width = Math.min(Math.max(remembered.width, smallestWindow.width), home.width);
      const height = Math.min(Math.max(remembered.height, smallestWindow.height), home.height);
      return {
        x: between(remembered.x, home.x, home.x + home.width - width),
        y: between(remembered.y, home.y, home.y + home.height - height),
        width,
        height,
      };
    }
  }
  const width = Math.min(preferredWindow.width, first.width);
  const height = Math.min(preferredWindow.height, first.height);
  return {
    x: first.x + Math.floor((first.width - width) / 2),
    y: first.y + Math.floor((first.height - height) / 2),
    width,
    height,
  };
}
