// Runs the programs that the accuracy benchmark compares, one at a time, and ends them when it is interrupted.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/**
 * Resolves to what a program printed and its exit status once it has ended; `status` is null when a signal ended it.
 * `onLine` is called with each line of its standard output, `input` is its standard input. When `signal` aborts, it is
 * asked to end as by Ctrl+C. Rejects when it can't be started.
 */
export function runProgram(program, args, { signal, environment = {}, input = '', onLine } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args.map(String), { env: { ...process.env, ...environment } });
    const end = () => child.kill('SIGINT');
    const lines = [];
    let stderr = '';
    createInterface({ input: child.stdout }).on('line', (line) => {
      lines.push(line);
      onLine?.(line);
    });
    child.stderr.setEncoding('utf8').on('data', (text) => (stderr += text));
    child.on('error', reject);
    child.on('close', (status) => {
      signal?.removeEventListener('abort', end);
      resolve({ status, lines, stderr });
    });
    // A program that ends before it has read everything is judged by its status.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
    if (signal?.aborted) end();
    else signal?.addEventListener('abort', end, { once: true });
  });
}

/** The last thing that a program that failed had to say. */
export const lastWords = ({ status, stderr }) =>
  stderr
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)
    .at(-1) ?? `it ended with status ${status}`;
