// Whole runs on their way into and out of project files, piece by piece: a large one freezes nothing and can be cancelled.
import { projectLimitBytes, projectPartBytes } from '../../src-shared/contract.ts';
import { WeftError } from '../../src-shared/failure.ts';
import type { RunSummary } from '../../src-shared/schemas/run.ts';
import { saveParts } from '../ui/saveBytes.ts';
import { app } from './app.svelte.ts';
import { entryView } from './entryView.svelte.ts';
import { modelKey } from './modelKey.ts';
import { navigation } from './navigation.svelte.ts';
import { rememberFile } from './recentFiles.ts';
import { toasts } from './toasts.svelte.ts';

/** What is on its way. */
export interface ProjectTransfer {
  title: string;
  doneBytes: number;
  /** Of a run that is packed, what it has before that: an upper limit. */
  totalBytes: number;
  /** Null while the last piece is worked on, when it is too late to cancel. */
  transferId: string | null;
}

/** The code of the error that a transfer ends with that was cancelled. */
const overCode = 'project.unknown-transfer';

class Projects {
  transfer = $state.raw<ProjectTransfer | null>(null);
  #isCancelled = false;

  /** Hands everything of a run to the person as one file. */
  async saveFile(run: RunSummary): Promise<void> {
    await this.#run(async () => {
      const { transferId, fileName, sizeBytes } = await app.client.call('project.export', { runId: run.id });
      const parts: Uint8Array<ArrayBuffer>[] = [];
      let doneBytes = 0;
      for (let isDone = false; !isDone;) {
        this.transfer = { title: `Packing “${run.name}”`, doneBytes, totalBytes: sizeBytes, transferId };
        const part = await app.client.call('project.read', { transferId });
        parts.push(new Uint8Array(part.bytes));
        doneBytes += part.bytes.byteLength;
        isDone = part.isDone;
      }
      saveParts(fileName, parts);
      void rememberFile(fileName, 'saved', { kind: 'run', runId: run.id });
      toasts.show(`${fileName} is handed over to be saved.`);
    });
  }

  /** Makes a run of a project file and shows it. */
  async openFile(file: File): Promise<void> {
    if (file.size > projectLimitBytes) {
      throw new WeftError('project.too-large', `${file.name} is larger than 4 GiB.`, 'Choose a smaller one.');
    }
    await this.#run(async () => {
      const title = `Opening ${file.name}`;
      const { transferId } = await app.client.call('project.begin', {
        fileName: file.name,
        sizeBytes: file.size,
      });
      for (let doneBytes = 0; doneBytes < file.size; doneBytes += projectPartBytes) {
        this.transfer = { title, doneBytes, totalBytes: file.size, transferId };
        const part = file.slice(doneBytes, doneBytes + projectPartBytes);
        const bytes = new Uint8Array(await part.arrayBuffer());
        await app.client.call('project.append', { transferId, bytes });
      }
      this.transfer = { title, doneBytes: file.size, totalBytes: file.size, transferId: null };
      const run = await app.client.call('project.import', { transferId });
      const reference = { kind: 'run', runId: run.id } as const;
      void rememberFile(file.name, 'opened', reference);
      toasts.show(`“${run.name}” was opened from ${file.name}.`);
      entryView.reveal(modelKey(reference));
      navigation.open('models');
    });
  }

  /** Ends the transfer under way; nothing of it stays. */
  async cancel(): Promise<void> {
    const transferId = this.transfer?.transferId;
    if (transferId === undefined || transferId === null) return;
    this.#isCancelled = true;
    await app.client.call('project.cancel', { transferId });
  }

  #wasCancelled(): boolean {
    return this.#isCancelled;
  }

  async #run(work: () => Promise<void>): Promise<void> {
    if (this.transfer !== null) {
      throw new WeftError(
        'project.busy',
        'Another project is being packed or opened.',
        'Wait until it is done, or cancel it.',
      );
    }
    this.#isCancelled = false;
    this.transfer = { title: 'Project', doneBytes: 0, totalBytes: 0, transferId: null };
    try {
      await work();
    } catch (error) {
      if (!(this.#wasCancelled() && error instanceof WeftError && error.code === overCode)) throw error;
    } finally {
      this.transfer = null;
    }
  }
}

export const projects = new Projects();
