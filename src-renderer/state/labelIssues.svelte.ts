// Images whose label is probably wrong: where the judgement of them can come from, what was found, and the
// cross-validation that judges every training image.
import { listFoldRuns } from '../../src-shared/foldRuns.ts';
import { float32Of, uint32Of } from '../../src-shared/schemas/bytes.ts';
import type { CrossValidation } from '../../src-shared/schemas/crossValidation.ts';
import type { LabelIssueList } from '../../src-shared/schemas/labelIssues.ts';
import type { Recipe } from '../../src-shared/schemas/recipe.ts';
import type { Client } from '../client.ts';
import { app } from './app.svelte.ts';
import { runs } from './runs.svelte.ts';
import { attempt } from './toasts.svelte.ts';

/** Runs that together judged images that they did not train on. */
export interface JudgementSource {
  /** The same for the same runs. */
  id: string;
  label: string;
  runIds: readonly string[];
}

/** The answer as arrays. */
export interface FoundLabelIssues extends Omit<
  LabelIssueList,
  'imageIndices' | 'labelProbabilities' | 'suggestedProbabilities'
> {
  sourceId: string;
  imageIndices: Uint32Array;
  labelProbabilities: Float32Array;
  suggestedProbabilities: Float32Array;
}

class LabelIssuesState {
  /** The one under way, or the last one. */
  crossValidation = $state.raw<CrossValidation | null>(null);
  found = $state.raw<FoundLabelIssues | null>(null);
  failure = $state.raw<unknown>(null);
  /** The source that the person chose; the first one where that is not there. */
  chosenId = $state<string | null>(null);
  /** The place in the list that is looked at, and whether it is open beside it. */
  active = $state(0);
  isOpen = $state(false);
  #subscribed = false;
  #asked = '';

  constructor() {
    app.onConnected((client) => this.#load(client));
  }

  /** Where judgements of the set's training images can come from: whole cross-validations first, then single runs. */
  sourcesOf(datasetId: string): JudgementSource[] {
    const list = runs.list ?? [];
    const whole = listFoldRuns(list, datasetId)
      .filter(({ missing }) => missing.length === 0)
      .map(({ runs: folds, recipe }) => {
        const runIds = folds.flatMap((run) => (run === null ? [] : [run.id]));
        return { id: runIds.join(' '), label: `All, ${runIds.length} folds of ${recipe.name}`, runIds };
      });
    const single = list
      .filter((run) => run.datasetId === datasetId && run.outcome.epochs > 0 && run.keptEpoch !== null)
      .filter(({ recipe }) => recipe.validation.type !== 'test' && recipe.validation.type !== 'fold')
      .map((run) => ({ id: run.id, label: `Held out by ${run.name}`, runIds: [run.id] }));
    return [...whole, ...single];
  }

  /** The source that the list is of. */
  sourceOf(datasetId: string): JudgementSource | null {
    const sources = this.sourcesOf(datasetId);
    return sources.find(({ id }) => id === this.chosenId) ?? sources[0] ?? null;
  }

  /** Asks for the label issues of a source, once. */
  want(source: JudgementSource): void {
    if (this.#asked === source.id) return;
    this.#asked = source.id;
    this.failure = null;
    this.active = 0;
    this.isOpen = false;
    app.client.call('labelIssues.find', { runIds: [...source.runIds] }).then(
      (answer) => {
        if (this.#asked === source.id) this.found = decode(answer, source.id);
      },
      (error: unknown) => {
        if (this.#asked !== source.id) return;
        this.#asked = '';
        this.failure = error;
      },
    );
  }

  /** Trains the folds that are missing; undefined takes the quick recipe. */
  start(datasetId: string, recipe: Recipe | undefined, folds: number): void {
    attempt(async () => {
      this.crossValidation = await app.client.call('crossValidation.start', {
        datasetId,
        folds,
        ...(recipe === undefined ? {} : { recipe }),
      });
      this.chosenId = null;
    });
  }

  cancel(): void {
    attempt(() => app.client.call('crossValidation.cancel', {}));
  }

  #load(client: Client): void {
    if (!this.#subscribed) {
      this.#subscribed = true;
      client.on('crossValidation.changed', (changed) => (this.crossValidation = changed));
    }
    attempt(async () => (this.crossValidation = await client.call('crossValidation.current', {})));
  }
}

function decode(answer: LabelIssueList, sourceId: string): FoundLabelIssues {
  return {
    ...answer,
    sourceId,
    imageIndices: uint32Of(answer.imageIndices),
    labelProbabilities: float32Of(answer.labelProbabilities),
    suggestedProbabilities: float32Of(answer.suggestedProbabilities),
  };
}

export const labelIssues = new LabelIssuesState();
