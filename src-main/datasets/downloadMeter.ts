// Says how far a download of several files has come: bytes, rate and time left, at most ten times a second.
import type { DownloadProgress } from '../../src-shared/schemas/dataset.ts';

const reportIntervalMs = 100;
/** The rate is that of about the last so many milliseconds. */
const rateWindowMs = 3000;

export class DownloadMeter {
  readonly #datasetId: string;
  readonly #expectedBytes: Map<string, number>;
  readonly #receivedBytes = new Map<string, number>();
  readonly #now: () => number;
  /** Bytes received in this session at moments of the rate window, oldest first. */
  readonly #moments: { atMs: number; bytes: number }[] = [];
  /** Bytes that arrived over the network, those of failed mirrors included. */
  #networkBytes = 0;
  #reportedAtMs = -Infinity;

  /** `expectedBytes` of each file by its name, until the servers say better. */
  constructor(
    datasetId: string,
    expectedBytes: Map<string, number>,
    now: () => number = () => performance.now(),
  ) {
    this.#datasetId = datasetId;
    this.#expectedBytes = expectedBytes;
    this.#now = now;
  }

  /** Notes what has arrived of a file. Returns the progress when it is time to report it. */
  receive(
    fileName: string,
    mirror: string,
    receivedBytes: number,
    totalBytes?: number,
  ): DownloadProgress | undefined {
    const before = this.#receivedBytes.get(fileName) ?? 0;
    // Less than before: another mirror began from the start.
    this.#networkBytes += receivedBytes >= before ? receivedBytes - before : receivedBytes;
    this.#receivedBytes.set(fileName, receivedBytes);
    this.#expectedBytes.set(
      fileName,
      Math.max(totalBytes ?? this.#expectedBytes.get(fileName) ?? 0, receivedBytes),
    );
    const nowMs = this.#now();
    if (nowMs - this.#reportedAtMs < reportIntervalMs) return undefined;
    this.#reportedAtMs = nowMs;
    return this.#progress(fileName, mirror, nowMs);
  }

  /** Notes that a file is there, so that its size is exact from now on. */
  finish(fileName: string): void {
    this.#expectedBytes.set(fileName, this.#receivedBytes.get(fileName) ?? 0);
  }

  #progress(fileName: string, mirror: string, nowMs: number): DownloadProgress {
    this.#moments.push({ atMs: nowMs, bytes: this.#networkBytes });
    while (this.#moments.length > 2 && nowMs - this.#moments[0]!.atMs > rateWindowMs) this.#moments.shift();
    const oldest = this.#moments[0]!;
    const elapsedMs = nowMs - oldest.atMs;
    const bytesPerSecond = elapsedMs > 0 ? ((this.#networkBytes - oldest.bytes) / elapsedMs) * 1000 : 0;
    const sum = (values: Iterable<number>): number => [...values].reduce((total, value) => total + value, 0);
    const receivedBytes = sum(this.#receivedBytes.values());
    const totalBytes = sum(this.#expectedBytes.values());
    return {
      datasetId: this.#datasetId,
      fileName,
      mirror,
      receivedBytes,
      totalBytes,
      bytesPerSecond,
      secondsLeft: bytesPerSecond > 0 ? (totalBytes - receivedBytes) / bytesPerSecond : null,
    };
  }
}
