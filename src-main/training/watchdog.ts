import type { ErrorData } from '../../src-shared/failure.ts';

/** How often it looks. */
const lookIntervalMs = 500;

/** What is said of a training process that is silent. */
export const notResponding: ErrorData = {
  code: 'training.not-responding',
  message: 'The training process is not responding.',
  remedy: 'It goes on by itself when it answers again; what was trained up to its last checkpoint is safe.',
};

/** Tells when somebody who should speak all the time has said nothing for a while, and when there is word again. */
export class Watchdog {
  readonly #silenceMs: number;
  readonly #onChange: (isSilent: boolean) => void;
  readonly #timer: NodeJS.Timeout;
  #heardMs = performance.now();
  #lookedMs = performance.now();
  #isSilent = false;

  constructor(silenceMs: number, onChange: (isSilent: boolean) => void) {
    this.#silenceMs = silenceMs;
    this.#onChange = onChange;
    this.#timer = setInterval(() => this.#look(), lookIntervalMs);
    this.#timer.unref();
  }

  get isSilent(): boolean {
    return this.#isSilent;
  }

  heard(): void {
    this.#heardMs = performance.now();
    this.#tell(false);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    const now = performance.now();
    // Whoever was asleep itself has heard nothing in that time.
    if (now - this.#lookedMs > 4 * lookIntervalMs) this.#heardMs = now;
    this.#lookedMs = now;
    this.#tell(now - this.#heardMs > this.#silenceMs);
  }

  #tell(isSilent: boolean): void {
    if (isSilent === this.#isSilent) return;
    this.#isSilent = isSilent;
    this.#onChange(isSilent);
  }
}
