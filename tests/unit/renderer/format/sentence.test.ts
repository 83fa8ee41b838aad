import { describe, expect, it } from 'vitest';
import { toSentence } from '../../../../src-renderer/format/sentence.ts';

describe('toSentence', () => {
  it('begins a remark with a capital and ends it with one full stop', () => {
    expect(toSentence('must not be empty')).toBe('Must not be empty.');
    expect(toSentence('There is no "dense2".')).toBe('There is no "dense2".');
  });
});
