// The recipe that the next run will train: edited in the form, undone and redone, checked as it changes, planned by
// the engine, and kept in the settings so that a restart shows it again.
import { SvelteSet } from 'svelte/reactivity';
import { toErrorData, type ErrorData } from '../../src-shared/failure.ts';
import { defaultPreset, type Preset } from '../../src-shared/presets.ts';
import type { NetworkOutline } from '../../src-shared/schemas/network.ts';
import type { Recipe } from '../../src-shared/schemas/recipe.ts';
import { toSentence } from '../format/sentence.ts';
import { app } from './app.svelte.ts';
import { recordEdit, redo, startHistory, undo, type EditHistory } from './editHistory.ts';
import { findDraftProblems, originOf, presetOf, withHonestName } from './recipeDraft.ts';
import { attempt } from './toasts.svelte.ts';

const planDelayMs = 100;
const saveDelayMs = 500;

class RecipeForm {
  #history = $state.raw<EditHistory<Recipe>>(startHistory(defaultPreset.recipe));
  #isLoaded = false;
  #planTimer: ReturnType<typeof setTimeout> | undefined;
  #saveTimer: ReturnType<typeof setTimeout> | undefined;
  #planRequests = 0;

  /** Shapes, parameters and memory of the draft's network; those of the last draft while new ones are awaited. */
  plan = $state.raw<NetworkOutline | null>(null);
  /** The layers of the draft that was planned. */
  plannedLayers = $state.raw<Recipe['layers']>([]);
  planFailure = $state.raw<ErrorData | null>(null);

  readonly draft = $derived(this.#history.present);
  readonly problems = $derived(findDraftProblems(app.catalogue, this.draft));
  /** Fields in which something stands that is no acceptable value: the draft still holds the one before. */
  readonly #unreadable = new SvelteSet<string>();
  readonly isValid = $derived(this.problems.length === 0 && this.#unreadable.size === 0);
  readonly canUndo = $derived(this.#history.past.length > 0);
  readonly canRedo = $derived(this.#history.future.length > 0);
  /** The preset that the draft is, or else the one that it was made from. */
  readonly preset = $derived(presetOf(this.draft));
  readonly origin = $derived(originOf(this.draft));

  constructor() {
    app.onConnected(() => {
      if (this.#isLoaded) return;
      this.#isLoaded = true;
      this.#history = startHistory(app.settings.recipe ?? defaultPreset.recipe);
    });
    addEventListener('pagehide', () => this.#save());
  }

  /** What is wrong with the field at the path (`layers.0.units`); null when nothing is. */
  problemAt(path: string): string | null {
    const problem = this.problems.find((one) => one.path === path);
    return problem === undefined ? null : toSentence(problem.message);
  }

  /** Whether something is wrong with a field at one of the paths or below it. */
  hasProblemIn(...paths: string[]): boolean {
    return this.problems.some((problem) => paths.some((path) => problem.path.startsWith(path)));
  }

  /** A field says whether what is typed in it can be read. */
  setReadable(path: string, isReadable: boolean): void {
    if (isReadable) this.#unreadable.delete(path);
    else this.#unreadable.add(path);
  }

  /** `subject` names what is edited: quick edits of one subject are undone together. */
  edit(subject: string, next: Recipe): void {
    this.#apply(recordEdit(this.#history, withHonestName(next), subject, Date.now()));
  }

  /** Edits some fields of the recipe. */
  change(subject: string, changes: Partial<Recipe>): void {
    this.edit(subject, { ...this.draft, ...changes });
  }

  /** The name that the person gives, whatever preset the recipe was made from. */
  rename(name: string): void {
    this.#apply(recordEdit(this.#history, { ...this.draft, name }, 'name', Date.now()));
  }

  choosePreset(preset: Preset): void {
    // The seed is the person's, as is the choice to try several.
    this.edit('preset', { ...preset.recipe, seed: this.draft.seed });
  }

  /** Goes on from the recipe of a run or a model. */
  takeOver(recipe: Recipe): void {
    this.edit('duplicate', recipe);
  }

  undo(): void {
    this.#apply(undo(this.#history));
  }

  redo(): void {
    this.#apply(redo(this.#history));
  }

  /** Asks the engine for the plan of the draft as it is now; answers that were overtaken are dropped. */
  requestPlan(draft: Recipe, datasetId: string): void {
    clearTimeout(this.#planTimer);
    if (this.problems.length > 0) return;
    this.#planTimer = setTimeout(() => {
      this.#planRequests += 1;
      const request = this.#planRequests;
      app.client.call('network.plan', { recipe: draft, datasetId }).then(
        (plan) => {
          if (request !== this.#planRequests) return;
          this.plan = plan;
          this.plannedLayers = draft.layers;
          this.planFailure = null;
        },
        (error: unknown) => {
          if (request !== this.#planRequests) return;
          this.plan = null;
          this.planFailure = toErrorData(error);
        },
      );
    }, planDelayMs);
  }

  #apply(history: EditHistory<Recipe>): void {
    if (history === this.#history) return;
    this.#history = history;
    clearTimeout(this.#saveTimer);
    this.#saveTimer = setTimeout(() => this.#save(), saveDelayMs);
  }

  #save(): void {
    clearTimeout(this.#saveTimer);
    if (this.#saveTimer === undefined || this.problems.length > 0) return;
    this.#saveTimer = undefined;
    attempt(() => app.changeSettings({ recipe: this.draft }));
  }
}

export const recipeForm = new RecipeForm();
