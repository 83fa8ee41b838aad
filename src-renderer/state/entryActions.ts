// What can be done with entries of Models & runs, each with a way back: the toast's Undo, or Ctrl+Z for the last one.
import { isActiveState, type RunSummary } from '../../src-shared/schemas/run.ts';
import { app } from './app.svelte.ts';
import { datasets } from './datasets.svelte.ts';
import type { Entry } from './entries.ts';
import { entryList } from './entryList.svelte.ts';
import { entryView } from './entryView.svelte.ts';
import { models } from './models.svelte.ts';
import { navigation } from './navigation.svelte.ts';
import { recipeForm } from './recipeForm.svelte.ts';
import { removals } from './removals.svelte.ts';
import { runs } from './runs.svelte.ts';
import { selection } from './selection.svelte.ts';
import { attempt, toasts } from './toasts.svelte.ts';
import { training } from './training.svelte.ts';

interface WayBack {
  undo: () => void;
  /** Whether it is not too late. */
  isUndoable: () => boolean;
}

/** The latest last. */
const waysBack: WayBack[] = [];
const mostWaysBack = 100;

/** Takes back what was done last with an entry and still can be. */
export function undoLastAction(): void {
  for (let way = waysBack.pop(); way !== undefined; way = waysBack.pop()) {
    if (!way.isUndoable()) continue;
    way.undo();
    return;
  }
}

/** Says what was done, and offers the way back. */
function say(message: string, undo: () => void, isUndoable = (): boolean => true): void {
  const way: WayBack = {
    undo: () => {
      const index = waysBack.indexOf(way);
      if (index >= 0) waysBack.splice(index, 1);
      toasts.dismiss(toastId);
      undo();
    },
    isUndoable,
  };
  waysBack.push(way);
  if (waysBack.length > mostWaysBack) waysBack.shift();
  const toastId = toasts.show(message, { label: 'Undo', run: way.undo });
}

const sayHowMany = (entries: readonly Entry[]): string =>
  entries.length === 1 ? `“${entries[0]?.name ?? ''}”` : `${entries.length} entries`;

const setName = ({ reference }: Entry, name: string): Promise<void> =>
  reference.kind === 'run' ? runs.rename(reference.runId, name) : models.rename(reference.modelId, name);

function setAnnotation({ reference }: Entry, changes: { tags?: string[]; notes?: string }): Promise<void> {
  return reference.kind === 'run'
    ? runs.annotate(reference.runId, changes)
    : models.annotate(reference.modelId, changes);
}

export function renameEntry(entry: Entry, name: string): void {
  attempt(async () => {
    await setName(entry, name);
    say(`“${entry.name}” is now “${name}”.`, () => attempt(() => setName(entry, entry.name)));
  });
}

export function changeNotes(entry: Entry, notes: string): void {
  attempt(async () => {
    await setAnnotation(entry, { notes });
    say(`The notes of “${entry.name}” are kept.`, () =>
      attempt(() => setAnnotation(entry, { notes: entry.notes })),
    );
  });
}

/** Gives each entry the tags that `change` makes of its own. */
function changeTags(
  entries: readonly Entry[],
  change: (tags: readonly string[]) => string[],
  message: (changed: readonly Entry[]) => string,
): void {
  const changed = entries.filter((entry) => change(entry.tags).join('\n') !== entry.tags.join('\n'));
  if (changed.length === 0) return;
  attempt(async () => {
    await Promise.all(changed.map((entry) => setAnnotation(entry, { tags: change(entry.tags) })));
    say(message(changed), () =>
      attempt(() => Promise.all(changed.map((entry) => setAnnotation(entry, { tags: [...entry.tags] })))),
    );
  });
}

const isSameTag = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

export function addTag(entries: readonly Entry[], tag: string): void {
  changeTags(
    entries,
    (tags) => (tags.some((one) => isSameTag(one, tag)) ? [...tags] : [...tags, tag]),
    (changed) => `${sayHowMany(changed)}: tagged “${tag}”.`,
  );
}

export function removeTag(entries: readonly Entry[], tag: string): void {
  changeTags(
    entries,
    (tags) => tags.filter((one) => !isSameTag(one, tag)),
    (changed) => `${sayHowMany(changed)}: no longer tagged “${tag}”.`,
  );
}

/** Whether it can be deleted: a run under way can't. */
export function canDelete({ run }: Entry): boolean {
  return run === null || !isActiveState(run.state);
}

/** Deletes those that can be, with time to undo. */
export function deleteEntries(entries: readonly Entry[]): void {
  const removable = entries.filter(canDelete);
  if (removable.length === 0) return;
  const left = entries.length - removable.length;
  for (const { reference } of removable) selection.forget(reference);
  const lookedAt = entryList.active?.key ?? null;
  entryList.leave(new Set(removable.map(({ key }) => key)));
  const removes = new Map(
    removable.map(({ key, reference }) => [
      key,
      () => (reference.kind === 'run' ? runs.remove(reference.runId) : models.remove(reference.modelId)),
    ]),
  );
  const note = left === 0 ? '' : ' What is under way stays.';
  const verb = removable.length === 1 ? 'was' : 'were';
  const { undo, isUndoable } = removals.schedule(removes);
  const bringBack = (): void => {
    undo();
    entryView.activeKey = lookedAt;
  };
  say(`${sayHowMany(removable)} ${verb} deleted.${note}`, bringBack, isUndoable);
}

/** Puts the entry's recipe and dataset into Train's form, where it can be undone, and goes there. */
export function duplicateRecipe(entry: Entry): void {
  recipeForm.takeOver(entry.recipe);
  if (datasets.find(entry.datasetId) !== null && app.settings.datasetId !== entry.datasetId) {
    attempt(() => datasets.select(entry.datasetId));
  }
  navigation.open('train');
  const toastId = toasts.show(`The recipe of “${entry.name}” is in the form.`, {
    label: 'Undo',
    run: () => {
      toasts.dismiss(toastId);
      recipeForm.undo();
    },
  });
}

/** Goes on with a run that has ended, from its last checkpoint, and shows it on Train. */
export function resumeRun(run: RunSummary): void {
  training.resumeEnded(run, false);
  navigation.open('train');
}

/** Shows its evaluation, where there are weights. */
export function evaluateEntry(entry: Entry): void {
  if (entry.hasWeights) selection.evaluate(entry.reference);
}
