// For tests: starts the built desktop app under the stand-in and plays the person at the machine.
import { fork } from 'node:child_process';
import { join } from 'node:path';
import type { ControlAnswer, WindowState } from './control.ts';

const root = join(import.meta.dirname, '../../..');
const register = join(import.meta.dirname, 'register.mjs');
const program = join(root, 'out/main/electron.js');
const lookEveryMs = 50;

/** Asks again and again until the answer is there; the test's own time limit ends it. */
export async function until<T>(ask: () => Promise<T | undefined | false>): Promise<T> {
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
  }
}

export class DesktopUnderTest {
  /** Standard output and error so far. */
  output = '';
  /** Exit status, once the app has ended. */
  readonly ended: Promise<number | null>;
  readonly #child;
  readonly #waiting = new Map<number, (answer: ControlAnswer) => void>();
  #nextId = 1;

  constructor(args: readonly string[]) {
    this.#child = fork(program, args, {
      cwd: root,
      execArgv: ['--import', register],
      serialization: 'advanced',
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
    }
    this.#child.on('message', (answer: ControlAnswer) => {
      this.#waiting.get(answer.id)?.(answer);
      this.#waiting.delete(answer.id);
    });
    this.ended = new Promise((resolve) => this.#child.once('exit', resolve));
    void this.ended.then((status) => {
      const error = `The app has ended (exit status ${String(status)}).\n${this.output}`;
      for (const [id, resolve] of this.#waiting) resolve({ id, error });
    });
  }

  get pid(): number {
    return this.#child.pid ?? NaN;
  }

  /** One of the actions of control.ts. Throws what it throws. */
  async ask<T>(action: string, ...args: unknown[]): Promise<T> {
    const id = this.#nextId;
    this.#nextId += 1;
    const answer = await new Promise<ControlAnswer>((resolve) => {
      this.#waiting.set(id, resolve);
      this.#child.send({ id, action, args }, (error) => {
        if (error !== null) resolve({ id, error: `${error.message}\n${this.output}` });
      });
    });
    if ('error' in answer) throw new Error(answer.error);
    // The test knows what it asks for.
    return answer.output as T;
  }

  /** Evaluates an expression in the window's page. */
  evaluate<T>(expression: string): Promise<T> {
    return this.ask<T>('page', 'evaluate', expression);
  }

  /** A command of the contract, through the page's own bridge. Throws the sentence that it was refused with. */
  async call<T>(command: string, input: object = {}): Promise<T> {
    const request = JSON.stringify({ id: 1, command, input });
    const response = await this.evaluate<{ output: T } | { error: { message: string } }>(
      `weftBridge.request(${request})`,
    );
    if ('error' in response) throw new Error(response.error.message);
    return response.output;
  }

  /** The window once it is shown. */
  shownWindow(): Promise<WindowState> {
    return until(async () => {
      const windows = await this.ask<WindowState[]>('windows');
      return windows.find((window) => window.isVisible);
    });
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  /** Ends the app as a person does who quits it. */
  async quit(): Promise<number | null> {
    this.signal('SIGTERM');
    return this.ended;
  }
}
