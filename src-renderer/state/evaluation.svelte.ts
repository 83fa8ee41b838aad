// The evaluation that Evaluate and Errors look at: which model, on which images, and what came out. Results are kept,
// so that going back and forth asks the core for nothing and no look at the test set is counted twice.
import { untrack } from 'svelte';
import { SvelteMap } from 'svelte/reactivity';
import type { WeftError } from '../../src-shared/failure.ts';
import type { ModelReference } from '../../src-shared/schemas/model.ts';
import { app } from './app.svelte.ts';
import { datasets } from './datasets.svelte.ts';
import { evaluatedImagesOf, pastImagesOf, type EvaluatedImages } from './evaluatedImages.ts';
import {
  isValidatedOnTest,
  misfitOf,
  splitsOf,
  subjectOfModel,
  subjectOfRun,
  type EvaluationSplit,
  type EvaluationSubject,
} from './evaluationSubject.ts';
import { modelKey } from './modelKey.ts';
import { models } from './models.svelte.ts';
import { hasWeights, runs } from './runs.svelte.ts';
import type { PastPredictions } from './pastPredictions.ts';
import { selection } from './selection.svelte.ts';
import { timeMachine } from './timeMachine.svelte.ts';

/** What is known of one model on one split. */
interface Result {
  weightsVersion: string;
  /** Null until they have arrived; those of older weights stay until newer ones are there. */
  images: EvaluatedImages | null;
  isLoading: boolean;
  failure: unknown;
}

/** An evaluation of 60,000 images takes some 4 MB. */
const resultsKept = 8;

class EvaluationState {
  /** Everything that can be evaluated: runs, then the library. */
  readonly subjects: readonly EvaluationSubject[] = $derived([
    ...(runs.list ?? []).filter(hasWeights).map((run) => subjectOfRun(run, datasets.find(run.datasetId))),
    ...(models.list ?? []).map(subjectOfModel),
  ]);

  /** The model looked at: the chosen one, else the latest run; null while there is none. */
  readonly subject: EvaluationSubject | null = $derived.by(() => {
    const chosen = selection.model === null ? null : modelKey(selection.model);
    return this.subjects.find((one) => modelKey(one.model) === chosen) ?? this.subjects[0] ?? null;
  });

  /** False until it is known what can be evaluated. */
  readonly isKnown: boolean = $derived(runs.list !== null && models.list !== null && datasets.list !== null);

  #chosenDataset = $state.raw<{ model: string; datasetId: string } | null>(null);
  #chosenSplit = $state<EvaluationSplit>('validation');

  /** The dataset looked at: the chosen one, else the model's own. */
  readonly datasetId: string | null = $derived.by(() => {
    const { subject } = this;
    if (subject === null) return null;
    const isChosen = this.#chosenDataset?.model === modelKey(subject.model);
    return isChosen && this.#chosenDataset !== null ? this.#chosenDataset.datasetId : subject.datasetId;
  });

  readonly splits: readonly EvaluationSplit[] = $derived.by(() => {
    const { subject, datasetId } = this;
    if (subject === null || datasetId === null) return [];
    // Of a set that is not known here, the core says what there is.
    return splitsOf(subject, datasets.find(datasetId) ?? { id: datasetId, testCount: 1 });
  });

