// The export that a person is making: of which model, in which format, and what became of it.
import { ownFormat, type ExportFormatId } from '../../src-shared/exportFormats.ts';
import type { ExportCheck } from '../../src-shared/schemas/export.ts';
import type { ModelReference } from '../../src-shared/schemas/model.ts';
import { saveBytes } from '../ui/saveBytes.ts';
import { app } from './app.svelte.ts';
import { models } from './models.svelte.ts';
import { rememberFile } from './recentFiles.ts';
import { runs } from './runs.svelte.ts';
import { toasts } from './toasts.svelte.ts';

/** A file that was handed to the person. */
export interface SavedExport {
  fileName: string;
  sizeBytes: number;
  examplesName: string | null;
  check: ExportCheck;
}

class Exporting {
  /** Null while none is made. */
  model = $state.raw<ModelReference | null>(null);
  format = $state<ExportFormatId>(ownFormat);
  withExamples = $state(false);
  isBusy = $state(false);
  saved = $state.raw<SavedExport | null>(null);
  failure = $state.raw<unknown>(null);
  /** Counts starts, so that an answer that nobody waits for any more is told from the one that is wanted. */
  #attempt = 0;

  /** What the model is called. */
  readonly name: string = $derived.by(() => {
    const { model } = this;
    if (model === null) return '';
    const found =
      model.kind === 'run'
        ? runs.list?.find(({ id }) => id === model.runId)
        : models.list?.find(({ id }) => id === model.modelId);
    return found?.name ?? '';
  });

  /** Asks what to make of the model. */
  open(model: ModelReference): void {
    this.#forgetAnswer();
    this.model = model;
  }

  /** Asks the same of the model that is looked at, else of the latest run's; where there is none, says so. */
  openCurrent(): void {
    try {
      this.open(models.current());
    } catch (error) {
      toasts.showError(error);
    }
  }

  /** Ends the dialog; what is still being made is thrown away. */
  close(): void {
    this.#forgetAnswer();
    this.model = null;
  }

  chooseFormat(format: ExportFormatId): void {
    this.#forgetAnswer();
    this.format = format;
  }

  chooseExamples(withExamples: boolean): void {
    this.#forgetAnswer();
    this.withExamples = withExamples;
  }

  /** Has the file made and checked, and hands it to the person. */
  async start(): Promise<void> {
    const { model, format, withExamples } = this;
    if (model === null) return;
    this.#forgetAnswer();
    const attempt = this.#attempt;
    this.isBusy = true;
    try {
      const { fileName, bytes, check, examples } = await app.client.call('model.export', {
        model,
        format,
        withExamples,
      });
      if (attempt !== this.#attempt) return;
      saveBytes(fileName, bytes);
      void rememberFile(fileName, 'saved', model);
      if (examples !== null) saveBytes(examples.fileName, examples.bytes);
      this.saved = {
        fileName,
        sizeBytes: bytes.length,
        examplesName: examples?.fileName ?? null,
        check,
      };
    } catch (error) {
      if (attempt === this.#attempt) this.failure = error;
    } finally {
      if (attempt === this.#attempt) this.isBusy = false;
    }
  }

  #forgetAnswer(): void {
    this.#attempt += 1;
    this.isBusy = false;
    this.saved = null;
    this.failure = null;
  }
}

export const exporting = new Exporting();
