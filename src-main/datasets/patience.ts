// Decides when a mirror has been waited for long enough: after a silence, and when it only lets bytes drip.
import { clearInterval, clearTimeout, setInterval, setTimeout } from 'node:timers';
import { WeftError } from '../../src-shared/failure.ts';

/** A mirror that sends less than this in so many idle time-outs would take hours for the smallest set. */
const drip = { bytes: 4096, idleTimeouts: 4 };

const seconds = (milliseconds: number): string => `${milliseconds / 1000} s`;

export class Patience {
  readonly #idle: ReturnType<typeof setTimeout>;
  readonly #dripping: ReturnType<typeof setInterval>;
  #bytesInWindow = 0;

  /** `giveUp` is called with `download.silent` or `download.dripping`. */
  constructor(idleTimeoutMs: number, giveUp: (reason: WeftError) => void) {
    this.#idle = setTimeout(
      () => giveUp(new WeftError('download.silent', `sent nothing for ${seconds(idleTimeoutMs)}`)),
      idleTimeoutMs,
    );
    const windowMs = idleTimeoutMs * drip.idleTimeouts;
    this.#dripping = setInterval(() => {
      if (this.#bytesInWindow < drip.bytes) {
        giveUp(
          new WeftError(
            'download.dripping',
            `sent only ${this.#bytesInWindow} bytes in ${seconds(windowMs)}`,
          ),
        );
      }
      this.#bytesInWindow = 0;
    }, windowMs);
  }

  /** The mirror has said something. */
  hear(bytes: number): void {
    this.#idle.refresh();
    this.#bytesInWindow += bytes;
  }

  end(): void {
    clearTimeout(this.#idle);
    clearInterval(this.#dripping);
  }
}
