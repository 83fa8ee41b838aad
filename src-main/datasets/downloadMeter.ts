// Says how far a download of several files has come: bytes, rate and time left, at most ten times a second.
import type { DownloadProgress } from '../../src-shared/schemas/dataset.ts';

const reportIntervalMs = 100;
/** The rate is that of about the last so many milliseconds. */
const rateWindowMs = 3000;

export class DownloadMeter {
  readonly #datasetId: string;
  readonly #expectedBytes: Map<string, number>;
  readonly #receivedBytes = new Map<string, number>();
  /** Of each file, what an earlier download had left. */
  readonly #resumedBytes = new Map<string, number>();
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

  /** Notes that an earlier download has left the whole file. */
  have(fileName: string): void {
    const bytes = this.#expectedBytes.get(fileName) ?? 0;
    this.#receivedBytes.set(fileName, bytes);
    this.#resumedBytes.set(fileName, bytes);
  }

  /** Notes from where on a mirror sends a file; how much it is altogether, where the mirror has said. */
  begin(fileName: string, mirror: string, atBytes: number, totalBytes?: number): DownloadProgress {
    const isFirst = !this.#receivedBytes.has(fileName);
    if (isFirst || atBytes === 0) this.#resumedBytes.set(fileName, atBytes);
    this.#receivedBytes.set(fileName, atBytes);
    if (totalBytes === undefined) this.#expect(fileName, atBytes);
    else this.#expectedBytes.set(fileName, totalBytes);
    return this.#report(fileName, mirror);
  }

  /** Notes what has arrived of a file. Returns the progress when it is time to report it. */
  receive(fileName: string, mirror: string, receivedBytes: number): DownloadProgress | undefined {
    this.#networkBytes += receivedBytes - (this.#receivedBytes.get(fileName) ?? 0);
    this.#receivedBytes.set(fileName, receivedBytes);
    this.#expect(fileName, receivedBytes);
    return this.#now() - this.#reportedAtMs < reportIntervalMs ? undefined : this.#report(fileName, mirror);
  }

  /** Notes that a file is there, so that its size is exact from now on. */
  finish(fileName: string): void {
    this.#expectedBytes.set(fileName, this.#receivedBytes.get(fileName) ?? 0);
  }

  #expect(fileName: string, leastBytes: number): void {
    this.#expectedBytes.set(fileName, Math.max(this.#expectedBytes.get(fileName) ?? 0, leastBytes));
  }

  #report(fileName: string, mirror: string): DownloadProgress {
    this.#reportedAtMs = this.#now();
    return this.#progress(fileName, mirror, this.#reportedAtMs);
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
      resumedBytes: sum(this.#resumedBytes.values()),
      bytesPerSecond,
      secondsLeft: bytesPerSecond > 0 ? (totalBytes - receivedBytes) / bytesPerSecond : null,
    };
  }
}
