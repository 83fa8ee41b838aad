// Imports under way: where their files are, what was read of them, and how they end. Nothing of one is a dataset before
// it is kept.
import { randomBytes } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { WeftError } from '../../src-shared/failure.ts';
import type {
  ImportOptions,
  ImportPreview,
  ImportProgress,
  ImportSource,
} from '../../src-shared/schemas/datasetImport.ts';
import { datasetRecords } from '../datasets/catalogue.ts';
import { checkClassNames, keepAsKnown, keepSet } from '../datasets/importing/keepSet.ts';
import type { StagedImport } from '../datasets/importing/stagedImport.ts';
import { datasetsFolder } from '../files/dataDirectory.ts';
import { makeImportFolder } from '../files/importFolder.ts';
import { toIdentifier } from '../runs/identifier.ts';
import type { TrainingChannel } from '../training/channel.ts';
import { readInProcess } from '../training/importReader.ts';
import { ReceivedFiles } from './receivedFiles.ts';

/** An import that nobody goes on with is ended after this. */
const idleMs = 30 * 60_000;

interface Import {
  source: ImportSource;
  /** Holds everything of it, and is removed with it. */
  folder: string;
  received: ReceivedFiles | null;
  reading: AbortController | null;
  staged: { folder: string; content: StagedImport } | null;
  idleTimer: NodeJS.Timeout;
  /** The last part that was appended, done or failed: parts follow one another. */
  last: Promise<unknown>;
}

export interface ImportsOptions {
  dataDirectory: string;
  spawnTraining: () => TrainingChannel;
  /** Ids that no imported set can have. */
  reservedIds: ReadonlySet<string>;
  onProgress: (progress: ImportProgress) => void;
}

/** What the person decided of a set that was previewed. */
export interface Keeping {
  name: string;
  classes: readonly string[];
  licence: string;
  asKnown: boolean;
}

const cancelled = (): WeftError => new WeftError('import.cancelled', 'The import was cancelled.');

/** What lies uppermost of the files: their folders and, for those without one, themselves. */
const topNames = (files: readonly { path: string }[]): string[] => [
  ...new Set(files.map(({ path }) => path.split('/')[0] ?? path)),
];

/** The folder that all the files lie in, or the file: what a person would call them. */
function nameOfFiles(files: readonly { path: string }[]): string {
  const [first = '', ...rest] = topNames(files);
  return rest.length === 0 ? first : `${first} and ${rest.length} more`;
}

/** Where to read files that were sent: the one folder or file that was chosen, else where they were put. */
function placeOfFiles(files: readonly { path: string }[], sentFolder: string): string {
  const [first = '', ...rest] = topNames(files);
  return rest.length === 0 ? join(sentFolder, first) : sentFolder;
}

export class Imports {
  readonly #options: ImportsOptions;
  readonly #imports = new Map<string, Import>();

  constructor(options: ImportsOptions) {
    this.#options = options;
  }

  /** Returns the import's id. Throws `import.relative-path`, `import.wrong-files` and `files.…` errors. */
  async begin(source: ImportSource): Promise<string> {
    if (source.kind === 'path') {
      const relative = [source.path, source.testPath].find((path) => path !== null && !isAbsolute(path));
      if (relative !== undefined) {
        throw new WeftError(
          'import.relative-path',
          `"${relative}" is not a whole path: it should begin at the root of the disk.`,
          'Give the whole path, such as /home/me/images.',
        );
      }
    }
    const folder = await makeImportFolder(datasetsFolder(this.#options.dataDirectory));
    try {
      const sent = join(folder, 'sent');
      const received = source.kind === 'files' ? new ReceivedFiles(source.files, sent) : null;
      if (received !== null) await mkdir(sent);
      await received?.finishEmptyFiles();
      const importId = randomBytes(16).toString('hex');
      this.#imports.set(importId, {
        ...{ source, folder, received, reading: null, staged: null },
        idleTimer: this.#watch(importId),
        last: Promise.resolve(),
      });
      return importId;
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      throw error;
    }
  }

  /** Throws `import.over`, `import.wrong-size` and `files.…` errors; the import has then ended. */
  async append(importId: string, bytes: Uint8Array): Promise<void> {
    const one = this.#find(importId);
    const appended = one.last.then(async () => {
      if (one.received === null) throw over();
      await one.received.append(bytes);
    });
    one.last = appended.catch(() => undefined);
    try {
      await appended;
    } catch (error) {
      await this.cancel(importId);
      throw error;
    }
  }

