// Fetches one file from the first mirror that gives the right bytes.
import { setTimeout as startTimer } from 'node:timers';
import { toErrorData, WeftError } from '../../src-shared/failure.ts';

export interface MirrorRequest {
  /** As it is called on the mirrors, packed. */
  fileName: string;
  /** Folders in the web; they end with a slash. */
  mirrors: readonly string[];
  /** A mirror that sends nothing for so long is given up. */
  idleTimeoutMs: number;
  /** A mirror that sends more is given up. */
  maximumBytes: number;
  signal: AbortSignal;
  /** What has arrived of the file from this mirror, and how much it will be when the mirror has said. */
  onReceived(mirror: string, receivedBytes: number, totalBytes: number | undefined): void;
  /** Unpacks and verifies what a mirror sent. What it throws makes the next mirror be asked. */
  accept(bytes: Uint8Array): Promise<Uint8Array>;
}

export interface MirrorAnswer {
  bytes: Uint8Array;
  mirror: string;
}

/** The mirror's failure as the end of a sentence. */
function describeFailure(error: unknown): string {
  if (error instanceof WeftError) return error.message.replace(/\.$/, '');
  // fetch says only "fetch failed"; the reason is in its cause.
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (cause instanceof Error && 'code' in cause && typeof cause.code === 'string')
    return `could not be reached (${cause.code})`;
  return `could not be reached (${toErrorData(cause).message})`;
}

/** Collects the body; ends with an error on the first silence longer than the time-out or when it is too long. */
async function receive(request: MirrorRequest, mirror: string): Promise<Uint8Array> {
  const silence = new AbortController();
  const giveUp = (): void =>
    silence.abort(new WeftError('download.silent', `sent nothing for ${request.idleTimeoutMs / 1000} s`));
  const timer = startTimer(giveUp, request.idleTimeoutMs);
  const signal = AbortSignal.any([request.signal, silence.signal]);
  try {
    const response = await fetch(new URL(request.fileName, mirror), { signal, redirect: 'follow' });
    if (!response.ok || response.body === null) {
      await response.body?.cancel();
      throw new WeftError('download.refused', `answered ${response.status} ${response.statusText}`.trimEnd());
    }
    // A server that packs the answer on the way states the packed length, which is not what arrives here.
    const length = response.headers.has('content-encoding') ? null : response.headers.get('content-length');
    const totalBytes = length === null ? undefined : Number(length);
    const body: AsyncIterable<Uint8Array> = response.body;
    const chunks: Uint8Array[] = [];
    let receivedBytes = 0;
    for await (const chunk of body) {
      timer.refresh();
      receivedBytes += chunk.byteLength;
      if (receivedBytes > request.maximumBytes) {
        throw new WeftError(
          'download.too-long',
          `sent more than the ${request.maximumBytes} bytes that the file can have`,
        );
      }
      chunks.push(chunk);
      request.onReceived(mirror, receivedBytes, totalBytes);
    }
    return Buffer.concat(chunks);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * The accepted bytes and the mirror they came from. Throws the signal's reason when it was aborted, else
 * `download.failed` with what each mirror said.
 */
export async function fetchFromMirrors(request: MirrorRequest): Promise<MirrorAnswer> {
  const failures: string[] = [];
  for (const mirror of request.mirrors) {
    request.signal.throwIfAborted();
    try {
      return { bytes: await request.accept(await receive(request, mirror)), mirror };
    } catch (error) {
      request.signal.throwIfAborted();
      failures.push(`${new URL(mirror).host}: ${describeFailure(error)}`);
    }
  }
  throw new WeftError(
    'download.failed',
    `No mirror gave "${request.fileName}". ${failures.join('; ')}.`,
    'Check the network connection and try again.',
  );
}
