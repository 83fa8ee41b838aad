import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toIdentifier } from '../../../src-main/runs/identifier.ts';

describe('an identifier', () => {
  it.each([
    ['Keras split, 2nd try', 'keras-split-2nd-try'],
    ['Straße & Café', 'stra-e-cafe'],
    ['../../etc/passwd', 'etc-passwd'],
    ['日本', 'fallback'],
  ])('of %s is %s', (name, identifier) => {
    expect(toIdentifier(name, 'fallback')).toBe(identifier);
  });

  it('is made of harmless characters whatever the name', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (name) => {
        expect(toIdentifier(name, 'fallback')).toMatch(/^[a-z0-9][a-z0-9-]{0,59}$/);
      }),
    );
  });
});
