// Images of a person's own on their way to a dataset: sent or pointed at, read, previewed, kept or given up.
import { projectPartBytes, type CommandInput } from '../../src-shared/contract.ts';
import { toErrorData, WeftError, type ErrorData } from '../../src-shared/failure.ts';
import {
  mostFiles,
  relativePathSchema,
  usualHeldOut,
  type ImportOptions,
  type ImportPreview,
  type ImportProgress,
} from '../../src-shared/schemas/datasetImport.ts';
import * as v from 'valibot';
import type { PlacedFile } from '../ui/placedFiles.ts';
import { app } from './app.svelte.ts';
import { datasets } from './datasets.svelte.ts';
import { navigation } from './navigation.svelte.ts';
import { toasts } from './toasts.svelte.ts';

/** `choosing` asks for files; `working` sends or reads them; `preview` shows what was found. */
export type ImportStage = 'closed' | 'choosing' | 'working' | 'preview';

/** How far sending or reading is. */
export type ImportWork =
  | { kind: 'sending'; doneBytes: number; totalBytes: number }
  | { kind: 'reading'; progress: ImportProgress | null };

const freshOptions = (): ImportOptions => ({ size: null, channels: null, heldOut: usualHeldOut });

/** What systems leave beside a person's files; sending it is of no use. */
const isClutter = (path: string): boolean =>
  /(?:^|\/)(?:\.|__MACOSX\/|Thumbs\.db$|desktop\.ini$)/i.test(path);

class DatasetImport {
  stage = $state<ImportStage>('closed');
  work = $state.raw<ImportWork>({ kind: 'reading', progress: null });
  preview = $state.raw<ImportPreview | null>(null);
  /** What went wrong with the last attempt. */
  failure = $state.raw<ErrorData | null>(null);
  options = $state.raw<ImportOptions>(freshOptions());
  name = $state('');
  classNames = $state.raw<readonly string[]>([]);
  licence = $state('');
  isKeeping = $state(false);
  /** Whether what the preview shows can be kept: not after a failed attempt with other options. */
  isRead = $state(false);
  #importId: string | null = null;
  /** Counts what was begun: answers to what is no longer wanted are dropped. */
  #turn = 0;
  #subscribed = false;

