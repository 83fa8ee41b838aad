// How Models & runs shows its entries: searched, narrowed, sorted, and which one is looked at. Stays while other screens
// are looked at.
import { SvelteSet } from 'svelte/reactivity';
import type { EntryState } from './entries.ts';
import type { EntryOrder } from './entryQuery.ts';

class EntryView {
  query = $state('');
  order = $state<EntryOrder>('newest');
  isReversed = $state(false);
  readonly states = new SvelteSet<EntryState>();
  /** Ids. */
  readonly datasets = new SvelteSet<string>();
  readonly tags = new SvelteSet<string>();
  /** Key of the entry that is looked at; null, or one that is not shown, stands for the first. */
  activeKey = $state<string | null>(null);

  readonly isNarrowed = $derived(
    this.query.trim() !== '' || this.states.size + this.datasets.size + this.tags.size > 0,
  );

  showEverything(): void {
    this.query = '';
    this.states.clear();
    this.datasets.clear();
    this.tags.clear();
  }

  /** Looks at an entry that the list may be hiding now. */
  reveal(key: string): void {
    this.showEverything();
    this.activeKey = key;
  }
}

export const entryView = new EntryView();
