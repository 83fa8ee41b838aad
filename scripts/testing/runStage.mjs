// Runs one stage in a process group of its own, so that a stage that hangs ends with everything it started.
import { spawn } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';

const isWindows = process.platform === 'win32';

/** Time for a runner to close its browsers, which are in groups of their own, before it is killed. */
const graceMs = 5000;

function signalGroup(child, signal) {
  if (child.pid === undefined) return;
  try {
    if (isWindows) child.kill(signal);
    else process.kill(-child.pid, signal);
  } catch {
    // It ended by itself in the meantime.
  }
}

function run(stage) {
  return new Promise((resolve) => {
    const [program, ...args] = stage.command;
    const child = spawn(program, args, {
      env: { ...process.env, FORCE_COLOR: '0', NO_COLOR: '1', ...stage.environment },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: !isWindows,
      shell: isWindows && program.endsWith('.cmd'),
    });
    const output = [];
    child.stdout.on('data', (chunk) => output.push(chunk));
    child.stderr.on('data', (chunk) => output.push(chunk));
    const onInterrupt = () => {
      signalGroup(child, 'SIGTERM');
      setTimeout(() => {
        signalGroup(child, 'SIGKILL');
        process.exit(130);
      }, graceMs);
      child.once('close', () => process.exit(130));
    };
    process.once('SIGINT', onInterrupt);
    process.once('SIGTERM', onInterrupt);
    let endedBy = '';
    const limit = setTimeout(() => {
      endedBy = `it was ended after ${stage.limitMinutes} minutes`;
      signalGroup(child, 'SIGTERM');
      setTimeout(() => signalGroup(child, 'SIGKILL'), graceMs).unref();
    }, stage.limitMinutes * 60_000);
    const finish = (problem) => {
      clearTimeout(limit);
      process.off('SIGINT', onInterrupt);
      process.off('SIGTERM', onInterrupt);
      signalGroup(child, 'SIGKILL');
      resolve({ problem, output: Buffer.concat(output).toString('utf8') });
    };
    child.once('error', (error) => finish(error.message));
    child.once('close', (code, signal) => {
      finish(endedBy || (code === 0 ? '' : code === null ? `signal ${signal}` : `exit status ${code}`));
    });
  });
}

function count(stage, problem) {
  if (stage.report === undefined)
    return { passed: problem === '' ? 1 : 0, failed: problem === '' ? 0 : 1, skipped: [] };
  let counts;
  try {
    counts = stage.report.read(stage.report.file);
  } catch {
    return {
      passed: 0,
      failed: 1,
      skipped: [],
      problem: `no report was written (${problem || 'exit status 0'})`,
    };
  }
  if (counts.passed + counts.failed + counts.skipped.length === 0) {
    return { ...counts, failed: 1, problem: 'no test was found' };
  }
  // A runner that fails although every test passed (a crash at the end, an unhandled error) has failed.
  if (problem !== '' && counts.failed === 0) return { ...counts, failed: 1, problem };
  return counts;
}

/** `{ passed, failed, skipped, problem, output, seconds }` of a stage of stages.mjs. */
export async function runStage(stage) {
  if (stage.report !== undefined) {
    rmSync(stage.report.file, { force: true });
    mkdirSync(dirname(stage.report.file), { recursive: true });
  }
  const startedAt = performance.now();
  const { problem, output } = await run(stage);
  return { problem, output, ...count(stage, problem), seconds: (performance.now() - startedAt) / 1000 };
}
