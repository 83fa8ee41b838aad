// A web server on this machine that answers as the test says: well, wrongly, or not at all.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

export type Answer = (response: ServerResponse, fileName: string, request: IncomingMessage) => void;

export interface FaultyServer {
  /** The folder in the web that answers so. */
  mirror(name: string, answer: Answer): string;
  /** `mirror/file` of every request, in order. */
  requests: string[];
  close(): Promise<void>;
}

export async function startFaultyServer(): Promise<FaultyServer> {
  const answers = new Map<string, Answer>();
  const requests: string[] = [];
  const server = createServer((request, response) => {
    const [, name = '', fileName = ''] = (request.url ?? '').split('/');
    requests.push(`${name}/${fileName}`);
    answers.get(name)?.(response, fileName, request);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return {
    requests,
    mirror: (name, answer) => {
      answers.set(name, answer);
      return `http://127.0.0.1:${address.port}/${name}/`;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
