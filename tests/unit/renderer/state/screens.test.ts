import { describe, expect, it } from 'vitest';
import { screenOfHash } from '../../../../src-renderer/state/screens.ts';

describe('the screen that an address names', () => {
  it('is the one in its hash', () => {
    expect(screenOfHash('#/models')).toBe('models');
    expect(screenOfHash('#train')).toBe('train');
    expect(screenOfHash('#/try')).toBe('try');
  });

  it('is Data where the hash is empty or unknown', () => {
    expect(screenOfHash('')).toBe('data');
    expect(screenOfHash('#/nowhere')).toBe('data');
  });
});
