// The one who writes a run's history, predictions, checkpoints and model: in the order in which they happened, while
// training goes on. A checkpoint is written after all that it counts on. What fails is tried again, and nothing is lost
// meanwhile: whoever trains asks for `failure` and waits.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { WeftError } from '../../src-shared/failure.ts';
import { toFileError } from '../files/fileError.ts';
import { writeFileSafely } from '../files/safeWrite.ts';
import { encodeCheckpoint, type Checkpoint } from './checkpoint.ts';
import { syncFile, writeAt } from './growingFile.ts';
import { encodeHistory, type HistoryEntry } from './historyFile.ts';
import { checkpointFile, listCheckpoints, runFiles } from './runFiles.ts';

/** How long after a failure the same is tried again. */
const retryMs = 5000;
/** The newest ones that are kept beside the best. */
const keptCheckpoints = 2;

/** How long the files are that grow. */
export interface RunLengths {
  historyBytes: number;
  predictionsBytes: number;
}

interface Task {
  /** A later one of the same kind takes its place while it waits; those without are all done. */
  replaces?: 'newest' | 'best' | 'model';
  work: () => Promise<void>;
  done?: () => void;
}

export interface RunWriterOptions {
  folder: string;
  /** Where the files end now. */
  lengths: RunLengths;
  /** Called when something could not be written, and when it could after all. */
  onChange: () => void;
  retryAfterMs?: number;
}

export class RunWriter {
  readonly #folder: string;
  readonly #onChange: () => void;
  readonly #retryAfterMs: number;
  readonly #lengths: RunLengths;
  readonly #tasks: Task[] = [];
  #isWriting = false;
  #failure: WeftError | undefined;
  /** Something that is no fault of the disk. */
  #fault: Error | undefined;
  #timer: NodeJS.Timeout | undefined;
  #whenIdle: (() => void)[] = [];
  #bestStep: number | undefined;
  /** Milliseconds that training waited for while bytes were made ready. */
  #costMs = 0;

  constructor({ folder, lengths, onChange, retryAfterMs = retryMs }: RunWriterOptions) {
    this.#folder = folder;
    this.#lengths = { ...lengths };
    this.#onChange = onChange;
    this.#retryAfterMs = retryAfterMs;
  }

  /** What can't be written at present; it is tried again by and by. Throws what is no fault of the disk. */
  get failure(): WeftError | undefined {
    if (this.#fault !== undefined) throw this.#fault;
    return this.#failure;
  }

  /** How long the files that grow are when all that was added is written. */
  get lengths(): RunLengths {
    return { ...this.#lengths };
  }

  /** The time on the thread of training that preparing bytes has taken so far, in milliseconds. */
  get costMs(): number {
    return this.#costMs;
  }

  /** Adds what happened to history.ndjson. */
  addHistory(entries: readonly HistoryEntry[]): void {
    if (entries.length === 0) return;
    const bytes = new TextEncoder().encode(encodeHistory(entries));
    const position = this.#lengths.historyBytes;
    this.#lengths.historyBytes += bytes.byteLength;
    this.#add({ work: () => writeAt(this.#path(runFiles.history), position, bytes) });
  }

  /** Adds bytes to predictions.bin. */
  addPredictions(bytes: Uint8Array): void {
    const position = this.#lengths.predictionsBytes;
    this.#lengths.predictionsBytes += bytes.byteLength;
    this.#add({ work: () => writeAt(this.#path(runFiles.predictions), position, bytes) });
  }

  /**
   * Writes the checkpoint, then removes those that are neither among the newest two nor the best. While one waits to be
   * written, a newer one takes its place; the best one is written in any case. `done` is called when it is on the disk.
   */
  addCheckpoint(checkpoint: Checkpoint, done?: () => void): void {
    const { step } = checkpoint.trainer.position;
    const isBest = checkpoint.best?.step === step;
    this.#add({
      replaces: isBest ? 'best' : 'newest',
      ...(done === undefined ? {} : { done }),
      work: async () => {
        for (const name of [runFiles.history, runFiles.predictions]) await syncFile(this.#path(name));
        const startMs = performance.now();
        const encoding = encodeCheckpoint(checkpoint);
        this.#costMs += performance.now() - startMs;
        await writeFileSafely(this.#path(checkpointFile(step)), await encoding);
        this.#bestStep = checkpoint.best?.step;
        await this.#removeOldCheckpoints(step);
      },
    });
  }

  /** Writes the model that the run would keep if it ended now. `done` is called when it is on the disk. */
  addModel(bytes: Uint8Array, done: () => void): void {
    this.#add({ replaces: 'model', work: () => writeFileSafely(this.#path(runFiles.model), bytes), done });
  }

  /** Tries at once what failed. */
  retry(): void {
    clearTimeout(this.#timer);
    if (!this.#isWriting) void this.#write();
  }

  /** Resolves when all is on the disk. Tries once what has failed; throws the failure when it still can't be written. */
  async flush(): Promise<void> {
    this.retry();
    if (this.#isWriting) await new Promise<void>((resolve) => this.#whenIdle.push(resolve));
    const { failure } = this;
    if (failure !== undefined) throw failure;
  }

  /** Writes nothing more. */
  close(): void {
    clearTimeout(this.#timer);
    this.#tasks.length = 0;
  }

  #path(name: string): string {
    return join(this.#folder, name);
  }

  #add(task: Task): void {
    // The first may be under way. One that is best as well is the newest, too.
    const waiting = this.#isWriting ? 1 : 0;
    for (let index = this.#tasks.length - 1; index >= waiting; index -= 1) {
      const { replaces } = this.#tasks[index]!;
      const isReplaced =
        replaces !== undefined &&
        (replaces === task.replaces || (task.replaces === 'best' && replaces === 'newest'));
      if (isReplaced) this.#tasks.splice(index, 1);
    }
    this.#tasks.push(task);
    if (!this.#isWriting && this.#failure === undefined) void this.#write();
  }

  async #write(): Promise<void> {
    this.#isWriting = true;
    const failureBefore = this.#failure;
    try {
      for (let task = this.#tasks[0]; task !== undefined; task = this.#tasks[0]) {
        await task.work();
        this.#tasks.shift();
        task.done?.();
      }
      this.#failure = undefined;
    } catch (error) {
      if (error instanceof WeftError && error.code.startsWith('files.')) this.#failure = error;
      else this.#fault = error instanceof Error ? error : new Error(String(error));
      this.#timer = setTimeout(() => this.retry(), this.#retryAfterMs);
    }
    this.#isWriting = false;
    for (const resolve of this.#whenIdle.splice(0)) resolve();
    if (this.#failure !== failureBefore || this.#fault !== undefined) this.#onChange();
  }

  /** Those after `newest` are of a time that was trained again, or damaged. */
  async #removeOldCheckpoints(newest: number): Promise<void> {
    const steps = await listCheckpoints(this.#folder);
    const kept = steps.filter((step) => step <= newest).slice(0, keptCheckpoints);
    for (const step of steps) {
      if (kept.includes(step) || step === this.#bestStep) continue;
      const path = this.#path(checkpointFile(step));
      await rm(path, { force: true }).catch((error: unknown) => {
        throw toFileError(error, path, 'remove');
      });
    }
  }
}
