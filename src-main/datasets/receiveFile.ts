// One request to one mirror: the answer is written to the part file as it comes, after what an earlier one left of it.
import { WeftError } from '../../src-shared/failure.ts';
import type { Fetch, FetchResponse } from './fetch.ts';
import type { KeptPart, PartFile, PartState, PartWriter } from './partFile.ts';
import { Patience } from './patience.ts';

export interface FileRequest {
  url: string;
  part: PartFile;
  fetch: Fetch;
  /** A mirror that sends nothing for so long is given up. */
  idleTimeoutMs: number;
  /** A mirror that sends more is given up. */
  maximumBytes: number;
  signal: AbortSignal;
  /** The mirror sends the file from here on; how much it will be altogether, when it has said. */
  onBegun(atBytes: number, totalBytes: number | undefined): void;
  /** What has arrived of the file. */
  onReceived(receivedBytes: number): void;
}

/** A mirror that asks to be left alone for a while. */
export class BusyMirror extends WeftError {
  /** Undefined when it did not say how long. */
  readonly retryAfterMs: number | undefined;

  constructor(message: string, retryAfterMs: number | undefined) {
    super('download.busy', message);
    this.retryAfterMs = retryAfterMs;
  }
}

export const webPageCode = 'download.web-page';

const webPage = (): WeftError =>
  new WeftError(
    webPageCode,
    'sent a web page instead of the file, as networks do that ask for a login first',
  );

/** Whether these first bytes are those of a web page. */
function isWebPage(bytes: Uint8Array): boolean {
  return /^(?:\xef\xbb\xbf)?\s*<(?:!doctype|html|head|script|meta|\?xml)/i.test(
    Buffer.from(bytes.subarray(0, 64)).toString('latin1'),
  );
}

/** RFC 9110, 10.2.3: seconds, or a date. */
function retryAfterMs(response: FetchResponse): number | undefined {
  const stated = response.headers.get('retry-after');
  if (stated === null) return undefined;
  if (/^\d+$/.test(stated.trim())) return Number(stated) * 1000;
  const date = Date.parse(stated);
  return Number.isNaN(date) ? undefined : Math.max(0, date - Date.now());
}

/** What If-Range can name (RFC 9110, 13.1.5): a strong ETag, else the date. */
function validatorOf(response: FetchResponse): string | null {
  const tag = response.headers.get('etag');
  return tag?.startsWith('"') === true ? tag : response.headers.get('last-modified');
}

/** Unpacked on the way by fetch: the length is that of something else, and its ranges too. */
const isUnpackedOnTheWay = (response: FetchResponse): boolean =>
  !['identity', null].includes(response.headers.get('content-encoding'));

function stateOf(url: string, response: FetchResponse): PartState {
  if (isUnpackedOnTheWay(response)) return { url, validator: null, totalBytes: null };
  const length = Number(response.headers.get('content-length') ?? Number.NaN);
  return { url, validator: validatorOf(response), totalBytes: Number.isSafeInteger(length) ? length : null };
}

/** Whether the answer is the rest of the part, and of nothing else. */
function continues(response: FetchResponse, kept: KeptPart): boolean {
  const range = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(response.headers.get('content-range') ?? '');
  if (range === null || isUnpackedOnTheWay(response)) return false;
  const [, start, total] = range;
  const tag = validatorOf(response);
  return (
    Number(start) === kept.receivedBytes &&
    (total === '*' || kept.totalBytes === null || Number(total) === kept.totalBytes) &&
    (tag === null || tag === kept.validator)
  );
}

/** Throws what a status other than a good one means. */
function checkStatus(response: FetchResponse): void {
  const { status, statusText } = response;
  const said = `answered ${status} ${statusText}`.trimEnd();
  if (status === 429 || status === 503) {
    const afterMs = retryAfterMs(response);
    const asked = afterMs === undefined ? '' : ` and asks to wait ${Math.ceil(afterMs / 1000)} s`;
    throw new BusyMirror(`${said}${asked}`, afterMs);
  }
  if (status !== 200) throw new WeftError('download.refused', said);
  if (response.headers.get('content-type')?.startsWith('text/html') === true) throw webPage();
}

