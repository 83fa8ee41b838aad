// Runs the built programs in plain Node, as the tests of the command line, of the bundles and of the page need them.
import { spawn, type ChildProcess } from 'node:child_process';
import { resolve } from 'node:path';

const mainFolder = resolve(import.meta.dirname, '../out/main');

export interface ProgramOptions {
  cwd?: string;
  environment?: Record<string, string>;
}

export interface StartedProgram {
  child: ChildProcess;
  /** What it printed so far. */
  output: { stdout: string; stderr: string };
  /** Resolves to the first match on standard output; rejects when the program ends without it. */
  waitForLine: (pattern: RegExp) => Promise<string>;
  /** The exit status; null when a signal ended it. */
  ended: Promise<number | null>;
}

/** Starts `out/main/<name>` with the arguments. */
export function startProgram(
  name: string,
  args: readonly string[],
  options: ProgramOptions = {},
): StartedProgram {
  const child = spawn(process.execPath, [resolve(mainFolder, name), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    cwd: options.cwd,
    env: { ...process.env, ...options.environment },
  });
  const output = { stdout: '', stderr: '' };
  const ended = new Promise<number | null>((done, reject) => {
    child.once('error', reject);
    child.once('close', done);
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output.stderr += text));
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output.stdout += text));
  return {
    child,
    output,
    ended,
    waitForLine: (pattern) =>
      new Promise((found, reject) => {
        const look = (): void => {
          const match = pattern.exec(output.stdout);
          if (match === null) return;
          child.stdout.off('data', look);
          found(match[0]);
        };
        child.stdout.on('data', look);
        look();
        void ended.then((status) => {
          look();
          reject(
            new Error(`${name} ended with status ${status} before ${String(pattern)}: ${output.stderr}`),
          );
        });
      }),
  };
}

/** Runs `out/main/<name>` to its end. */
export async function runProgram(
  name: string,
  args: readonly string[],
  options: ProgramOptions = {},
): Promise<{ status: number | null; stdout: string; stderr: string }> {
  const program = startProgram(name, args, options);
  const status = await program.ended;
  return { status, ...program.output };
}
