// Back through the training of the run that Evaluate and Errors look at: what it said of its validation images after
// each epoch, from the run's prediction log.
import { flipCounts, forgettingCounts } from '../../src-shared/metrics/forgetting.ts';
import { predictedClasses } from '../../src-shared/metrics/predictions.ts';
import { uint32Of } from '../../src-shared/schemas/bytes.ts';
import { app } from './app.svelte.ts';
import { reuseEpochs, thinEpochs, type PastPredictions } from './pastPredictions.ts';

/** What an answer may weigh, and what the page keeps; of longer runs every n-th epoch is taken. */
const answerLimitBytes = 8 * 1024 * 1024;
const keptLimitBytes = 192 * 1024 * 1024;
/** How long an epoch stays while the run is played. */
const playIntervalMs = 250;

/** The run's past; epochs that `known` has are taken from there, so that a run under way costs only what is new. */
async function fetchPast(runId: string, known: PastPredictions | null): Promise<PastPredictions> {
  const head = await app.client.call('run.predictions', { runId, epochs: [] });
  const { labels, classCount } = head;
  const bytesOfEpoch = labels.length * classCount;
  const epochs = thinEpochs(head.epochs, bytesOfEpoch, keptLimitBytes);
  const probabilities = new Uint8Array(epochs.length * bytesOfEpoch);
  const predicted = new Uint8Array(epochs.length * labels.length);
  const lacking = reuseEpochs({ epochs, probabilities, predicted }, known, labels.length, classCount);
  const atOnce = Math.max(1, Math.floor(answerLimitBytes / Math.max(1, bytesOfEpoch)));
  for (let first = 0; first < lacking.length; first += atOnce) {
    const places = lacking.slice(first, first + atOnce);
    const asked = places.map((place) => epochs[place] ?? 0);
    const part = await app.client.call('run.predictions', { runId, epochs: asked });
    for (const [at, place] of places.entries()) {
      const ofEpoch = part.probabilities.subarray(at * bytesOfEpoch, (at + 1) * bytesOfEpoch);
      probabilities.set(ofEpoch, place * bytesOfEpoch);
      predicted.set(predictedClasses(ofEpoch, classCount), place * labels.length);
    }
  }
  return {
    runId,
    epochs,
    imageSplit: head.imageSplit,
    imageIndices: uint32Of(head.imageIndices),
    labels,
    classCount,
    probabilities,
    predicted,
    forgettings: forgettingCounts(predicted, labels),
    flips: flipCounts(predicted, labels.length),
  };
}

class TimeMachine {
  /** Null until it is loaded, or where the run has no log. */
  past = $state.raw<PastPredictions | null>(null);
  /** The place of the epoch looked at in `past.epochs`; null looks at the weights that are kept. */
  place = $state<number | null>(null);
  isPlaying = $state(false);
  /** What `past` is of, or will be. */
  #key = '';
  #resumes = 0;
  #timer: ReturnType<typeof setInterval> | undefined;

  /**
   * Loads the run's log, once for each number of epochs that it has. Null is no run. A run that was gone on with, which
   * `resumes` counts, may have done epochs anew.
   */
  follow(runId: string | null, epochs: number, resumes: number): void {
    const key = runId === null ? '' : `${runId} ${resumes} ${epochs}`;
    if (key === this.#key) return;
    const isOther = runId !== this.past?.runId;
    const known = isOther || resumes !== this.#resumes ? null : this.past;
    this.#key = key;
    this.#resumes = resumes;
    if (isOther) {
      this.stop();
      this.past = null;
      this.place = null;
    }
    if (runId === null || epochs === 0) return;
    // A run without a readable log has no past to go to: nothing to say about it.
    fetchPast(runId, known).then(
      (past) => {
        if (this.#key === key) this.past = past;
      },
      () => undefined,
    );
  }

  /** Goes through the epochs from the one looked at, or from the first. */
  play(): void {
    const { past } = this;
    if (past === null) return;
    if (this.place === null || this.place === past.epochs.length - 1) this.place = 0;
    this.isPlaying = true;
    clearInterval(this.#timer);
    this.#timer = setInterval(() => {
      const last = (this.past?.epochs.length ?? 0) - 1;
      if (this.place === null || this.place >= last) this.stop();
      else this.place += 1;
    }, playIntervalMs);
  }

  /** Goes to an epoch, by its place in `past.epochs`. */
  lookAt(place: number): void {
    this.stop();
    this.place = place;
  }

  stop(): void {
    clearInterval(this.#timer);
    this.isPlaying = false;
  }

  /** Back to the weights that are kept. */
  leave(): void {
    this.stop();
    this.place = null;
  }
}

export const timeMachine = new TimeMachine();
