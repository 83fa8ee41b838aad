import type { FocusKind } from '../../ui/focusKind.ts';

export type TryShortcut = 'undo' | 'redo' | 'clear';

type KeyPress = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>;

/** What a key does on Draw & try: Ctrl+Z and Ctrl+Y, or with Shift, go back and forth; Delete clears the pad. */
export function shortcutOf(event: KeyPress, focus: FocusKind): TryShortcut | null {
  if (event.altKey || focus === 'text') return null;
  const key = event.key.toLowerCase();
  if (event.ctrlKey || event.metaKey) {
    if (key === 'z') return event.shiftKey ? 'redo' : 'undo';
    return key === 'y' ? 'redo' : null;
  }
  return key === 'delete' && focus === 'none' ? 'clear' : null;
}
