// What has arrived of a file that is being downloaded, and where it came from, so that the next attempt goes on there.
import { open, readFile, rm, stat, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import * as v from 'valibot';
import { toFileError } from '../files/fileError.ts';
import { makeFolder } from '../files/makeFolder.ts';
import { writeFileSafely } from '../files/safeWrite.ts';

const stateSchema = v.strictObject({
  url: v.string(),
  /** The ETag or, without a strong one, the date of what the server gave: it answers If-Range with more of the same. */
  validator: v.nullable(v.string()),
  totalBytes: v.nullable(v.number()),
});
export type PartState = v.InferOutput<typeof stateSchema>;

export interface KeptPart extends PartState {
  receivedBytes: number;
}

export class PartFile {
  readonly path: string;
  readonly #statePath: string;

  /** `path` ends with `.part`; beside it lies its state, `.part.json`. */
  constructor(path: string) {
    this.path = path;
    this.#statePath = `${path}.json`;
  }

  /** What an earlier attempt left; undefined when there is nothing, or nothing is known of it. */
  async kept(): Promise<KeptPart | undefined> {
    try {
      const state = v.parse(stateSchema, JSON.parse(await readFile(this.#statePath, 'utf8')));
      return { ...state, receivedBytes: (await stat(this.path)).size };
    } catch {
      return undefined;
    }
  }

  /** An empty part of what this state says. Throws `files.…`. */
  async begin(state: PartState): Promise<PartWriter> {
    // In this order: a state never stands beside the bytes of another answer, whenever the process ends.
    await this.discard();
    makeFolder(dirname(this.path));
    await writeFileSafely(this.#statePath, JSON.stringify(state));
    return this.#open('w', 0);
  }

  /** The part as it was kept, to go on with. Throws `files.…`. */
  resume({ receivedBytes }: KeptPart): Promise<PartWriter> {
    return this.#open('r+', receivedBytes);
  }

  /** Notes that all has arrived. Throws `files.…`. */
  async complete(state: PartState, totalBytes: number): Promise<void> {
    if (state.totalBytes !== totalBytes) {
      await writeFileSafely(this.#statePath, JSON.stringify({ ...state, totalBytes }));
    }
  }

  async discard(): Promise<void> {
    await rm(this.path, { force: true });
    await rm(this.#statePath, { force: true });
  }

  async #open(flags: 'w' | 'r+', position: number): Promise<PartWriter> {
    try {
      return new PartWriter(await open(this.path, flags), this.path, position);
    } catch (error) {
      throw toFileError(error, this.path, 'write');
    }
  }
}

export class PartWriter {
  readonly #handle: FileHandle;
  readonly #path: string;
  #position: number;

  constructor(handle: FileHandle, path: string, position: number) {
    this.#handle = handle;
    this.#path = path;
    this.#position = position;
  }

  get receivedBytes(): number {
    return this.#position;
  }

  /** Throws `files.…`. */
  async append(chunk: Uint8Array): Promise<void> {
    try {
      for (let written = 0; written < chunk.byteLength;) {
        const length = chunk.byteLength - written;
        const { bytesWritten } = await this.#handle.write(chunk, written, length, this.#position);
        written += bytesWritten;
        this.#position += bytesWritten;
      }
    } catch (error) {
      throw toFileError(error, this.#path, 'write');
    }
  }

  close(): Promise<void> {
    return this.#handle.close();
  }
}
