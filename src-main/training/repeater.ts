// Trains a recipe again with other seeds, one run after the other.
import type { Recipe } from '../../src-shared/schemas/recipe.ts';
import type { Repetition } from '../../src-shared/schemas/repetition.ts';
import type { RunSummary } from '../../src-shared/schemas/run.ts';
import type { Corrections } from '../files/corrections.ts';
import { RunSeries } from './runSeries.ts';

export interface RepetitionRequest {
  /** The run whose recipe it is. */
  runId: string;
  recipe: Recipe;
  datasetId: string;
  /** Those that it was trained with. */
  corrections: Corrections | null;
  /** Of that run. */
  name: string;
  seeds: readonly number[];
}

export interface RepeaterOptions {
  /** Begins a run of the recipe, without corrections where none are given; resolves when it has begun. */
  start: (
    run: Pick<RepetitionRequest, 'recipe' | 'datasetId' | 'name'> &
      Partial<Pick<RepetitionRequest, 'corrections'>>,
  ) => Promise<RunSummary>;
  /** Resolves when the run has ended, whichever way. */
  ended: (runId: string) => Promise<RunSummary>;
  stop: (runId: string) => Promise<unknown>;
  onChange: (repetition: Repetition) => void;
}

type Repeated = Pick<Repetition, 'runId' | 'seeds'>;

export class Repeater {
  readonly #start: RepeaterOptions['start'];
  readonly #series: RunSeries<Repeated>;

  constructor({ start, ...options }: RepeaterOptions) {
    this.#start = start;
    this.#series = new RunSeries<Repeated>({
      ...options,
      busy: {
        code: 'repeat.busy',
        message: 'Another recipe is being repeated; there can be one at a time.',
      },
    });
  }

  /** The repetition under way, or the last one. */
  get current(): Repetition | null {
    return this.#series.current;
  }

  /** Begins the first run and resolves then; the others follow by themselves. Throws `repeat.busy` and what prevented the first. */
  start({ runId, seeds, recipe, datasetId, corrections, name }: RepetitionRequest): Promise<Repetition> {
    return this.#series.start({
      about: { runId, seeds: [...seeds] },
      count: seeds.length,
      begin: (place) => {
        const seed = seeds[place] ?? recipe.seed;
        const repeated = { recipe: { ...recipe, seed }, datasetId, corrections };
        return this.#start({ ...repeated, name: `${name} · seed ${seed}` });
      },
    });
  }

  /** Ends it: the run under way is stopped and kept. */
  cancel(): Promise<void> {
    return this.#series.cancel();
  }
}
