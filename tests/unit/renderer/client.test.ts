import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { connect, retryDelayMs, type ConnectionState } from '../../../src-renderer/client.ts';
import { decodeMessage, encodeMessage } from '../../../src-shared/codec.ts';
import { WeftError } from '../../../src-shared/failure.ts';

/** A host that answers every request with its own input, and fails `run.stop`. */
class EchoHost {
  #http: Server = createServer();
  #sockets: WebSocketServer | null = null;

  async listen(port = 0): Promise<number> {
    this.#http = createServer();
    this.#sockets = new WebSocketServer({ server: this.#http, path: '/contract' });
    this.#sockets.on('connection', (socket) => {
      socket.binaryType = 'arraybuffer';
      socket.on('message', (data) => {
        if (!(data instanceof ArrayBuffer)) return;
        const { id, command, input } = decodeMessage(new Uint8Array(data)) as {
          id: number;
          command: string;
          input: unknown;
        };
        const error = { code: 'run.unknown', message: 'There is no such run.', remedy: 'Choose another.' };
        socket.send(encodeMessage(command === 'run.stop' ? { id, error } : { id, output: input }));
      });
    });
    this.#http.listen(port, '127.0.0.1');
    await once(this.#http, 'listening');
    return (this.#http.address() as AddressInfo).port;
  }

  send(message: unknown): void {
    this.#sockets?.clients.forEach((socket) => socket.send(encodeMessage(message)));
  }

  async close(): Promise<void> {
    this.#sockets?.clients.forEach((socket) => socket.terminate());
    this.#sockets?.close();
    this.#http.close();
    await once(this.#http, 'close');
  }
}

/** As a browser's: a connection that is refused is an event, not an exception. */
class PageSocket extends WebSocket {
  constructor(address: URL) {
    super(address);
    this.on('error', () => undefined);
  }
}

/** The globals stay: the client goes on trying to reconnect after its test. */
function becomePageOf(port: number): void {
  vi.stubGlobal('location', new URL(`http://127.0.0.1:${port}/`));
  vi.stubGlobal('WebSocket', PageSocket);
  vi.stubGlobal('window', {});
}

describe("the page's client over a WebSocket", () => {
  const host = new EchoHost();

  afterEach(async () => {
    await host.close();
  });

  it('carries commands with their bytes, errors as Weft errors, and events', async () => {
    becomePageOf(await host.listen());
    const client = await connect(() => undefined);

    const input = { fileName: 'a.safetensors', bytes: Uint8Array.of(1, 2, 255) };
    expect(await client.call('model.import', input)).toEqual(input);
    await expect(client.call('run.stop', { runId: 'gone' })).rejects.toMatchObject({
      code: 'run.unknown',
      remedy: 'Choose another.',
    });

    const removed = new Promise((resolve) => client.on('run.removed', resolve));
    host.send({ event: 'run.removed', payload: { runId: 'a' } });
    expect(await removed).toEqual({ runId: 'a' });
  });

  it('fails what waits when the connection is lost, says so, and comes back by itself', async () => {
    const port = await host.listen();
    becomePageOf(port);
    const states: ConnectionState[] = [];
    let changed = (): void => undefined;
    const nextState = (): Promise<void> => new Promise((resolve) => (changed = resolve));
    const client = await connect((state) => {
      states.push(state);
      changed();
    });

    const lost = nextState();
    await host.close();
    await lost;
    const refused = await client.call('run.list', {}).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(WeftError);
    expect(refused).toMatchObject({ code: 'client.connection-lost' });

    await host.listen(port);
    while (states.at(-1) !== 'open') await nextState();
    expect(states[0]).toBe('open');
    expect(states).toContain('lost');
    expect(await client.call('run.delete', { runId: 'a' })).toEqual({ runId: 'a' });
  });
});

describe('the wait before reconnecting', () => {
  it('doubles from a quarter of a second and never exceeds five', () => {
    expect([0, 1, 2, 3].map(retryDelayMs)).toEqual([250, 500, 1000, 2000]);
    expect(retryDelayMs(50)).toBe(5000);
  });
});
