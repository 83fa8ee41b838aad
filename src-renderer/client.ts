// The page's end of the contract: the desktop window's bridge where there is one, else a WebSocket to the host that
// served the page. The rest of the renderer never learns which.
import { decodeMessage, encodeMessage } from '../src-shared/codec.ts';
import { toErrorData, WeftError } from '../src-shared/failure.ts';
import {
  createClient,
  type Client,
  type ClientEnd,
  type EventMessage,
  type Request,
  type Response,
} from '../src-shared/protocol.ts';

export type { Client };

declare global {
  interface Window {
    /** Put there by the desktop window's preload; absent in a browser. */
    weftBridge?: {
      request(message: Request): Promise<Response>;
      /** Returns the function that ends the subscription. */
      onEvent(listener: (message: EventMessage) => void): () => void;
    };
  }
}

/** `open` again after `lost` means that events were missed: ask for the state anew. */
export type ConnectionState = 'open' | 'lost';

const firstRetryMs = 250;
const longestRetryMs = 5000;

/** The wait before the next attempt to reconnect, after `attempts` that failed: doubles up to 5 s. */
export function retryDelayMs(attempts: number): number {
  return Math.min(longestRetryMs, firstRetryMs * 2 ** attempts);
}

/** The code of the error that a call fails with when the core can't be reached. */
export const connectionLostCode = 'client.connection-lost';

const connectionLost = (): WeftError =>
  new WeftError(
    connectionLostCode,
    'The connection to Weft is lost.',
    'If Weft was ended, start it again and open the address that it prints.',
  );

function connectBridge(bridge: NonNullable<Window['weftBridge']>): Client {
  const end: ClientEnd = createClient((request) => {
    bridge.request(request).then(
      (response) => end.receive(response),
      (error: unknown) => end.receive({ id: request.id, error: toErrorData(error) }),
    );
  });
  bridge.onEvent((message) => end.receive(message));
  return end.client;
}

function connectSocket(onStateChange: (state: ConnectionState) => void): Promise<Client> {
  const address = new URL('/contract', location.href);
  address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:';
  let socket: WebSocket;
  let failedAttempts = 0;

  const end = createClient((request) => {
    if (socket.readyState !== WebSocket.OPEN) throw connectionLost();
    socket.send(encodeMessage(request));
  });

  return new Promise((resolve) => {
    const open = (): void => {
      socket = new WebSocket(address);
      socket.binaryType = 'arraybuffer';
      socket.addEventListener('open', () => {
        failedAttempts = 0;
        onStateChange('open');
        resolve(end.client);
      });
      socket.addEventListener('message', (message: MessageEvent<unknown>) => {
        if (message.data instanceof ArrayBuffer) end.receive(decodeMessage(new Uint8Array(message.data)));
      });
      socket.addEventListener('close', () => {
        end.close(connectionLost());
        onStateChange('lost');
        setTimeout(open, retryDelayMs(failedAttempts));
        failedAttempts += 1;
      });
    };
    open();
  });
}

/** Resolves once the core can be asked; afterwards `onStateChange` says when the connection is lost and open again. */
export async function connect(onStateChange: (state: ConnectionState) => void): Promise<Client> {
  if (window.weftBridge === undefined) return connectSocket(onStateChange);
  const client = connectBridge(window.weftBridge);
  onStateChange('open');
  return client;
}
