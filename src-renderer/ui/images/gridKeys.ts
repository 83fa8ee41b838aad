// The keys that go through the images beside a grid; a grid that has the keyboard moves by itself.

/** Whether the key is meant for what is open beside the grid: not for a field, nor for a shortcut with Ctrl. */
export function isForInspector(event: KeyboardEvent): boolean {
  const isTyping = event.target instanceof Element && event.target.matches('input, select, textarea');
  return !isTyping && !event.defaultPrevented && !event.ctrlKey && !event.metaKey && !event.altKey;
}

/**
 * The place that the key goes to from `active` in a list of `count`; null for any other key, or where the list is empty.
 */
export function placeByKey(key: string, active: number, count: number): number | null {
  const targets: Readonly<Record<string, number>> = {
    ArrowLeft: active - 1,
    k: active - 1,
    ArrowRight: active + 1,
    j: active + 1,
    Home: 0,
    End: count - 1,
  };
  const target = targets[key];
  return target === undefined || count === 0 ? null : Math.min(count - 1, Math.max(0, target));
}
