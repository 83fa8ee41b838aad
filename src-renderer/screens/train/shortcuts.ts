// Which key does what on the Train screen.
import type { FocusKind } from '../../ui/focusKind.ts';

export type TrainShortcut = 'toggle-run' | 'step' | 'undo' | 'redo';

interface KeyPress {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  shiftKey: boolean;
  altKey: boolean;
}

/** What the key does; null where it belongs to the focused element or means nothing here. */
export function shortcutOf(press: KeyPress, focus: FocusKind): TrainShortcut | null {
  if (press.altKey) return null;
  if (press.ctrlKey || press.metaKey) {
    const key = press.key.toLowerCase();
    if (key === 'z') return press.shiftKey ? 'redo' : 'undo';
    return key === 'y' && !press.shiftKey ? 'redo' : null;
  }
  if (press.key === ' ' && focus === 'none') return 'toggle-run';
  if (press.key === '.' && focus !== 'text') return 'step';
  return null;
}
