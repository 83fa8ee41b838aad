import { describe, expect, it } from 'vitest';
import {
  recordEdit,
  redo,
  sameEditMs,
  startHistory,
  undo,
} from '../../../../src-renderer/state/editHistory.ts';

const edited = (...values: string[]) =>
  values.reduce(
    (history, value, index) => recordEdit(history, value, `field ${index}`, index),
    startHistory('start'),
  );

describe('the history of edits', () => {
  it('goes back and forth through every version', () => {
    const back = undo(undo(edited('a', 'b')));
    expect(back.present).toBe('start');
    expect(redo(redo(back)).present).toBe('b');
  });

  it('stays where it is at both ends', () => {
    expect(undo(startHistory('start')).present).toBe('start');
    expect(redo(edited('a')).present).toBe('a');
  });

  it('undoes quick edits of one subject together', () => {
    let history = startHistory('');
    for (const [index, text] of ['1', '12', '128'].entries()) {
      history = recordEdit(history, text, 'units', index * (sameEditMs - 1));
    }
    expect(undo(history).present).toBe('');
  });

  it('keeps slow edits of one subject, and edits of different subjects, apart', () => {
    const slow = recordEdit(recordEdit(startHistory(''), 'a', 'units', 0), 'ab', 'units', sameEditMs);
    expect(undo(slow).present).toBe('a');
    const other = recordEdit(recordEdit(startHistory(''), 'a', 'units', 0), 'ab', 'epochs', 1);
    expect(undo(other).present).toBe('a');
  });

  it('forgets what was undone once something else is edited', () => {
    const history = recordEdit(undo(edited('a', 'b')), 'c', 'field', 10);
    expect(redo(history).present).toBe('c');
    expect(undo(history).present).toBe('a');
  });

  it('does not join an edit to the one that was just undone', () => {
    const history = undo(recordEdit(startHistory('start'), 'a', 'units', 0));
    expect(undo(recordEdit(history, 'b', 'units', 1)).present).toBe('start');
  });
});
