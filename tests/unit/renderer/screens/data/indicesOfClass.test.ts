import { describe, expect, it } from 'vitest';
import { indicesOfClass } from '../../../../../src-renderer/screens/data/indicesOfClass.ts';

const labels = Uint8Array.of(2, 0, 2, 1, 2);

describe('the images of a class', () => {
  it('are those with its label, in order', () => {
    expect([...indicesOfClass(labels, 2)]).toEqual([0, 2, 4]);
    expect([...indicesOfClass(labels, 7)]).toEqual([]);
  });

  it('are all of them without a class', () => {
    expect([...indicesOfClass(labels, null)]).toEqual([0, 1, 2, 3, 4]);
  });
});
