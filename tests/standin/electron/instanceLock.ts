// The lock of the single instance: a file that names the process, and a socket on which later ones report to it.
import { createHash } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface InstanceLock {
  isHeld: boolean;
  /** Resolves when the first instance has been told, or when the lock is given back. */
  release(): Promise<void>;
}

function isAlive(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch {
    return false;
  }
}

function takeFile(file: string): boolean {
  for (;;) {
    try {
      writeFileSync(file, String(process.pid), { flag: 'wx' });
      return true;
    } catch {
      if (isAlive(Number(readFileSync(file, 'utf8')))) return false;
      rmSync(file, { force: true });
    }
  }
}

/** Tries to be the first instance of a userData folder; `onOther` hears of those that come later. */
export function holdInstanceLock(
  userData: string,
  onOther: (argv: string[], folder: string) => void,
): InstanceLock {
  const name = createHash('sha256').update(userData).digest('hex').slice(0, 16);
  const socketPath =
    process.platform === 'win32'
      ? `\\\\.\\pipe\\weft-standin-${name}`
      : join(tmpdir(), `weft-standin-${name}`);
  const file = join(userData, 'instance.lock');
  if (takeFile(file)) {
    if (process.platform !== 'win32') rmSync(socketPath, { force: true });
    const server = createServer((socket) => {
      let text = '';
      socket.setEncoding('utf8');
      socket.on('data', (chunk: string) => (text += chunk));
      socket.on('end', () => {
        const { argv, folder } = JSON.parse(text) as { argv: string[]; folder: string };
        onOther(argv, folder);
        socket.end();
      });
    });
    server.listen(socketPath).unref();
    return {
      isHeld: true,
      release: async () => {
        rmSync(file, { force: true });
        await new Promise((resolve) => server.close(resolve));
      },
    };
  }
  const told = new Promise<void>((resolve) => {
    const socket = connect(socketPath, () => {
      socket.end(JSON.stringify({ argv: process.argv, folder: process.cwd() }));
    });
    socket.resume();
    socket.on('close', () => resolve());
    socket.on('error', () => resolve());
  });
  return { isHeld: false, release: () => told };
}
