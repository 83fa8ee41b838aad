// Runs one stage in a process group of its own, so that a stage that hangs ends with everything it started.
import { spawn } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';

const isWindows = process.platform === 'win32';

function endGroup(child) {
  if (child.pid === undefined) return;
  try {
    if (isWindows) child.kill('SIGKILL');
    else process.kill(-child.pid, 'SIGKILL');
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
      endGroup(child);
      process.exit(130);
    };
    process.once('SIGINT', onInterrupt);
    process.once('SIGTERM', onInterrupt);
    let endedBy = '';
    const limit = setTimeout(() => {
      endedBy = `it was ended after ${stage.limitMinutes} minutes`;
      endGroup(child);
    }, stage.limitMinutes * 60_000);
    const finish = (problem) => {
      clearTimeout(limit);
      process.off('SIGINT', onInterrupt);
      process.off('SIGTERM', onInterrupt);
      endGroup(child);
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
