// The entries of Models & runs as they are shown, and which of them are chosen together.
import { SvelteSet } from 'svelte/reactivity';
import type { ModelSummary } from '../../src-shared/schemas/model.ts';
import type { RunSummary } from '../../src-shared/schemas/run.ts';
import { app } from './app.svelte.ts';
import { datasets } from './datasets.svelte.ts';
import { entryOfModel, entryOfRun, type Entry } from './entries.ts';
import {
  filterEntries,
  listFilterChoices,
  searchEntries,
  sortEntries,
  type FilterChoices,
} from './entryQuery.ts';
import { entryView } from './entryView.svelte.ts';
import { models } from './models.svelte.ts';
import { runs } from './runs.svelte.ts';

class EntryList {
  /** Keys of what is chosen, also of entries that are not shown or there any more. */
  readonly #chosen = new SvelteSet<string>();
  /** Where a range begins. */
  #anchorKey: string | null = null;

  /** Entries are made once of each summary: of a thousand runs one changes at a time. */
  #made = $derived.by(() => {
    void [app.catalogue, datasets.list];
    return new WeakMap<RunSummary | ModelSummary, Entry>();
  });

  /** Null until the core has answered. */
  readonly all: readonly Entry[] | null = $derived.by(() => {
    if (runs.list === null || models.list === null) return null;
    return [
      ...runs.list.map((run) =>
        this.#make(run, () => entryOfRun(run, app.catalogue, datasets.find(run.datasetId))),
      ),
      ...models.list.map((model) =>
        this.#make(model, () => entryOfModel(model, app.catalogue, datasets.find(model.datasetId))),
      ),
    ];
  });
  readonly choices: FilterChoices = $derived(listFilterChoices(this.all ?? []));
  readonly shown: readonly Entry[] = $derived.by(() => {
    const { query, order, isReversed } = entryView;
    return sortEntries(searchEntries(filterEntries(this.all ?? [], entryView), query), order, isReversed);
  });
  /** The place of the one looked at among the shown; -1 when nothing is shown. */
  readonly activeIndex = $derived.by(() => {
    const index = this.shown.findIndex((entry) => entry.key === entryView.activeKey);
    return index < 0 ? Math.min(0, this.shown.length - 1) : index;
  });
  readonly active: Entry | null = $derived(this.shown[this.activeIndex] ?? null);

  /** Those of the chosen that are shown, in the list's order: what is not seen is not acted on. */
  readonly chosen: readonly Entry[] = $derived(
    this.#chosen.size === 0 ? [] : this.shown.filter((entry) => this.#chosen.has(entry.key)),
  );

  isChosen(entry: Entry): boolean {
    return this.#chosen.has(entry.key);
  }

  /** What commands are for: the chosen entries, or else the one that is looked at. */
  get targets(): readonly Entry[] {
    if (this.chosen.length > 0) return this.chosen;
    return this.active === null ? [] : [this.active];
  }

  /** Looks at the nearest entry that stays, where the one looked at is about to go. */
  leave(keys: ReadonlySet<string>): void {
    const { active, activeIndex } = this;
    if (active === null || !keys.has(active.key)) return;
    const stays = (entry: Entry): boolean => !keys.has(entry.key);
    const next =
      this.shown.slice(activeIndex).find(stays) ?? this.shown.slice(0, activeIndex).findLast(stays);
    entryView.activeKey = next?.key ?? null;
  }

  /** Looks at an entry. */
  activate(key: string): void {
    entryView.activeKey = key;
    this.#anchorKey = key;
  }

  /** Looks at the entry at a place, and chooses all on the way there when `isExtending`. */
  moveTo(index: number, isExtending: boolean): void {
    const entry = this.shown[index];
    if (entry === undefined) return;
    if (isExtending) this.chooseRange(entry.key);
    else this.activate(entry.key);
  }

  toggle(key: string): void {
    if (!this.#chosen.delete(key)) this.#chosen.add(key);
    entryView.activeKey = key;
    this.#anchorKey = key;
  }

  /** Chooses everything between where the last choice was made and an entry, and looks at that one. */
  chooseRange(key: string): void {
    const anchor = this.#anchorKey ?? this.active?.key ?? key;
    const ends = [anchor, key].map((one) => this.shown.findIndex((entry) => entry.key === one));
    const first = Math.min(...ends);
    if (first < 0) return;
    this.#chosen.clear();
    for (const entry of this.shown.slice(first, Math.max(...ends) + 1)) this.#chosen.add(entry.key);
    entryView.activeKey = key;
    this.#anchorKey = anchor;
  }

  chooseAll(): void {
    for (const entry of this.shown) this.#chosen.add(entry.key);
  }

  chooseNone(): void {
    this.#chosen.clear();
  }

  #make(summary: RunSummary | ModelSummary, make: () => Entry): Entry {
    const known = this.#made.get(summary);
    if (known !== undefined) return known;
    const entry = make();
    this.#made.set(summary, entry);
    return entry;
  }
}

export const entryList = new EntryList();
