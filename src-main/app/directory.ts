// Whether this Weft owns its data directory or only reads it, and how one that reads becomes the owner.
import { hostname } from 'node:os';
import { WeftError } from '../../src-shared/failure.ts';
import { describeOwner, type DirectoryAccess, type Owner } from '../../src-shared/schemas/directory.ts';
import { makeFolder } from '../files/makeFolder.ts';
import { readOwner, takeOwnership, type Ownership } from '../files/ownership.ts';

/** How often a Weft that only reads looks whether the owner is still there. */
const lookEveryMs = 1000;

/** The code of the error that a second Weft on a data directory gets. */
export const directoryHeldCode = 'directory.held';

export interface DirectoryOptions {
  dataDirectory: string;
  host: Owner['host'];
  /** Where the browser host is; null for other hosts. */
  address: string | null;
  /** Look only: take nothing, write nothing. */
  isReadOnly: boolean;
  onChange: (access: DirectoryAccess) => void;
}

export class Directory {
  readonly #options: DirectoryOptions;
  #ownership: Ownership | undefined;
  /** Another Weft that owns the directory, as far as this one has seen. */
  #owner: Owner | undefined;
  #watch: NodeJS.Timeout | undefined;

  private constructor(options: DirectoryOptions) {
    this.#options = options;
  }

  /** Throws `directory.held` when another Weft owns it and this one is to, and `files.…` errors. */
  static async open(options: DirectoryOptions): Promise<Directory> {
    const directory = new Directory(options);
    if (options.isReadOnly) await directory.#startWatching();
    else await directory.#take();
    return directory;
  }

  get isReadOnly(): boolean {
    return this.#ownership === undefined;
  }

  describe(): DirectoryAccess {
    return { isReadOnly: this.isReadOnly, owner: this.#owner ?? null };
  }

  /** Why nothing can be changed here; undefined for the owner. */
  refusal(): WeftError | undefined {
    if (!this.isReadOnly) return undefined;
    const { dataDirectory } = this.#options;
    return this.#owner === undefined
      ? new WeftError(
          'directory.read-only',
          `This Weft only reads "${dataDirectory}".`,
          'Take the data directory over, or start Weft without --read-only.',
        )
      : new WeftError(
          'directory.read-only',
          `This Weft only reads "${dataDirectory}", which ${describeOwner(this.#owner, hostname())} uses.`,
          'Make the change there, or end it and take the data directory over here.',
        );
  }

  /** Makes this Weft the owner. Throws `directory.held` while another one is. */
  async takeOver(): Promise<void> {
    if (!this.isReadOnly) return;
    await this.#take();
    clearInterval(this.#watch);
    this.#owner = undefined;
  }

  async close(): Promise<void> {
    clearInterval(this.#watch);
    await this.#ownership?.release();
  }

  async #take(): Promise<void> {
    const { dataDirectory, host, address } = this.#options;
    makeFolder(dataDirectory);
    const taken = await takeOwnership(dataDirectory, { host, address });
    if ('owner' in taken) {
      this.#owner = taken.owner;
      throw new WeftError(
        directoryHeldCode,
        `The data directory "${dataDirectory}" is in use by ${describeOwner(taken.owner, hostname())}.`,
        host === 'cli'
          ? 'Do it there, or end it first.'
          : 'Go on there, or end it first; started with --read-only, Weft opens to look without changing anything.',
      );
    }
    this.#ownership = taken.ownership;
  }

  async #startWatching(): Promise<void> {
    const { dataDirectory, onChange } = this.#options;
    let isLooking = false;
    const look = async (): Promise<void> => {
      if (isLooking) return;
      isLooking = true;
      try {
        const owner = await readOwner(dataDirectory);
        const hasChanged = owner?.since !== this.#owner?.since || owner?.processId !== this.#owner?.processId;
        if (!this.isReadOnly || !hasChanged) return;
        this.#owner = owner;
        onChange(this.describe());
      } catch {
        // It can't be told now; the next look may tell.
      } finally {
        isLooking = false;
      }
    };
    await look();
    this.#watch = setInterval(() => void look(), lookEveryMs);
    this.#watch.unref();
  }
}
