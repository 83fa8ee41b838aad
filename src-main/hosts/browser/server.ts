// HTTP and WebSocket on 127.0.0.1: the page, and the contract that it speaks.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { modelFileLimitBytes } from '../../../src-shared/contract.ts';
import { WeftError } from '../../../src-shared/failure.ts';
import { createPages, type Pages } from '../../app/pages.ts';
import type { App } from '../../app/types.ts';
import { createAccess, type Access } from './access.ts';
import { serveViewer } from './viewer.ts';

const loopback = '127.0.0.1';
/** The largest message is a model file that is imported; the rest of such a message is small. */
const messageLimitBytes = modelFileLimitBytes + 1024 * 1024;

export interface BrowserServer {
  /** The address for the person, with the token. */
  address: string;
  /** The same without the token. */
  origin: string;
  /** Begins to answer. */
  serve(app: App): void;
  /** Ends every connection. */
  close(): Promise<void>;
}

/** Takes the port (0: any free one). Throws `browser.port-in-use` and `browser.port-refused`. */
async function listen(server: Server, port: number): Promise<number> {
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen({ host: loopback, port, exclusive: true }, resolve);
    });
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? error.code : undefined;
    if (reason === 'EADDRINUSE') {
      throw new WeftError(
        'browser.port-in-use',
        `Port ${port} is in use by another program.`,
        'Choose another with --port N, or leave it out for a free one.',
      );
    }
    throw new WeftError(
      'browser.port-refused',
      `Port ${port} can't be listened on (${String(reason ?? error)}).`,
      'Choose another with --port N, or leave it out for a free one.',
    );
  }
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return address.port;
}

async function send(answer: Response, response: ServerResponse): Promise<void> {
  response.writeHead(answer.status, Object.fromEntries(answer.headers));
  response.end(new Uint8Array(await answer.arrayBuffer()));
}

async function answerPage(request: IncomingMessage, access: Access, pages: Pages): Promise<Response> {
  const decision = access.judgePage({ target: request.url ?? '', headers: request.headers });
  switch (decision.kind) {
    case 'refuse':
      return pages.say(decision.status, decision.sentence);
    case 'admit':
      return pages.say(303, 'Weft is at /.', { Location: '/', 'Set-Cookie': decision.cookie });
    case 'allow':
      return pages.serve({ method: request.method ?? '', path: decision.path });
  }
}

function refuseUpgrade(socket: Duplex, status: number, sentence: string): void {
  const lines = [
    `HTTP/1.1 ${status} Refused`,
    'Connection: close',
    'Content-Type: text/plain; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(sentence)}`,
  ];
  socket.end(`${lines.join('\r\n')}\r\n\r\n${sentence}`);
}

/** Takes the port at once, so that a port in use is known before anything else is begun. */
export async function openBrowserServer(port: number, pagesFolder: string): Promise<BrowserServer> {
  const server = createServer();
  const access = createAccess(await listen(server, port));
  // Older browsers don't count a WebSocket to the same host as the page's own origin.
  const pages = createPages(pagesFolder, [access.origin.replace('http:', 'ws:')]);
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: messageLimitBytes,
    perMessageDeflate: false,
  });

  return {
    address: access.address,
    origin: access.origin,
    serve(app) {
      server.on('request', (request, response) => {
        answerPage(request, access, pages)
          .then((answer) => send(answer, response))
          .catch((error: unknown) => {
            console.error(error);
            response.destroy();
          });
      });
      server.on('upgrade', (request, socket, head) => {
        socket.on('error', () => socket.destroy());
        const decision = access.judgeSocket({ target: request.url ?? '', headers: request.headers });
        if (decision.kind === 'allow') {
          sockets.handleUpgrade(request, socket, head, (viewer) => serveViewer(viewer, app));
        } else if (decision.kind === 'refuse') {
          refuseUpgrade(socket, decision.status, decision.sentence);
        }
      });
    },
    async close() {
      for (const viewer of sockets.clients) viewer.terminate();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}
