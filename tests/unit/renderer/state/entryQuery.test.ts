import { describe, expect, it } from 'vitest';
import type { EntryState } from '../../../../src-renderer/state/entries.ts';
import {
  filterEntries,
  listFilterChoices,
  searchEntries,
  sortEntries,
  type EntryFilter,
} from '../../../../src-renderer/state/entryQuery.ts';
import { exampleEntry, recipeOf } from '../exampleEntries.ts';

const day = (number: number): string => `2026-01-0${number}T12:00:00.000Z`;

const baseline = exampleEntry('baseline', { createdAt: day(1), tags: ['lesson', 'Dense'], parameters: 300 });
const wide = exampleEntry(
  'Wide 10',
  { createdAt: day(2), recipe: recipeOf('dense-best'), state: 'stopped', parameters: 200 },
  [0.5, 0.9, 0.8],
);
const narrow = exampleEntry(
  'Wide 9',
  { createdAt: day(3), notes: 'Übung macht den Meister', datasetId: 'mnist' },
  [0.95],
);
const failed = exampleEntry(
  'broken',
  { createdAt: day(4), state: 'failed', tags: ['lesson'], parameters: 0 },
  [],
);
const entries = [baseline, wide, narrow, failed];
const namesOf = (list: readonly { name: string }[]): string[] => list.map(({ name }) => name);

const filter = (changes: { states?: EntryState[]; datasets?: string[]; tags?: string[] }): EntryFilter => ({
  states: new Set(changes.states),
  datasets: new Set(changes.datasets),
  tags: new Set(changes.tags),
});

describe('searching runs and models', () => {
  it.each([
    ['', ['baseline', 'Wide 10', 'Wide 9', 'broken']],
    ['wide', ['Wide 10', 'Wide 9']],
    ['WIDE 512', ['Wide 10']],
    ['#les', ['baseline', 'broken']],
    ['ubung', ['Wide 9']],
    ['512-512', ['Wide 10']],
    ['dropout', ['Wide 10']],
    ['adamw stopped', ['Wide 10']],
    ['strokes failed', ['broken']],
    ['  no such thing ', []],
  ])('finds “%s” in %j', (query, found) => {
    expect(namesOf(searchEntries(entries, query))).toEqual(found);
  });
});

describe('narrowing the list', () => {
  it('takes any of what is chosen of a kind, and all kinds together', () => {
    const { states, datasets, tags } = listFilterChoices(entries);
    expect(states).toEqual([
      { value: 'finished', label: 'Finished', count: 2 },
      { value: 'stopped', label: 'Stopped', count: 1 },
      { value: 'failed', label: 'Failed', count: 1 },
    ]);
    expect(datasets.map(({ value, count }) => [value, count])).toEqual([
      ['strokes', 3],
      ['mnist', 1],
    ]);
    expect(tags.map(({ value, count }) => [value, count])).toEqual([
      ['lesson', 2],
      ['Dense', 1],
    ]);
    expect(filterEntries(entries, filter({}))).toEqual(entries);
    expect(namesOf(filterEntries(entries, filter({ states: ['stopped', 'failed'] })))).toEqual([
      'Wide 10',
      'broken',
    ]);
    expect(namesOf(filterEntries(entries, filter({ states: ['finished'], datasets: ['mnist'] })))).toEqual([
      'Wide 9',
    ]);
    expect(filterEntries(entries, filter({ datasets: ['mnist'], tags: ['lesson'] }))).toEqual([]);
  });
});

describe('sorting the list', () => {
  it.each([
    ['newest', ['broken', 'Wide 9', 'Wide 10', 'baseline']],
    ['name', ['baseline', 'broken', 'Wide 9', 'Wide 10']],
    ['validation', ['Wide 9', 'Wide 10', 'baseline', 'broken']],
    ['parameters', ['Wide 10', 'baseline', 'Wide 9', 'broken']],
    ['seconds', ['Wide 9', 'baseline', 'Wide 10', 'broken']],
  ] as const)('by %s gives %j', (order, sorted) => {
    expect(namesOf(sortEntries(entries, order, false))).toEqual(sorted);
  });

  it('turned round keeps last what has no such number, and equals the newest first', () => {
    expect(namesOf(sortEntries(entries, 'validation', true))).toEqual([
      'baseline',
      'Wide 10',
      'Wide 9',
      'broken',
    ]);
    expect(namesOf(sortEntries(entries, 'newest', true))).toEqual([
      'baseline',
      'Wide 10',
      'Wide 9',
      'broken',
    ]);
    expect(namesOf(sortEntries(entries, 'test', true))).toEqual(['broken', 'Wide 9', 'Wide 10', 'baseline']);
  });

  it('ranks a run by the weights that it kept, not by its best epoch', () => {
    expect(wide.validationAccuracy).toBe(0.8);
  });
});