  /** Throws what reading throws, `import.cancelled` when it is cancelled or asked again, and `import.incomplete`. */
  async preview(importId: string, options: ImportOptions): Promise<ImportPreview> {
    const one = this.#find(importId);
    one.reading?.abort(cancelled());
    const reading = new AbortController();
    one.reading = reading;
    const { source, folder } = one;
    if (one.received?.isComplete === false) {
      throw new WeftError(
        'import.incomplete',
        'Not all of the files to import have come.',
        'Choose them again.',
      );
    }
    await this.#unstage(one);
    const stagingFolder = join(folder, `set-${randomBytes(4).toString('hex')}`);
    await mkdir(stagingFolder);
    const place =
      source.kind === 'path'
        ? { path: source.path, testPath: source.testPath, sentAs: null }
        : {
            path: placeOfFiles(source.files, join(folder, 'sent')),
            testPath: null,
            sentAs: nameOfFiles(source.files),
          };
    try {
      const content = await readInProcess(
        this.#options.spawnTraining,
        { ...place, options, stagingFolder },
        reading.signal,
        (progress) => this.#options.onProgress({ importId, ...progress }),
      );
      reading.signal.throwIfAborted();
      one.staged = { folder: stagingFolder, content };
      return content.preview;
    } catch (error) {
      await rm(stagingFolder, { recursive: true, force: true }).catch(() => undefined);
      throw error;
    } finally {
      if (one.reading === reading) one.reading = null;
    }
  }

  /**
   * Makes a dataset of what was previewed and returns its id. Throws `import.over`, `import.not-read`,
   * `import.wrong-classes` and `files.…` errors.
   */
  async keep(importId: string, { name, classes, licence, asKnown }: Keeping): Promise<string> {
    const { staged, source } = this.#find(importId);
    if (staged === null) {
      throw new WeftError('import.not-read', 'The images have not been read yet.', 'Wait for the preview.');
    }
    const { preview, record } = staged.content;
    const { dataDirectory, reservedIds } = this.#options;
    const sourceName = source.kind === 'path' ? source.path : nameOfFiles(source.files);
    const known = asKnown ? datasetRecords.find(({ id }) => id === preview.known?.id) : undefined;
    let id: string;
    if (known?.kind === 'files') {
      await keepAsKnown(staged.folder, known, dataDirectory, `Imported from ${sourceName}`);
      ({ id } = known);
    } else {
      checkClassNames(classes, preview.classes.length);
      id = await keepSet(
        staged.folder,
        {
          format: 'weft-imported-dataset',
          version: 1,
          ...record,
          name,
          classes: [...classes],
          source: { kind: preview.kind, name: sourceName, notes: preview.notes },
          licence,
          createdAt: new Date().toISOString(),
        },
        dataDirectory,
        toIdentifier(name, 'dataset'),
        reservedIds,
      );
    }
    await this.cancel(importId);
    return id;
  }

  /** Ends an import and removes everything of it. One that is over already is no fault. */
  async cancel(importId: string): Promise<void> {
    const one = this.#imports.get(importId);
    if (one === undefined) return;
    this.#imports.delete(importId);
    clearTimeout(one.idleTimer);
    one.reading?.abort(cancelled());
    await one.last;
    await one.received?.close();
    await rm(one.folder, { recursive: true, force: true }).catch(() => undefined);
  }

  /** Ends them all. */
  async close(): Promise<void> {
    await Promise.all([...this.#imports.keys()].map((importId) => this.cancel(importId)));
  }

  #find(importId: string): Import {
    const one = this.#imports.get(importId);
    if (one === undefined) throw over();
    one.idleTimer.refresh();
    return one;
  }

  #watch(importId: string): NodeJS.Timeout {
    return setTimeout(() => void this.cancel(importId), idleMs).unref();
  }

  async #unstage(one: Import): Promise<void> {
    const { staged } = one;
    one.staged = null;
    if (staged !== null) await rm(staged.folder, { recursive: true, force: true });
  }
}

function over(): WeftError {
  return new WeftError('import.over', 'This import is over.', 'Begin it again.');
}