  readonly split: EvaluationSplit = $derived.by(() => {
    const offered = [this.#chosenSplit, 'test', 'train'] as const;
    return offered.find((split) => this.splits.includes(split)) ?? 'test';
  });

  /** Why the model can't be run over the dataset that was chosen; null where it can. */
  readonly misfit: WeftError | null = $derived.by(() => {
    const dataset = this.datasetId === null ? null : datasets.find(this.datasetId);
    return this.subject === null || dataset === null ? null : misfitOf(this.subject, dataset);
  });

  readonly #results = new SvelteMap<string, Result>();

  /** Which model on which images, as a plain string. */
  readonly key: string | null = $derived(this.subject === null ? null : this.#keyOf(this.subject));

  readonly #result: Result | null = $derived(
    this.key === null ? null : (this.#results.get(this.key) ?? null),
  );

  readonly isLoading: boolean = $derived(this.#result?.isLoading ?? false);
  readonly failure: unknown = $derived(this.misfit ?? this.#result?.failure ?? null);

  /** Whether the images have arrived for the weights that the model has now. */
  readonly #isCurrent: boolean = $derived(
    this.#result !== null && this.#result.weightsVersion === this.subject?.weightsVersion,
  );

  /** Whether nothing is shown because nobody has asked to look at the test set with these weights. */
  readonly isTestClosed: boolean = $derived(
    this.subject !== null && this.split === 'test' && !this.#isCurrent,
  );

  /** What the model itself says: of the weights that it has. */
  readonly #present: EvaluatedImages | null = $derived(
    this.isTestClosed ? null : (this.#result?.images ?? null),
  );

  /**
   * The run's predictions after each epoch, where its validation images are looked at: those of the test set, once it is
   * open, of a run that was validated on it.
   */
  readonly past: PastPredictions | null = $derived.by(() => {
    const { past } = timeMachine;
    const { subject } = this;
    const present = this.#present;
    if (past === null || present === null || subject === null) return null;
    if (subject.model.kind !== 'run' || subject.model.runId !== past.runId) return null;
    const isValidation = isValidatedOnTest(subject)
      ? this.split === 'test' && this.datasetId === subject.datasetId
      : this.split === 'validation';
    if (!isValidation || past.imageIndices.length !== present.imageIndices.length) return null;
    return past.imageIndices.every((image, place) => image === present.imageIndices[place]) ? past : null;
  });

  /** The place among the epochs of `past` that is looked at; null where the weights that are kept are. */
  readonly pastPlace: number | null = $derived(this.past === null ? null : timeMachine.place);

  /** What is looked at: the model as it is, or its run after an earlier epoch. */
  readonly images: EvaluatedImages | null = $derived(
    this.past !== null && this.pastPlace !== null && this.#present !== null
      ? pastImagesOf(this.past, this.pastPlace, this.#present)
      : this.#present,
  );

  constructor() {
    // What failed because the connection was lost may succeed now.
    app.onConnected(() => {
      for (const [key, result] of this.#results) if (result.failure !== null) this.#results.delete(key);
    });
  }

  chooseModel(model: ModelReference): void {
    selection.model = model;
  }

  chooseDataset(datasetId: string): void {
    if (this.subject !== null) this.#chosenDataset = { model: modelKey(this.subject.model), datasetId };
  }

  /** Back to the dataset that the model was trained on. */
  chooseOwnDataset(): void {
    this.#chosenDataset = null;
  }

  chooseSplit(split: EvaluationSplit): void {
    this.#chosenSplit = split;
  }

  /** Evaluates what is looked at, where that was not done; never the test set. For an effect of the screens. */
  evaluateWhatIsShown(): void {
    if (this.subject !== null && this.misfit === null && this.split !== 'test' && !this.#isCurrent) {
      untrack(() => void this.#evaluate());
    }
  }

  /** Loads the past of the run that is looked at. For an effect of the screens. */
  followRun(): void {
    const { subject } = this;
    const model = subject?.model;
    const run = model?.kind === 'run' ? (runs.list ?? []).find(({ id }) => id === model.runId) : undefined;
    const epochs = run?.outcome.epochs ?? 0;
    const resumes = run?.resumes.length ?? 0;
    untrack(() => timeMachine.follow(run?.id ?? null, epochs, resumes));
  }

  /** Evaluates on the test set: the look is counted. */
  lookAtTestSet(): void {
    if (this.isTestClosed) void this.#evaluate();
  }

  /** Tries again what failed. */
  retry(): void {
    if (this.failure !== null) void this.#evaluate();
  }

  /** What another model says of the same part of the same dataset; null where that is not known. */
  imagesOfOther(other: EvaluationSubject): EvaluatedImages | null {
    const result = this.#results.get(this.#keyOf(other));
    return result?.weightsVersion === other.weightsVersion ? result.images : null;
  }

  failureOfOther(other: EvaluationSubject): unknown {
    return this.#results.get(this.#keyOf(other))?.failure ?? null;
  }

  /** Evaluates another model on what is looked at, where that is not under way; on test images the look is counted. */
  evaluateOther(other: EvaluationSubject): void {
    untrack(() => {
      if (this.#results.get(this.#keyOf(other))?.isLoading !== true) void this.#evaluate(other);
    });
  }

  #keyOf(subject: EvaluationSubject): string {
    return `${modelKey(subject.model)} ${this.datasetId} ${this.split}`;
  }

  async #evaluate(subject = this.subject): Promise<void> {
    const { datasetId, split } = this;
    if (subject === null || datasetId === null) return;
    const key = this.#keyOf(subject);
    const { weightsVersion } = subject;
    const known = this.#results.get(key)?.images ?? null;
    this.#keep(key, { weightsVersion, images: known, isLoading: true, failure: null });
    try {
      const evaluation = await app.client.call('model.evaluate', { model: subject.model, datasetId, split });
      this.#arrived(key, {
        weightsVersion,
        images: evaluatedImagesOf(evaluation),
        isLoading: false,
        failure: null,
      });
    } catch (error) {
      this.#arrived(key, { weightsVersion, images: null, isLoading: false, failure: error });
    }
  }

  /** An answer about weights that have changed since is of no use. */
  #arrived(key: string, result: Result): void {
    if (this.#results.get(key)?.weightsVersion === result.weightsVersion) this.#keep(key, result);
  }

  #keep(key: string, result: Result): void {
    this.#results.delete(key);
    this.#results.set(key, result);
    for (const oldest of this.#results.keys()) {
      if (this.#results.size <= resultsKept) break;
      this.#results.delete(oldest);
    }
  }
}

export const evaluation = new EvaluationState();
