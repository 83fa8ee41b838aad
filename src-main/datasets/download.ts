// Fetches one file from the first mirror that gives the right bytes, and goes on where an earlier attempt ended.
import { setTimeout as delay } from 'node:timers/promises';
import { toErrorData, WeftError } from '../../src-shared/failure.ts';
import { BusyMirror, receiveFile, webPageCode, type FileRequest } from './receiveFile.ts';

export interface MirrorRequest<T> extends Omit<FileRequest, 'url' | 'onBegun' | 'onReceived'> {
  /** As it is called on the mirrors, packed. */
  fileName: string;
  /** Folders in the web; they end with a slash. */
  mirrors: readonly string[];
  onBegun(mirror: string, atBytes: number, totalBytes: number | undefined): void;
  onReceived(mirror: string, receivedBytes: number): void;
  /** Unpacks, verifies and keeps what lies in the part. What it throws makes the next mirror be asked. */
  accept(): Promise<T>;
}

export interface MirrorAnswer<T> {
  accepted: T;
  mirror: string;
}

/** A mirror that breaks off is asked for the rest so many times, as long as each brings something. */
const resumesPerMirror = 3;
/** A mirror that is busy is waited for so many times, and never longer than this. */
const busyWaits = { count: 2, longestMs: 15_000 };

/** What the systems say when there is no network at all. */
const offlineCodes = ['ENOTFOUND', 'EAI_AGAIN', 'ENETUNREACH', 'ENETDOWN', 'ERR_INTERNET_DISCONNECTED'];

/** The reason of a request that got no answer: Node's code, or Chromium's. */
function networkCode(error: unknown): string | undefined {
  // Node's fetch says only "fetch failed"; the reason is in its cause.
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (!(cause instanceof Error)) return undefined;
  if (/redirect count exceeded|ERR_TOO_MANY_REDIRECTS/.test(cause.message)) return 'redirects';
  if ('code' in cause && typeof cause.code === 'string') return cause.code;
  return /net::(ERR_[A-Z_]+)/.exec(cause.message)?.[1];
}

/** The mirror's failure as the end of a sentence. */
function describeFailure(error: unknown): string {
  if (error instanceof WeftError) return error.message.replace(/\.$/, '');
  const code = networkCode(error);
  if (code === 'redirects') return 'redirects in a circle';
  if (code === 'UND_ERR_SOCKET' || code === 'ECONNRESET') return `broke off (${code})`;
  return `could not be reached (${code ?? toErrorData(error).message})`;
}

/** Whether no other mirror could help: the disk of this machine is at fault. */
const isOfThisMachine = (error: unknown): boolean =>
  error instanceof WeftError && error.code.startsWith('files.');

function remedyFor(failures: readonly unknown[]): string {
  const isWebPage = (error: unknown): boolean => error instanceof WeftError && error.code === webPageCode;
  const isOffline = (error: unknown): boolean => offlineCodes.includes(networkCode(error) ?? '');
  const first = failures.some(isWebPage)
    ? 'Open a web page in a browser, sign in to the network there, and try again'
    : failures.every(isOffline)
      ? 'This machine seems to be offline: connect it and try again'
      : 'Check the network connection and try again';
  return `${first}; what has arrived is kept. Or get the files elsewhere and import the folder that they are in.`;
}

/** Asks one mirror until it has given the file, or nothing more is to be expected of it. */
async function fetchFromMirror<T>(request: MirrorRequest<T>, mirror: string): Promise<T> {
  const { part, signal } = request;
  const url = new URL(request.fileName, mirror).href;
  let resumes = 0;
  let waits = 0;
  for (;;) {
    const beforeBytes = (await part.kept())?.receivedBytes ?? 0;
    let isResumed: boolean;
    try {
      isResumed = await receiveFile({
        ...request,
        url,
        onBegun: (atBytes, totalBytes) => request.onBegun(mirror, atBytes, totalBytes),
        onReceived: (receivedBytes) => request.onReceived(mirror, receivedBytes),
      });
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof BusyMirror && error.retryAfterMs !== undefined) {
        waits += 1;
        if (waits > busyWaits.count || error.retryAfterMs > busyWaits.longestMs) throw error;
        await delay(error.retryAfterMs, undefined, { signal });
        continue;
      }
      const kept = await part.kept();
      const canResume = kept?.url === url && kept.validator !== null && kept.receivedBytes > beforeBytes;
      const isSlow = error instanceof WeftError && error.code !== 'download.cut';
      if (!canResume || isSlow || resumes === resumesPerMirror) throw error;
      resumes += 1;
      continue;
    }
    try {
      const accepted = await request.accept();
      return accepted;
    } catch (error) {
      if (isOfThisMachine(error)) throw error;
      await part.discard();
      signal.throwIfAborted();
      // What an earlier attempt had left may have been at fault, not this mirror.
      if (!isResumed) throw error;
    }
  }
}

/**
 * What `accept` made of the file, and the mirror that it came from; the mirror that an earlier attempt broke off at is
 * asked first. Throws the signal's reason when it was aborted, `files.…` where the disk of this machine is at fault,
 * else `download.failed` with what each mirror said. What has arrived by then is kept in `part`.
 */
export async function fetchFromMirrors<T>(request: MirrorRequest<T>): Promise<MirrorAnswer<T>> {
  const { fileName, signal } = request;
  const begun = (await request.part.kept())?.url;
  const isBegun = (mirror: string): boolean => new URL(fileName, mirror).href === begun;
  const mirrors = [...request.mirrors].sort((a, b) => Number(isBegun(b)) - Number(isBegun(a)));
  const failures: { mirror: string; error: unknown }[] = [];
  for (const mirror of mirrors) {
    signal.throwIfAborted();
    try {
      return { accepted: await fetchFromMirror(request, mirror), mirror };
    } catch (error) {
      signal.throwIfAborted();
      if (isOfThisMachine(error)) throw error;
      failures.push({ mirror, error });
    }
  }
  const said = failures.map(({ mirror, error }) => `${new URL(mirror).host}: ${describeFailure(error)}`);
  throw new WeftError(
    'download.failed',
    `No mirror gave "${fileName}". ${said.join('; ')}.`,
    remedyFor(failures.map(({ error }) => error)),
  );
}
