// `npm run weft -- …`: the command line, after installing and building what is missing. Standard output is left to
// the command alone.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { prepare } from './prepare.mjs';

try {
  await prepare({ build: true });
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(1);
}

const program = join(import.meta.dirname, '../out/main/cli.js');
// npm runs scripts in the package's folder; files that are named in the arguments are meant from the person's own.
const cwd = process.env.npm_lifecycle_event === 'weft' ? process.env.INIT_CWD : undefined;
const child = spawn(process.execPath, [program, ...process.argv.slice(2)], { stdio: 'inherit', cwd });
// Ctrl+C reaches the command by itself, and it decides what to do about it; a signal to this process is passed on.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => child.kill('SIGTERM'));
child.once('exit', (code, signal) => {
  process.exitCode = code ?? (signal === null ? 1 : 130);
});
