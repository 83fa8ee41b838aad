/** What has the focus: in a text field keys are text, on a control Space and Enter press it. */
export type FocusKind = 'text' | 'control' | 'none';

/** Where letters are typed, and where arrow keys choose. */
const textFields =
  'input:is([type="text"], [type="search"], [type="number"], :not([type])), textarea, select';

/** Whether a key press lands in a dialog or a menu, which has the keyboard to itself. */
export function isInOverlay(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('[role="dialog"], [role="menu"]') !== null;
}

/** Where a key press lands. */
export function focusKindOf(target: EventTarget | null): FocusKind {
  if (!(target instanceof Element)) return 'none';
  if (target.matches(textFields)) return 'text';
  const isControl =
    target.closest('button, input, select, summary, a[href], [role="dialog"], [role="menu"]') !== null;
  return isControl ? 'control' : 'none';
}
