// Deleting with a way back: the thing disappears from the lists at once, and the core is told to delete it only when
// the time to undo is over, or the page is left.
import { SvelteSet } from 'svelte/reactivity';
import { attempt, toastDurationMs } from './toasts.svelte.ts';

/** Something on its way out. */
export interface Removal {
  undo: () => void;
  isUndoable: () => boolean;
}

class Removals {
  /** Keys of what is on its way out: lists leave these away. */
  readonly hidden = new SvelteSet<string>();
  readonly #waiting = new Map<string, () => Promise<unknown>>();

  constructor() {
    addEventListener('pagehide', () => this.#carryOut([...this.#waiting.keys()]));
  }

  /**
   * Hides what is to be removed, by its keys, and calls their `remove` when the time that a toast stays is over. Until
   * then `undo` brings it back.
   */
  schedule(removes: ReadonlyMap<string, () => Promise<unknown>>): Removal {
    const keys = [...removes.keys()];
    for (const [key, remove] of removes) {
      this.hidden.add(key);
      this.#waiting.set(key, remove);
    }
    const timer = setTimeout(() => this.#carryOut(keys), toastDurationMs);
    return {
      undo: () => {
        clearTimeout(timer);
        for (const key of keys) if (this.#waiting.delete(key)) this.hidden.delete(key);
      },
      isUndoable: () => keys.some((key) => this.#waiting.has(key)),
    };
  }

  #carryOut(keys: readonly string[]): void {
    for (const key of keys) {
      const remove = this.#waiting.get(key);
      if (remove === undefined) continue;
      this.#waiting.delete(key);
      attempt(() => remove().finally(() => this.hidden.delete(key)));
    }
  }
}

export const removals = new Removals();
