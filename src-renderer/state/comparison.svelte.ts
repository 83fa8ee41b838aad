// The entries that Models & runs lays side by side, and how: stays while other screens are looked at.
import type { Entry } from './entries.ts';
import { entryList } from './entryList.svelte.ts';

class Comparison {
  /** Their keys, in the order of the columns; none while the list is shown. */
  #keys = $state.raw<readonly string[]>([]);
  axis = $state<'epochs' | 'seconds'>('epochs');
  isTrainingShown = $state(true);
  isLossLogarithmic = $state(false);

  readonly isOpen = $derived(this.#keys.length > 0);
  /** Those that are still there. */
  readonly entries: readonly Entry[] = $derived.by(() => {
    const all = new Map((this.isOpen ? (entryList.all ?? []) : []).map((entry) => [entry.key, entry]));
    return this.#keys.flatMap((key) => all.get(key) ?? []);
  });

  open(entries: readonly Entry[]): void {
    this.#keys = entries.map(({ key }) => key);
  }

  /** Takes one out; the rest stays as it is. */
  leaveOut(key: string): void {
    this.#keys = this.#keys.filter((one) => one !== key);
  }

  close(): void {
    this.#keys = [];
  }
}

export const comparison = new Comparison();
