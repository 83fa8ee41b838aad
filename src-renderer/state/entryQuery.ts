// Which entries are shown, and in which order.
import { entryStateLabels, entryStates, toSearchText, type Entry, type EntryState } from './entries.ts';

export type EntryOrder = 'newest' | 'name' | 'validation' | 'test' | 'parameters' | 'seconds';

/** What the list is narrowed to; nothing chosen of a kind means everything of it. */
export interface EntryFilter {
  states: ReadonlySet<EntryState>;
  /** Dataset ids. */
  datasets: ReadonlySet<string>;
  tags: ReadonlySet<string>;
}

export interface FilterChoice<Value> {
  value: Value;
  label: string;
  /** How many entries there are of it. */
  count: number;
}

/** What the list can be narrowed to, most useful first. */
export interface FilterChoices {
  states: FilterChoice<EntryState>[];
  datasets: FilterChoice<string>[];
  tags: FilterChoice<string>[];
}

/** The entries that hold every word of the query: in their name, tags, notes, dataset, recipe or state; `#word` begins a tag. */
export function searchEntries(entries: readonly Entry[], query: string): readonly Entry[] {
  const words = toSearchText(query)
    .split(/\s+/)
    .filter((word) => word !== '');
  if (words.length === 0) return entries;
  return entries.filter(({ searchText }) => words.every((word) => searchText.includes(word)));
}

/** Of one kind any of the chosen, of all kinds each. */
export function filterEntries(entries: readonly Entry[], filter: EntryFilter): readonly Entry[] {
  const { states, datasets, tags } = filter;
  if (states.size + datasets.size + tags.size === 0) return entries;
  return entries.filter(
    (entry) =>
      (states.size === 0 || states.has(entry.state)) &&
      (datasets.size === 0 || datasets.has(entry.datasetId)) &&
      (tags.size === 0 || entry.tags.some((tag) => tags.has(tag))),
  );
}

const names = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

/** In the direction that is asked for most often: the newest, the best, the smallest and the fastest first. */
const measures: Record<Exclude<EntryOrder, 'newest' | 'name'>, (entry: Entry) => number | null> = {
  validation: ({ validationAccuracy }) => (validationAccuracy === null ? null : -validationAccuracy),
  test: ({ testAccuracy }) => (testAccuracy === null ? null : -testAccuracy),
  parameters: ({ parameters }) => (parameters === 0 ? null : parameters),
  seconds: ({ seconds }) => seconds,
};

function newestFirst(one: Entry, other: Entry): number {
  return other.createdAt.localeCompare(one.createdAt) || one.key.localeCompare(other.key);
}

/**
 * A new list in the order; reversed, what comes last comes first, but entries that don't have the number come last in
 * both. Equals stand the newest first.
 */
export function sortEntries(entries: readonly Entry[], order: EntryOrder, isReversed: boolean): Entry[] {
  const sign = isReversed ? -1 : 1;
  if (order === 'newest') return entries.toSorted((one, other) => sign * newestFirst(one, other));
  if (order === 'name') {
    return entries.toSorted(
      (one, other) => sign * names.compare(one.name, other.name) || newestFirst(one, other),
    );
  }
  const measure = measures[order];
  return entries.toSorted((one, other) => {
    const ofOne = measure(one);
    const ofOther = measure(other);
    if (ofOne === null || ofOther === null) {
      if (ofOne === ofOther) return newestFirst(one, other);
      return ofOne === null ? 1 : -1;
    }
    return sign * (ofOne - ofOther) || newestFirst(one, other);
  });
}

function countBy<Value>(values: Iterable<Value>): Map<Value, number> {
  const counts = new Map<Value, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

/** States in their order, datasets and tags by how many entries have them. */
export function listFilterChoices(entries: readonly Entry[]): FilterChoices {
  const states = countBy(entries.map(({ state }) => state));
  const datasets = countBy(entries.map(({ datasetId }) => datasetId));
  const datasetNames = new Map(entries.map(({ datasetId, datasetName }) => [datasetId, datasetName]));
  const tags = countBy(entries.flatMap((entry) => entry.tags));
  const byCount = (counts: Map<string, number>, labelOf: (value: string) => string): FilterChoice<string>[] =>
    [...counts]
      .map(([value, count]) => ({ value, label: labelOf(value), count }))
      .sort((one, other) => other.count - one.count || names.compare(one.label, other.label));
  return {
    states: entryStates.flatMap((value) => {
      const count = states.get(value);
      return count === undefined ? [] : [{ value, label: entryStateLabels[value], count }];
    }),
    datasets: byCount(datasets, (id) => datasetNames.get(id) ?? id),
    tags: byCount(tags, (tag) => tag),
  };
}
