// A page over a real socket that reads nothing for a while, as one does that is paused in a debugger.
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import {
  queueLimitBytes,
  requestsUnderWayLimit,
  serveViewer,
} from '../../../../src-main/hosts/browser/viewer.ts';
import { decodeMessage, encodeMessage } from '../../../../src-shared/codec.ts';
import type { Handlers } from '../../../../src-shared/contract.ts';
import type { EventMessage, ServerMessage } from '../../../../src-shared/protocol.ts';

/** What the kernel takes in on both sides of a loopback connection, at most. */
const kernelBytes = 16 * 1024 * 1024;
const answerBytes = 1_500_000;

let server: WebSocketServer;
let page: WebSocket;
let hostSide: WebSocket;
let post: (message: EventMessage) => void;
let begun = 0;
let largestQueueBytes = 0;
const received: ServerMessage[] = [];

const handlers = {
  'dataset.images': () => {
    begun += 1;
    return Promise.resolve({ pixels: new Uint8Array(answerBytes) });
  },
} as unknown as Handlers; // The page of these tests asks nothing else.

beforeEach(async () => {
  begun = 0;
  largestQueueBytes = 0;
  received.length = 0;
  server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false });
  await once(server, 'listening');
  const connected = once(server, 'connection');
  page = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
  [hostSide] = (await connected) as [WebSocket];
  serveViewer(hostSide, {
    handlers,
    subscribe: (listener) => {
      post = listener;
      return () => undefined;
    },
  });
  await once(page, 'open');
  page.on('message', (data: Buffer) => received.push(decodeMessage(data) as ServerMessage));
});
afterEach(() => {
  page.terminate();
  server.close();
});

const measure = (): void => {
  largestQueueBytes = Math.max(largestQueueBytes, hostSide.bufferedAmount);
};
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) {
    measure();
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

describe('a page that reads nothing', () => {
  it('never has more than the limit of events waiting for it, and gets every last word once it reads', async () => {
    page.pause();
    const runs = Math.ceil((kernelBytes * 2) / 4096);
    for (let index = 0; index < runs; index += 1) {
      post({ event: 'run.changed', payload: { id: `run-${index}`, notes: 'x'.repeat(4096) } });
      measure();
      if (index % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    for (let step = 0; step < 1000; step += 1)
      post({ event: 'run.progressed', payload: { runId: 'run-0', step } });
    measure();
    expect(largestQueueBytes).toBeGreaterThan(queueLimitBytes / 2);
    page.resume();
    await until(() => received.length === runs + 1);
    expect(largestQueueBytes).toBeLessThanOrEqual(queueLimitBytes);
    expect(received.at(-1)).toEqual({ event: 'run.progressed', payload: { runId: 'run-0', step: 999 } });
  });

  it('gets an event that is larger than the limit when nothing else waits', async () => {
    post({ event: 'run.changed', payload: { id: 'huge', notes: 'x'.repeat(queueLimitBytes) } });
    await until(() => received.length === 1);
  });

  it('has few of its requests worked on, and gets every answer once it reads', async () => {
    page.pause();
    const requests = 100;
    for (let id = 1; id <= requests; id += 1) {
      page.send(
        encodeMessage({
          id,
          command: 'dataset.images',
          input: { datasetId: 'a', split: 'test', indices: [] },
        }),
      );
    }
    let lookedAt = -1;
    while (begun !== lookedAt) {
      lookedAt = begun;
      await new Promise((resolve) => setTimeout(resolve, 100));
      measure();
    }
    const taken = kernelBytes / answerBytes + requestsUnderWayLimit + 2;
    expect(begun).toBeLessThanOrEqual(taken);
    expect(largestQueueBytes).toBeLessThanOrEqual(queueLimitBytes + requestsUnderWayLimit * answerBytes);
    page.resume();
    await until(() => received.length === requests);
    expect(received.map((message) => ('id' in message ? message.id : 0)).sort((a, b) => a - b)).toEqual(
      Array.from({ length: requests }, (_, index) => index + 1),
    );
  });
});
