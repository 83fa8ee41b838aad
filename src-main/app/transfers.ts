// Files too large for one message, on their way in or out, piece by piece.
import { randomBytes } from 'node:crypto';
import { open, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { WeftError } from '../../src-shared/failure.ts';
import { toFileError } from '../files/fileError.ts';

/** A transfer that nobody goes on with is ended after this. */
const idleMs = 5 * 60_000;

interface Outgoing {
  kind: 'outgoing';
  chunks: AsyncGenerator<Uint8Array, void>;
}

/** A file on its way in. */
export interface Incoming {
  kind: 'incoming';
  fileName: string;
  sizeBytes: number;
  receivedBytes: number;
  /** Holds the file, and is removed with the transfer. */
  folder: string;
  path: string;
  handle: FileHandle;
}

interface Transfer {
  content: Outgoing | Incoming;
  idleTimer: NodeJS.Timeout;
  /** The last piece, done or failed: pieces follow one another. */
  last: Promise<unknown>;
}

export class Transfers {
  readonly #transfers = new Map<string, Transfer>();

  /** Begins to hand out what the generator gives. Returns the transfer's id. */
  startOutgoing(chunks: AsyncGenerator<Uint8Array, void>): string {
    return this.#add({ kind: 'outgoing', chunks });
  }

  /** Begins to take a file in, into a folder that is this transfer's own. Throws `files.…` errors. */
  async startIncoming(fileName: string, sizeBytes: number, folder: string): Promise<string> {
    const path = join(folder, 'received');
    try {
      const handle = await open(path, 'wx');
      return this.#add({ kind: 'incoming', fileName, sizeBytes, receivedBytes: 0, folder, path, handle });
    } catch (error) {
      throw toFileError(error, path, 'write');
    }
  }

  /** At least `wantedBytes` of an outgoing file, unless it ends before. Throws `project.unknown-transfer`. */
  read(
    transferId: string,
    wantedBytes: number,
  ): Promise<{ bytes: Uint8Array<ArrayBuffer>; isDone: boolean }> {
    return this.#inTurn(transferId, async ({ content }) => {
      if (content.kind !== 'outgoing') throw unknownTransfer();
      const pieces: Uint8Array[] = [];
      let sizeBytes = 0;
      let isDone = false;
      while (!isDone && sizeBytes < wantedBytes) {
        const next = await content.chunks.next();
        if (next.done === true) isDone = true;
        else {
          pieces.push(next.value);
          sizeBytes += next.value.byteLength;
        }
      }
      if (isDone) await this.end(transferId);
      return { bytes: joined(pieces, sizeBytes), isDone };
    });
  }

  /** Throws `project.unknown-transfer`, `project.wrong-size` for more than was announced, and `files.…` errors. */
  append(transferId: string, bytes: Uint8Array): Promise<void> {
    return this.#inTurn(transferId, async ({ content }) => {
      if (content.kind !== 'incoming') throw unknownTransfer();
      if (content.receivedBytes + bytes.byteLength > content.sizeBytes) throw wrongSize(content);
      try {
        await content.handle.appendFile(bytes);
      } catch (error) {
        throw toFileError(error, content.path, 'write');
      }
      content.receivedBytes += bytes.byteLength;
    });
  }

  /** Lets `work` have a file that has come in whole, then removes it. Throws `project.wrong-size` where bytes are missing. */
  receive<T>(transferId: string, work: (file: Incoming) => Promise<T>): Promise<T> {
    return this.#inTurn(transferId, async ({ content }) => {
      if (content.kind !== 'incoming') throw unknownTransfer();
      try {
        if (content.receivedBytes !== content.sizeBytes) throw wrongSize(content);
        return await work(content);
      } finally {
        await this.end(transferId);
      }
    });
  }

  /** Ends a transfer and removes what came in. One that is over already is no fault. */
  async end(transferId: string): Promise<void> {
    const transfer = this.#transfers.get(transferId);
    if (transfer === undefined) return;
    this.#transfers.delete(transferId);
    clearTimeout(transfer.idleTimer);
    const { content } = transfer;
    if (content.kind === 'outgoing') {
      await content.chunks.return().catch(() => undefined);
      return;
    }
    await content.handle.close().catch(() => undefined);
    await rm(content.folder, { recursive: true, force: true }).catch(() => undefined);
  }

  /** Ends them all. */
  async close(): Promise<void> {
    await Promise.all([...this.#transfers.keys()].map((transferId) => this.end(transferId)));
  }

  #add(content: Outgoing | Incoming): string {
    const transferId = randomBytes(16).toString('hex');
    this.#transfers.set(transferId, {
      content,
      idleTimer: this.#watch(transferId),
      last: Promise.resolve(),
    });
    return transferId;
  }

  #watch(transferId: string): NodeJS.Timeout {
    return setTimeout(() => void this.end(transferId), idleMs).unref();
  }

  async #inTurn<T>(transferId: string, work: (transfer: Transfer) => Promise<T>): Promise<T> {
    const transfer = this.#transfers.get(transferId);
    if (transfer === undefined) throw unknownTransfer();
    clearTimeout(transfer.idleTimer);
    const turn = transfer.last.then(() => work(transfer));
    transfer.last = turn.catch(() => undefined);
    try {
      return await turn;
    } catch (error) {
      await this.end(transferId);
      throw error;
    } finally {
      clearTimeout(transfer.idleTimer);
      if (this.#transfers.has(transferId)) transfer.idleTimer = this.#watch(transferId);
    }
  }
}

function unknownTransfer(): WeftError {
  return new WeftError('project.unknown-transfer', 'The transfer of this file is over.', 'Begin it again.');
}

function wrongSize({ fileName, sizeBytes, receivedBytes }: Incoming): WeftError {
  return new WeftError(
    'project.wrong-size',
    `"${fileName}" was announced with ${sizeBytes} bytes, of which ${receivedBytes} came before it was to be opened or went on.`,
    'Open it again.',
  );
}

function joined(pieces: readonly Uint8Array[], sizeBytes: number): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(sizeBytes);
  let offset = 0;
  for (const piece of pieces) {
    whole.set(piece, offset);
    offset += piece.byteLength;
  }
  return whole;
}
