import { describe, expect, it } from 'vitest';
import { curvePoints } from '../../../../../src-renderer/screens/models/curvePoints.ts';

describe('the small accuracy curve of a run', () => {
  it('fills the box from its lowest value at the bottom to its highest at the top', () => {
    expect(curvePoints([0.5, 0.9, 0.7], 104, 24, 2)).toEqual([
      { x: 2, y: 22 },
      { x: 52, y: 2 },
      { x: 102, y: 12 },
    ]);
  });

  it('lies in the middle when every epoch is the same, or there is only one', () => {
    expect(curvePoints([0.8, 0.8], 104, 24, 2).map((point) => point.y)).toEqual([12, 12]);
    expect(curvePoints([0.8], 104, 24, 2)).toEqual([{ x: 2, y: 12 }]);
  });
});
