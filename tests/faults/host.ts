// The built browser host under test, spoken to as a page does, and the processes that belong to it.
import { readdirSync, readFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { decodeMessage, encodeMessage } from '../../src-shared/codec.ts';
import { WeftError } from '../../src-shared/failure.ts';
import { createClient, type Client } from '../../src-shared/protocol.ts';
import {
  isActiveState,
  type RunProgress,
  type RunState,
  type RunSummary,
} from '../../src-shared/schemas/run.ts';
import { startProgram, type StartedProgram } from '../program.ts';

export interface Host {
  program: StartedProgram;
  processId: number;
  address: URL;
  cookie: string;
  client: Client;
  /** Opens another socket, as one more page does. */
  openSocket: () => Promise<WebSocket>;
  /** The latest word on the run under way. */
  progress: () => RunProgress | undefined;
  /** Resolves to the run once it is in one of the states. */
  reaches: (runId: string, ...states: RunState[]) => Promise<RunSummary>;
  /** Resolves once the run under way has come past this step. */
  passes: (step: number) => Promise<void>;
  /** Ends it in order. */
  end: () => Promise<void>;
}

function admit(address: URL): Promise<string> {
  return new Promise((resolve, reject) => {
    request(address, (response) => {
      response.resume();
      resolve((response.headers['set-cookie']?.[0] ?? '').split(';', 1)[0] ?? '');
    })
      .on('error', reject)
      .end();
  });
}

export async function startHost(
  dataDirectory: string,
  environment: Record<string, string> = {},
): Promise<Host> {
  const program = startProgram('browser.js', ['--data-dir', dataDirectory], { environment });
  const line = await program.waitForLine(/^Weft is at \S+$/m);
  const address = new URL(line.replace('Weft is at ', ''));
  const cookie = await admit(address);
  const openSocket = async (): Promise<WebSocket> => {
    const socket = new WebSocket(`ws://${address.host}/contract`, {
      headers: { Cookie: cookie, Origin: address.origin },
    });
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
    return socket;
  };
  const socket = await openSocket();
  const end = createClient((message) => socket.send(encodeMessage(message)));
  socket.on('message', (data: Buffer) => end.receive(decodeMessage(data)));
  socket.on('close', () => end.close(new WeftError('test.closed', 'The host is gone.')));
  const { client } = end;

  let latest: RunProgress | undefined;
  client.on('run.progressed', (progress) => (latest = progress));
  // What a run that has ended came to says nothing of the next one.
  client.on('run.changed', ({ id, state }) => {
    if (latest?.runId === id && !isActiveState(state)) latest = undefined;
  });
  return {
    program,
    processId: program.child.pid ?? NaN,
    address,
    cookie,
    client,
    openSocket,
    progress: () => latest,
    async reaches(runId, ...states) {
      return new Promise((resolve, reject) => {
        const look = (run: RunSummary): void => {
          if (run.id !== runId || !states.includes(run.state)) return;
          stopListening();
          resolve(run);
        };
        const stopListening = client.on('run.changed', look);
        client.call('run.list', {}).then((list) => list.forEach(look), reject);
      });
    },
    async passes(step) {
      if (latest !== undefined && latest.step >= step) return;
      await new Promise<void>((resolve) => {
        const stopListening = client.on('run.progressed', (progress) => {
          if (progress.step < step) return;
          stopListening();
          resolve();
        });
      });
    },
    async end() {
      program.child.kill('SIGTERM');
      await program.ended;
    },
  };
}

/** Processes whose parent is this one, by what they run; Linux only. */
export function childrenOf(processId: number): { processId: number; command: string }[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const stat = readFileSync(join('/proc', name, 'stat'), 'utf8');
        const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
        if (Number(parent) !== processId || state === 'Z') return [];
        const command = readFileSync(join('/proc', name, 'cmdline'), 'utf8').replaceAll('\0', ' ');
        return [{ processId: Number(name), command }];
      } catch {
        return [];
      }
    });
}

/** The process that trains for this host. Throws when there is none. */
export function trainingProcessOf(host: Host): number {
  const found = childrenOf(host.processId).filter(({ command }) => command.includes('training.js'));
  const [training] = found;
  if (training === undefined) throw new Error('The host has no training process.');
  return training.processId;
}

/** Whether there is such a process that has not ended. */
export function isThere(processId: number): boolean {
  try {
    const stat = readFileSync(`/proc/${processId}/stat`, 'utf8');
    return !['Z', 'X'].includes(stat.slice(stat.lastIndexOf(')') + 2).charAt(0));
  } catch {
    return false;
  }
}
