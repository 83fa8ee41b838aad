// A model that another tool wrote, while a person says what its file does not.
import type { ForeignAnswers, ForeignSketch, LayerAnswer } from '../../src-shared/schemas/foreignModel.ts';
import { app } from './app.svelte.ts';
import { entryView } from './entryView.svelte.ts';
import { modelKey } from './modelKey.ts';
import { navigation } from './navigation.svelte.ts';
import { rememberFile } from './recentFiles.ts';
import { selection } from './selection.svelte.ts';
import { toasts } from './toasts.svelte.ts';

interface ModelBytes {
  fileName: string;
  bytes: Uint8Array<ArrayBuffer>;
}

class ForeignImport {
  /** What was recognised; null while no such file is open. */
  sketch = $state.raw<ForeignSketch | null>(null);
  fileName = $state('');
  /** Whether the sketch is of earlier answers. */
  isBusy = $state(false);
  /** What the person has said so far. */
  #given = $state.raw<Partial<ForeignAnswers>>({});
  #file: ModelBytes | null = null;
  /** Counts the questions, so that only the answer to the last one is taken. */
  #asked = 0;

  /** What was said, and for the rest what is assumed; null while no file is open. */
  readonly answers: ForeignAnswers | null = $derived(
    this.sketch === null ? null : { ...this.sketch.answers, ...this.#given },
  );

  /** Shows what is recognised of a file. Throws what makes it impossible to import. */
  async open(file: ModelBytes): Promise<void> {
    this.#given = {};
    this.#file = file;
    this.fileName = file.fileName;
    await this.#ask();
  }

  /** Takes answers, and finds out what follows from them. */
  async change(answers: Partial<ForeignAnswers>): Promise<void> {
    this.#given = { ...this.#given, ...answers };
    // Nothing follows from a name.
    if (Object.keys(answers).some((answer) => answer !== 'name')) await this.#ask();
  }

  /** Takes what is said of one layer. */
  async changeLayer(index: number, changes: Partial<LayerAnswer>): Promise<void> {
    const layers = this.answers?.layers.map((layer, at) => (at === index ? { ...layer, ...changes } : layer));
    if (layers !== undefined) await this.change({ layers });
  }

  /** Takes the model into the library and shows it there. */
  async accept(): Promise<void> {
    if (this.#file === null || this.answers === null) return;
    this.isBusy = true;
    try {
      const imported = await app.client.call('model.importForeign', {
        ...this.#file,
        answers: this.answers,
        accept: true,
      });
      if (imported.kind !== 'imported') return;
      selection.model = { kind: 'model', modelId: imported.model.id };
      void rememberFile(this.fileName, 'opened', selection.model);
      entryView.reveal(modelKey(selection.model));
      toasts.show(`“${imported.model.name}” is in the library.`);
      this.close();
      navigation.open('models');
    } finally {
      this.isBusy = false;
    }
  }

  close(): void {
    this.#asked += 1;
    this.#file = null;
    this.sketch = null;
    this.isBusy = false;
  }

  async #ask(): Promise<void> {
    if (this.#file === null) return;
    this.#asked += 1;
    const question = this.#asked;
    this.isBusy = true;
    try {
      const answer = await app.client.call('model.importForeign', { ...this.#file, answers: this.#given });
      if (question === this.#asked && answer.kind === 'sketch') this.sketch = answer.sketch;
    } finally {
      if (question === this.#asked) this.isBusy = false;
    }
  }
}

export const foreignImport = new ForeignImport();
