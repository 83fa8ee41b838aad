import { describe, expect, it } from 'vitest';
import { editDistance, nearest } from '../../../../src-main/hosts/cli/suggestion.ts';

describe('suggestions', () => {
  it.each([
    ['', 'abc', 3],
    ['train', 'train', 0],
    ['trian', 'train', 1],
    ['trin', 'train', 1],
    ['kitten', 'sitting', 3],
  ])('counts the edits from %j to %j as %i', (a, b, edits) => {
    expect(editDistance(a, b)).toBe(edits);
    expect(editDistance(b, a)).toBe(edits);
  });

  it('names what was probably meant and keeps silent where nothing is near', () => {
    const known = ['fashion-mnist', 'mnist', 'strokes'];
    expect(nearest('stroke', known)).toBe('strokes');
    expect(nearest('fashion', known)).toBe('fashion-mnist');
    expect(nearest('MNSIT', known)).toBe('mnist');
    expect(nearest('imagenet-21k', known)).toBeUndefined();
  });
});
