import { describe, expect, it } from 'vitest';
import { shortcutOf } from '../../../../../src-renderer/screens/train/shortcuts.ts';

const press = (
  key: string,
  modifiers: Partial<Record<'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey', boolean>> = {},
) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  altKey: false,
  ...modifiers,
});

describe('shortcutOf', () => {
  it('runs and pauses with Space, unless Space belongs to the focused element', () => {
    expect(shortcutOf(press(' '), 'none')).toBe('toggle-run');
    expect(shortcutOf(press(' '), 'control')).toBeNull();
    expect(shortcutOf(press(' '), 'text')).toBeNull();
  });

  it('steps with the full stop, but lets it be typed', () => {
    expect(shortcutOf(press('.'), 'none')).toBe('step');
    expect(shortcutOf(press('.'), 'control')).toBe('step');
    expect(shortcutOf(press('.'), 'text')).toBeNull();
  });

  it('undoes and redoes form edits from anywhere, with Ctrl or Cmd', () => {
    expect(shortcutOf(press('z', { ctrlKey: true }), 'text')).toBe('undo');
    expect(shortcutOf(press('Z', { ctrlKey: true, shiftKey: true }), 'none')).toBe('redo');
    expect(shortcutOf(press('z', { metaKey: true }), 'control')).toBe('undo');
    expect(shortcutOf(press('y', { ctrlKey: true }), 'none')).toBe('redo');
  });

  it('leaves every other key alone', () => {
    expect(shortcutOf(press('s', { ctrlKey: true }), 'none')).toBeNull();
    expect(shortcutOf(press('z'), 'none')).toBeNull();
    expect(shortcutOf(press(' ', { altKey: true }), 'none')).toBeNull();
  });
});
