// Deleting with a way back: the thing disappears from the lists at once, and the core is told to delete it only when
// the time to undo is over, or the page is left.
import { SvelteSet } from 'svelte/reactivity';
import { attempt, toastDurationMs, toasts } from './toasts.svelte.ts';

class Removals {
  /** Keys of what is on its way out: lists leave these away. */
  readonly hidden = new SvelteSet<string>();
  readonly #waiting = new Map<string, () => Promise<unknown>>();

  constructor() {
    addEventListener('pagehide', () => {
      for (const key of [...this.#waiting.keys()]) this.#carryOut(key);
    });
  }

  /** Hides `key` and calls `remove` once it can't be undone any more. */
  schedule(key: string, message: string, remove: () => Promise<unknown>): void {
    this.hidden.add(key);
    this.#waiting.set(key, remove);
    const timer = setTimeout(() => this.#carryOut(key), toastDurationMs);
    const toastId = toasts.show(message, {
      label: 'Undo',
      run: () => {
        clearTimeout(timer);
        this.#waiting.delete(key);
        this.hidden.delete(key);
        toasts.dismiss(toastId);
      },
    });
  }

  #carryOut(key: string): void {
    const remove = this.#waiting.get(key);
    if (remove === undefined) return;
    this.#waiting.delete(key);
    attempt(() => remove().finally(() => this.hidden.delete(key)));
  }
}

export const removals = new Removals();
