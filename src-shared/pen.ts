// Draws curves as ink with soft edges: the digits of Strokes, and what a person draws.

export type Point = readonly [x: number, y: number];

/** What the pen draws on: `ink` is `(height, width)`, 0 nothing to 1 full. */
export interface Paper {
  height: number;
  width: number;
  ink: Float32Array;
}

/** The pixels from `left` to `right` and `top` to `bottom`, all included; none where the first is behind the last. */
export interface InkedArea {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** Half the width of the soft edge, pixels. */
const edgePixels = 0.6;

/**
 * Adds one straight piece whose radius goes from `startRadius` to `endRadius` (pixels); a pixel's middle is at whole numbers.
 * Ink covers, it doesn't add up. Returns the area outside of which nothing changed.
 */
export function drawPiece(
  paper: Paper,
  start: Point,
  end: Point,
  startRadius: number,
  endRadius: number,
): InkedArea {
  const { height, width, ink } = paper;
  const [startX, startY] = start;
  const [endX, endY] = end;
  const reach = Math.max(startRadius, endRadius) + edgePixels;
  const left = Math.max(0, Math.ceil(Math.min(startX, endX) - reach));
  const right = Math.min(width - 1, Math.floor(Math.max(startX, endX) + reach));
  const top = Math.max(0, Math.ceil(Math.min(startY, endY) - reach));
  const bottom = Math.min(height - 1, Math.floor(Math.max(startY, endY) + reach));
  const alongX = endX - startX;
  const alongY = endY - startY;
  const squaredLength = Math.max(alongX * alongX + alongY * alongY, 1e-12);
  for (let y = top; y <= bottom; y += 1) {
    for (let x = left; x <= right; x += 1) {
      const projection = ((x - startX) * alongX + (y - startY) * alongY) / squaredLength;
      const nearest = Math.min(1, Math.max(0, projection));
      const distanceX = x - (startX + nearest * alongX);
      const distanceY = y - (startY + nearest * alongY);
      const distance = Math.sqrt(distanceX * distanceX + distanceY * distanceY);
      const radius = startRadius + nearest * (endRadius - startRadius);
      const cover = Math.min(1, Math.max(0, (radius + edgePixels - distance) / (2 * edgePixels)));
      const index = y * width + x;
      if (cover > ink[index]!) ink[index] = cover;
    }
  }
  return { left, right, top, bottom };
}

/** Draws the chain of points (pixels). `radiusAt` gives the pen's radius at a part (0 to 1) of the way. */
export function drawCurve(paper: Paper, curve: readonly Point[], radiusAt: (part: number) => number): void {
  const pieces = Math.max(curve.length - 1, 1);
  for (let piece = 0; piece + 1 < curve.length; piece += 1) {
    drawPiece(
      paper,
      curve[piece]!,
      curve[piece + 1]!,
      radiusAt(piece / pieces),
      radiusAt((piece + 1) / pieces),
    );
  }
}
