/** Edits of one field that follow each other faster than this are undone together: typing 128 is one edit. */
export const sameEditMs = 1000;

const maximumSteps = 200;

/** The versions of a value that is never changed in place, for undo and redo. */
export interface EditHistory<T> {
  readonly past: readonly T[];
  readonly present: T;
  readonly future: readonly T[];
  /** What the last edit was of, and when: decides whether the next one is the same edit going on. */
  readonly lastEdit: { subject: string; timeMs: number } | null;
}

export function startHistory<T>(present: T): EditHistory<T> {
  return { past: [], present, future: [], lastEdit: null };
}

/** `subject` names what was edited (`layers.0.units`); what was undone before is forgotten. */
export function recordEdit<T>(
  history: EditHistory<T>,
  next: T,
  subject: string,
  timeMs: number,
): EditHistory<T> {
  const { lastEdit } = history;
  const goesOn = lastEdit?.subject === subject && timeMs - lastEdit.timeMs < sameEditMs;
  return {
    past: goesOn ? history.past : [...history.past, history.present].slice(-maximumSteps),
    present: next,
    future: [],
    lastEdit: { subject, timeMs },
  };
}

export function undo<T>(history: EditHistory<T>): EditHistory<T> {
  const previous = history.past.at(-1);
  if (previous === undefined) return history;
  return {
    past: history.past.slice(0, -1),
    present: previous,
    future: [history.present, ...history.future],
    lastEdit: null,
  };
}

export function redo<T>(history: EditHistory<T>): EditHistory<T> {
  const [next] = history.future;
  if (next === undefined) return history;
  return {
    past: [...history.past, history.present],
    present: next,
    future: history.future.slice(1),
    lastEdit: null,
  };
}
