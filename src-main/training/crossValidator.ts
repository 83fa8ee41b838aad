// Trains the folds of a cross-validation, one run after the other, so that each training image is judged once by a network
// that never saw it. Folds that were trained before are left as they are, and one that was interrupted is gone on with.
import { WeftError } from '../../src-shared/failure.ts';
import { findFoldRuns, withFold, type FoldRuns } from '../../src-shared/foldRuns.ts';
import type { CrossValidation } from '../../src-shared/schemas/crossValidation.ts';
import type { Recipe } from '../../src-shared/schemas/recipe.ts';
import type { RunSummary } from '../../src-shared/schemas/run.ts';
import { RunSeries } from './runSeries.ts';

export interface CrossValidatorOptions {
  /** All runs, the newest first. */
  listRuns: () => Promise<RunSummary[]>;
  /** Begins a run of the recipe; resolves when it has begun. */
  start: (run: { recipe: Recipe; datasetId: string; name: string }) => Promise<RunSummary>;
  /** Goes on with a run that has ended before its time; resolves when it goes on. */
  resume: (runId: string) => Promise<RunSummary>;
  /** Resolves when the run has ended, whichever way. */
  ended: (runId: string) => Promise<RunSummary>;
  stop: (runId: string) => Promise<unknown>;
  onChange: (crossValidation: CrossValidation) => void;
}

type Validated = Pick<CrossValidation, 'datasetId' | 'recipe' | 'folds' | 'missing'>;

export class CrossValidator {
  readonly #options: CrossValidatorOptions;
  readonly #series: RunSeries<Validated>;

  constructor(options: CrossValidatorOptions) {
    const { ended, stop, onChange } = options;
    this.#options = options;
    this.#series = new RunSeries<Validated>({
      ...{ ended, stop, onChange },
      busy: {
        code: 'cross-validation.busy',
        message: 'Another cross-validation is under way; there can be one at a time.',
      },
    });
  }

  /** The one under way, or the last one. */
  get current(): CrossValidation | null {
    return this.#series.current;
  }

  /**
   * Begins the first fold that is missing and resolves then; the others follow by themselves. Throws
   * `cross-validation.busy`, `cross-validation.complete` when none is missing, and what prevented the first.
   */
  async start(wanted: Pick<FoldRuns, 'datasetId' | 'recipe' | 'folds'>): Promise<CrossValidation> {
    const { datasetId, recipe, folds, runs, missing } = findFoldRuns(await this.#options.listRuns(), wanted);
    if (missing.length === 0) {
      throw new WeftError(
        'cross-validation.complete',
        `All ${folds} folds of "${recipe.name}" have been trained on this set.`,
        'Use their runs, or delete one to train it again.',
      );
    }
    return this.#series.start({
      about: { datasetId, recipe, folds, missing: [...missing] },
      count: missing.length,
      begin: (place) => {
        const fold = missing[place] ?? 1;
        const earlier = runs[fold - 1];
        if (earlier?.canResume === true) return this.#options.resume(earlier.id);
        const name = `${recipe.name} · fold ${fold} of ${folds}`.slice(-120);
        return this.#options.start({ recipe: withFold(recipe, folds, fold), datasetId, name });
      },
    });
  }

  /** Ends it: the run under way is stopped and kept, to be gone on with. */
  cancel(): Promise<void> {
    return this.#series.cancel();
  }
}
