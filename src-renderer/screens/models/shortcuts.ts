// Which key does what on the Models & runs screen.
import type { FocusKind } from '../../ui/focusKind.ts';

export type EntryShortcut =
  | { action: 'move'; key: string; isExtending: boolean }
  | { action: 'open' | 'toggle' | 'delete' | 'rename' | 'search' | 'choose-all' | 'choose-none' | 'undo' };

interface KeyPress {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  shiftKey: boolean;
  altKey: boolean;
}

/** J and K move as the arrows do. */
const moves: Readonly<Record<string, string>> = {
  ArrowDown: 'ArrowDown',
  ArrowUp: 'ArrowUp',
  PageDown: 'PageDown',
  PageUp: 'PageUp',
  Home: 'Home',
  End: 'End',
  j: 'ArrowDown',
  J: 'ArrowDown',
  k: 'ArrowUp',
  K: 'ArrowUp',
};

/** What the key does; null where it belongs to the focused element or means nothing here. */
export function entryShortcutOf(press: KeyPress, focus: FocusKind): EntryShortcut | null {
  if (focus === 'text' || press.altKey) return null;
  if (press.ctrlKey || press.metaKey) {
    if (press.shiftKey) return null;
    const key = press.key.toLowerCase();
    if (key === 'a') return { action: 'choose-all' };
    return key === 'z' ? { action: 'undo' } : null;
  }
  const key = moves[press.key];
  if (key !== undefined) return { action: 'move', key, isExtending: press.shiftKey };
  if (focus === 'none' && press.key === 'Enter') return { action: 'open' };
  if (focus === 'none' && press.key === ' ') return { action: 'toggle' };
  if (press.key === 'Delete') return { action: 'delete' };
  if (press.key === 'F2') return { action: 'rename' };
  if (press.key === '/') return { action: 'search' };
  return press.key === 'Escape' ? { action: 'choose-none' } : null;
}
