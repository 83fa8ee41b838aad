import { describe, expect, it } from 'vitest';
import { signedPixels } from '../../../../../src-renderer/ui/images/signedPixels.ts';

const colours = { above: [1, 0.5, 0], below: [0, 0, 1] } as const;

describe('signedPixels', () => {
  it('colours by sign, as opaque as the number is large beside the largest', () => {
    expect([...signedPixels([2, -4, 0], colours)]).toEqual([
      ...[255, 128, 0, 128],
      ...[0, 0, 255, 255],
      ...[0, 0, 255, 0],
    ]);
  });

  it('is clear where every number is 0', () => {
    expect([...signedPixels([0, 0], colours)]).toEqual(new Array(8).fill(0));
  });
});