async function writeBody(
  request: FileRequest,
  body: AsyncIterable<Uint8Array>,
  writer: PartWriter,
  patience: Patience,
): Promise<void> {
  for await (const chunk of body) {
    patience.hear(chunk.byteLength);
    if (writer.receivedBytes === 0 && isWebPage(chunk)) throw webPage();
    if (writer.receivedBytes + chunk.byteLength > request.maximumBytes) {
      throw new WeftError(
        'download.too-long',
        `sent more than the ${request.maximumBytes} bytes that the file can have`,
      );
    }
    await writer.append(chunk);
    request.onReceived(writer.receivedBytes);
    request.signal.throwIfAborted();
  }
}

async function store(
  request: FileRequest,
  response: FetchResponse,
  kept: KeptPart | undefined,
  patience: Patience,
): Promise<void> {
  const { url, part } = request;
  const state = kept ?? stateOf(url, response);
  const writer = kept === undefined ? await part.begin(state) : await part.resume(kept);
  try {
    request.onBegun(writer.receivedBytes, state.totalBytes ?? undefined);
    if (response.body !== null) await writeBody(request, response.body, writer, patience);
    const { receivedBytes } = writer;
    if (state.totalBytes !== null && receivedBytes !== state.totalBytes) {
      throw new WeftError('download.cut', `broke off after ${receivedBytes} of ${state.totalBytes} bytes`);
    }
    await part.complete(state, receivedBytes);
  } finally {
    await writer.close();
  }
}

/** What an earlier attempt left of this address and can be gone on with. */
async function findResumable({ url, part }: FileRequest): Promise<KeptPart | undefined> {
  const kept = await part.kept();
  if (kept?.url !== url || kept.receivedBytes === 0) return undefined;
  if (kept.totalBytes !== null && kept.receivedBytes > kept.totalBytes) return undefined;
  return kept.validator === null && kept.receivedBytes !== kept.totalBytes ? undefined : kept;
}

function ask(request: FileRequest, kept: KeptPart | undefined, signal: AbortSignal): Promise<FetchResponse> {
  return request.fetch(request.url, {
    headers: {
      'accept-encoding': 'identity',
      ...(kept === undefined
        ? {}
        : { range: `bytes=${kept.receivedBytes}-`, 'if-range': kept.validator ?? '' }),
    },
    signal,
    redirect: 'follow',
    cache: 'no-store',
  });
}

/**
 * Answers whether bytes of an earlier attempt are in the whole file that then lies in `part`. What arrived before it
 * throws stays there. Throws the signal's reason when it was aborted; `download.…`; `files.…` for the disk of this
 * machine; and what fetch throws.
 */
export async function receiveFile(request: FileRequest): Promise<boolean> {
  const kept = await findResumable(request);
  if (kept !== undefined && kept.receivedBytes === kept.totalBytes) {
    request.onBegun(kept.receivedBytes, kept.totalBytes);
    return true;
  }
  const givingUp = new AbortController();
  let gaveUp: WeftError | undefined;
  const patience = new Patience(request.idleTimeoutMs, (reason) => {
    gaveUp ??= reason;
    givingUp.abort(reason);
  });
  const signal = AbortSignal.any([request.signal, givingUp.signal]);
  let response: FetchResponse | undefined;
  try {
    response = await ask(request, kept, signal);
    patience.hear(0);
    if (kept !== undefined && response.status === 206 && continues(response, kept)) {
      await store(request, response, kept, patience);
      return true;
    }
    if (kept !== undefined && (response.status === 206 || response.status === 416)) {
      // Something else is there by now, or this part can't be had of it: the whole is asked for.
      await response.body?.cancel();
      response = await ask(request, undefined, signal);
    }
    checkStatus(response);
    await store(request, response, undefined, patience);
    return false;
  } catch (error) {
    await response?.body?.cancel().catch(() => undefined);
    throw gaveUp ?? error;
  } finally {
    patience.end();
  }
}
