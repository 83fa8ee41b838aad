// One page that is connected: its requests are answered, events are sent to it as fast as it takes them.
import type { WebSocket } from 'ws';
import { decodeMessage, encodeMessage } from '../../../src-shared/codec.ts';
import { answer, type ServerMessage } from '../../../src-shared/protocol.ts';
import { createEventOutbox } from '../../app/eventOutbox.ts';
import type { App } from '../../app/types.ts';

/** Above this, events about the same thing replace one another instead of waiting in a row. */
const busyAboveBytes = 1024 * 1024;
/** Above this, no more requests are read: a page that asks and never reads can't fill the memory. */
const pauseAboveBytes = 64 * 1024 * 1024;

/** Closing codes of RFC 6455, section 7.4.1. */
const closeCodes = { unsupportedData: 1003, invalidPayload: 1007 } as const;

/** Serves the contract over a WebSocket until it closes. */
export function serveViewer(socket: WebSocket, app: App): void {
  const send = (message: ServerMessage): void => {
    if (socket.readyState !== socket.OPEN) return;
    socket.send(encodeMessage(message), onSent);
    if (socket.bufferedAmount > pauseAboveBytes) socket.pause();
  };
  const outbox = createEventOutbox(() => socket.bufferedAmount > busyAboveBytes, send);
  function onSent(): void {
    if (socket.isPaused && socket.bufferedAmount <= pauseAboveBytes) socket.resume();
    outbox.drain();
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
    let request: unknown;
    try {
      // A plain Uint8Array: handlers get what the contract says, not Node's Buffer.
      request = decodeMessage(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    } catch {
      socket.close(closeCodes.invalidPayload);
      return;
    }
    void answer(app.handlers, request).then(send);
  });
}
