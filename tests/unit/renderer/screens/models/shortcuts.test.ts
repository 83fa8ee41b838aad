import { describe, expect, it } from 'vitest';
import { entryShortcutOf } from '../../../../../src-renderer/screens/models/shortcuts.ts';

const press = (key: string, held: { ctrlKey?: boolean; metaKey?: boolean; shiftKey?: boolean } = {}) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  altKey: false,
  ...held,
});

describe('keys on Models & runs', () => {
  it.each([
    ['j', 'ArrowDown', false],
    ['k', 'ArrowUp', false],
    ['PageDown', 'PageDown', false],
  ])('%s moves', (key, to, isExtending) => {
    expect(entryShortcutOf(press(key), 'none')).toEqual({ action: 'move', key: to, isExtending });
  });

  it('with Shift choose on the way', () => {
    const moved = { action: 'move', key: 'ArrowDown', isExtending: true };
    expect(entryShortcutOf(press('ArrowDown', { shiftKey: true }), 'none')).toEqual(moved);
    expect(entryShortcutOf(press('J', { shiftKey: true }), 'control')).toEqual(moved);
  });

  it.each([
    ['Enter', {}, 'open'],
    [' ', {}, 'toggle'],
    ['Delete', {}, 'delete'],
    ['F2', {}, 'rename'],
    ['/', {}, 'search'],
    ['a', { ctrlKey: true }, 'choose-all'],
    ['a', { metaKey: true }, 'choose-all'],
    ['z', { ctrlKey: true }, 'undo'],
    ['Escape', {}, 'choose-none'],
  ] as const)('%s with %j does %s', (key, held, action) => {
    expect(entryShortcutOf(press(key, held), 'none')).toEqual({ action });
  });

  it('leave letters to text fields, and Enter and Space to what has the focus', () => {
    for (const key of ['j', '/', 'Delete', 'Enter', 'ArrowDown']) {
      expect(entryShortcutOf(press(key), 'text')).toBeNull();
    }
    expect(entryShortcutOf(press('a', { ctrlKey: true }), 'text')).toBeNull();
    for (const key of ['Enter', ' ']) expect(entryShortcutOf(press(key), 'control')).toBeNull();
    expect(entryShortcutOf(press('s', { ctrlKey: true }), 'none')).toBeNull();
  });
});
