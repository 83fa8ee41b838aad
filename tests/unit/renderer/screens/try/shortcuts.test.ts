import { describe, expect, it } from 'vitest';
import { shortcutOf } from '../../../../../src-renderer/screens/try/shortcuts.ts';

const press = (
  key: string,
  held: Partial<Record<'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey', boolean>> = {},
) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...held,
});

describe('keys on Draw & try', () => {
  it('go back and forth through what was drawn, and clear it', () => {
    expect(shortcutOf(press('z', { ctrlKey: true }), 'none')).toBe('undo');
    expect(shortcutOf(press('Z', { metaKey: true, shiftKey: true }), 'control')).toBe('redo');
    expect(shortcutOf(press('y', { ctrlKey: true }), 'none')).toBe('redo');
    expect(shortcutOf(press('Delete'), 'none')).toBe('clear');
  });

  it('are left to the text where something is typed, and to the slider that has the focus', () => {
    expect(shortcutOf(press('z', { ctrlKey: true }), 'text')).toBeNull();
    expect(shortcutOf(press('Delete'), 'control')).toBeNull();
    expect(shortcutOf(press('z'), 'none')).toBeNull();
  });
});