  constructor() {
    app.onConnected((client) => {
      if (this.#subscribed) return;
      this.#subscribed = true;
      client.on('import.progressed', (progress) => {
        if (progress.importId === this.#importId && this.stage === 'working')
          this.work = { kind: 'reading', progress };
      });
    });
    addEventListener('pagehide', () => void this.#release());
  }

  /** What keeps the names from being taken; null when nothing does. */
  get nameProblem(): string | null {
    return this.name.trim() === '' ? 'The set needs a name.' : null;
  }

  /** What is wrong with the name of each class. */
  get classProblems(): (string | null)[] {
    const names = this.classNames.map((name) => name.trim());
    return names.map((name, index) => {
      if (name === '') return 'A class needs a name.';
      return names.indexOf(name) === index ? null : 'Another class has this name.';
    });
  }

  /** Asks what to import. */
  open(): void {
    this.failure = null;
    this.preview = null;
    this.stage = 'choosing';
  }

  /** Reads what is at a path on the computer that Weft runs on. */
  beginPath(path: string): Promise<void> {
    return this.#begin({ kind: 'path', path }, null);
  }

  /** Sends files and reads them. */
  async beginFiles(placed: readonly PlacedFile[]): Promise<void> {
    const files = placed
      .map(({ file, path }) => ({ file, path: path.replaceAll('\\', '_') }))
      .filter(({ path }) => !isClutter(path) && v.is(relativePathSchema, path));
    if (files.length === 0) {
      if (placed.length === 0) return;
      this.open();
      this.failure = { code: 'import.nothing-found', message: 'There is no file in what was chosen.' };
      return;
    }
    if (files.length > mostFiles) {
      this.open();
      this.failure = {
        code: 'import.too-many-files',
        message: `These are more than ${mostFiles} files.`,
        remedy: 'Give the folder as a path on this computer, or choose a smaller one.',
      };
      return;
    }
    const announced = files.map(({ file, path }) => ({ path, sizeBytes: file.size }));
    await this.#begin({ kind: 'files', files: announced }, new Blob(files.map(({ file }) => file)));
  }

  /** Reads the images again with other options. */
  async changeOptions(changes: Partial<ImportOptions>): Promise<void> {
    this.options = { ...this.options, ...changes };
    const turn = (this.#turn += 1);
    await this.#attempt(turn, () => this.#read(turn, true));
  }

  setClassName(index: number, name: string): void {
    this.classNames = this.classNames.map((one, place) => (place === index ? name : one));
  }

  /** Makes a dataset of what is shown and chooses it. */
  async keep(asKnown: boolean): Promise<void> {
    const importId = this.#importId;
    if (importId === null) return;
    this.isKeeping = true;
    this.failure = null;
    try {
      const dataset = await app.client.call('import.keep', {
        importId,
        name: this.name.trim(),
        classes: this.classNames.map((name) => name.trim()),
        licence: this.licence,
        asKnown,
      });
      this.#importId = null;
      this.stage = 'closed';
      datasets.add(dataset);
      await datasets.select(dataset.id);
      navigation.open('data');
      toasts.show(`“${dataset.name}” is imported.`);
    } catch (error) {
      this.failure = toErrorData(error);
    } finally {
      this.isKeeping = false;
    }
  }

  /** Gives the import up, whatever it is doing; nothing of it stays. */
  async cancel(): Promise<void> {
    this.#turn += 1;
    this.stage = 'closed';
    this.preview = null;
    await this.#release();
  }

  async #release(): Promise<void> {
    const importId = this.#importId;
    this.#importId = null;
    if (importId !== null) await app.client.call('import.cancel', { importId });
  }

  async #begin(source: CommandInput<'import.begin'>['source'], content: Blob | null): Promise<void> {
    await this.#release();
    const turn = (this.#turn += 1);
    this.options = freshOptions();
    this.preview = null;
    this.licence = '';
    await this.#attempt(turn, async () => {
      const { importId } = await app.client.call('import.begin', { source });
      if (turn !== this.#turn) {
        await app.client.call('import.cancel', { importId });
        return;
      }
      this.#importId = importId;
      if (content !== null) await this.#send(turn, importId, content);
      if (turn === this.#turn) await this.#read(turn, false);
    });
  }

  async #send(turn: number, importId: string, content: Blob): Promise<void> {
    for (let doneBytes = 0; doneBytes < content.size && turn === this.#turn; doneBytes += projectPartBytes) {
      this.work = { kind: 'sending', doneBytes, totalBytes: content.size };
      const part = content.slice(doneBytes, doneBytes + projectPartBytes);
      const bytes = new Uint8Array(
        await part.arrayBuffer().catch(() => {
          throw new WeftError(
            'import.file-unreadable',
            'A file that was chosen can no longer be read, or has changed.',
            'Choose the files again.',
          );
        }),
      );
      if (turn === this.#turn) await app.client.call('import.append', { importId, bytes });
    }
  }

  async #read(turn: number, keepNames: boolean): Promise<void> {
    const importId = this.#importId;
    if (importId === null) return;
    this.work = { kind: 'reading', progress: null };
    const preview = await app.client.call('import.preview', { importId, options: this.options });
    if (turn !== this.#turn) return;
    if (!keepNames || preview.classes.length !== this.classNames.length) {
      this.name = preview.name;
      this.classNames = preview.classes.map(({ name }) => name);
    }
    this.preview = preview;
    this.isRead = true;
    this.stage = 'preview';
  }

  /** Shows the work while it lasts; when it fails, what went wrong beside what can be done next. */
  async #attempt(turn: number, work: () => Promise<void>): Promise<void> {
    this.failure = null;
    this.isRead = false;
    this.stage = 'working';
    try {
      await work();
    } catch (error) {
      if (turn !== this.#turn) return;
      this.failure = toErrorData(error);
      this.stage = this.preview === null ? 'choosing' : 'preview';
      if (this.preview === null) await this.#release();
    }
  }
}

export const datasetImport = new DatasetImport();
