// Which key does what on the Train screen.

export type TrainShortcut = 'toggle-run' | 'step' | 'undo' | 'redo';

interface KeyPress {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  shiftKey: boolean;
  altKey: boolean;
}

/** What has the focus: in a text field keys are text, on a control Space presses it. */
export type FocusKind = 'text' | 'control' | 'none';

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

/** Where a key press lands. */
export function focusKindOf(target: EventTarget | null): FocusKind {
  if (!(target instanceof Element)) return 'none';
  if (target.matches('input:is([type="text"], [type="search"], :not([type])), textarea')) return 'text';
  const isControl =
    target.closest('button, input, select, summary, a[href], [role="dialog"], [role="menu"]') !== null;
  return isControl ? 'control' : 'none';
}
