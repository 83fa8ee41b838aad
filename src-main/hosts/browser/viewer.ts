// One page that is connected: its requests are answered, events are sent to it as fast as it takes them.
import type { WebSocket } from 'ws';
import { decodeMessage, encodeMessage } from '../../../src-shared/codec.ts';
import { answer, type EventMessage } from '../../../src-shared/protocol.ts';
import { createEventOutbox } from '../../app/eventOutbox.ts';
import type { App } from '../../app/types.ts';

/**
 * What may wait for a page, in bytes. Events never wait beyond it: they are held back, and those about the same thing
 * replace one another. An answer may, as the page has asked for it, but then no further request is begun.
 */
export const queueLimitBytes = 1024 * 1024;
/** Requests of one page that are worked on at a time: a page that asks and never reads can't fill the memory. */
export const requestsUnderWayLimit = 32;

/** Closing codes of RFC 6455, section 7.4.1. */
const closeCodes = { unsupportedData: 1003, invalidPayload: 1007 } as const;

/** Serves the contract over a WebSocket until it closes. */
export function serveViewer(socket: WebSocket, app: Pick<App, 'handlers' | 'subscribe'>): void {
  /** Read from the socket and not begun yet. */
  const requests: unknown[] = [];
  let underWay = 0;

  const trySendEvent = (message: EventMessage): boolean => {
    if (socket.readyState !== socket.OPEN) return true;
    const waitingBytes = socket.bufferedAmount;
    if (waitingBytes >= queueLimitBytes) return false;
    const bytes = encodeMessage(message);
    // One that is larger than all that may wait goes when nothing else does.
    if (waitingBytes > 0 && waitingBytes + bytes.byteLength > queueLimitBytes) return false;
    socket.send(bytes, onSent);
    return true;
  };
  const outbox = createEventOutbox(trySendEvent);

  async function begin(request: unknown): Promise<void> {
    underWay += 1;
    const response = await answer(app.handlers, request);
    underWay -= 1;
    if (socket.readyState === socket.OPEN) socket.send(encodeMessage(response), onSent);
    beginMore();
  }
  function beginMore(): void {
    while (
      requests.length > 0 &&
      underWay < requestsUnderWayLimit &&
      socket.bufferedAmount <= queueLimitBytes
    ) {
      void begin(requests.shift());
    }
    if (requests.length > 0) socket.pause();
    else if (socket.isPaused) socket.resume();
  }
  function onSent(): void {
    outbox.drain();
    beginMore();
  }

  const unsubscribe = app.subscribe((message) => outbox.post(message));
  socket.on('close', unsubscribe);
  // Reported by `close`, which always follows.
  socket.on('error', () => undefined);
  socket.on('message', (data, isBinary) => {
    if (!isBinary || !Buffer.isBuffer(data)) {
      socket.close(closeCodes.unsupportedData);
      return;
    }
    try {
      // A plain Uint8Array: handlers get what the contract says, not Node's Buffer.
      requests.push(decodeMessage(new Uint8Array(data.buffer, data.byteOffset, data.byteLength)));
    } catch {
      socket.close(closeCodes.invalidPayload);
      return;
    }
    beginMore();
  });
}
