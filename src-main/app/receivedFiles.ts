// Files that a page sends for an import: their bytes one after the other, cut into parts without regard to where a file
// ends, so that ten thousand small ones need few messages.
import { mkdir, open, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { WeftError } from '../../src-shared/failure.ts';
import type { ImportSource } from '../../src-shared/schemas/datasetImport.ts';
import { toFileError } from '../files/fileError.ts';

export type AnnouncedFile = Extract<ImportSource, { kind: 'files' }>['files'][number];

export class ReceivedFiles {
  readonly #files: readonly AnnouncedFile[];
  readonly #folder: string;
  readonly #folders = new Set<string>();
  /** The file that the next byte belongs to, and how much of it is here. */
  #index = 0;
  #filledBytes = 0;
  #handle: FileHandle | undefined;

  /** The files are put below the folder under their relative paths. Throws `import.wrong-files` for a path named twice. */
  constructor(files: readonly AnnouncedFile[], folder: string) {
    this.#files = files;
    this.#folder = folder;
    // A disk that knows no capital letters would put one over the other.
    const paths = new Set(files.map(({ path }) => path.toLowerCase()));
    if (paths.size === files.length) return;
    throw new WeftError(
      'import.wrong-files',
      'Two of the files to import have the same path, or paths that differ in capital letters only.',
      'Rename one of them.',
    );
  }

  /** Whether every byte is here. */
  get isComplete(): boolean {
    return this.#index >= this.#files.length;
  }

  /** Throws `import.wrong-size` for more than was announced, and `files.…` errors. */
  async append(bytes: Uint8Array): Promise<void> {
    for (let offset = 0; offset < bytes.byteLength;) {
      const file = this.#files[this.#index];
      if (file === undefined) {
        throw new WeftError(
          'import.wrong-size',
          'The files to import hold more than was announced: one has changed meanwhile.',
          'Choose them again.',
        );
      }
      const part = bytes.subarray(offset, offset + file.sizeBytes - this.#filledBytes);
      await this.#write(file, part);
      offset += part.byteLength;
    }
    await this.finishEmptyFiles();
  }

  /** Makes the files without bytes that come next: nothing is sent for them. */
  async finishEmptyFiles(): Promise<void> {
    for (let file = this.#files[this.#index]; file?.sizeBytes === 0; file = this.#files[this.#index]) {
      await this.#write(file, new Uint8Array(0));
    }
  }

  async close(): Promise<void> {
    await this.#handle?.close().catch(() => undefined);
    this.#handle = undefined;
  }

  async #write(file: AnnouncedFile, part: Uint8Array): Promise<void> {
    const path = join(this.#folder, ...file.path.split('/'));
    try {
      this.#handle ??= await this.#open(path);
      await this.#handle.appendFile(part);
    } catch (error) {
      throw toFileError(error, path, 'write');
    }
    this.#filledBytes += part.byteLength;
    if (this.#filledBytes < file.sizeBytes) return;
    await this.close();
    this.#index += 1;
    this.#filledBytes = 0;
  }

  async #open(path: string): Promise<FileHandle> {
    const folder = dirname(path);
    if (!this.#folders.has(folder)) {
      await mkdir(folder, { recursive: true });
      this.#folders.add(folder);
    }
    return open(path, 'wx');
  }
}
