import { spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { exclusively } from '../../../scripts/exclusively.mjs';

const module = pathToFileURL(join(import.meta.dirname, '../../../scripts/exclusively.mjs')).href;

let folder: string;
let lock: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'weft-exclusively-'));
  lock = join(folder, 'lock');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A process that works for a moment and fails when it has company. Resolves to its exit status. */
function worker(turns: number): Promise<number | null> {
  const code = `
    import { openSync, rmSync } from 'node:fs';
    import { exclusively } from ${JSON.stringify(module)};
    const guard = ${JSON.stringify(join(folder, 'guard'))};
    for (let turn = 0; turn < ${turns}; turn += 1) {
      await exclusively(${JSON.stringify(lock)}, () => undefined, async () => {
        openSync(guard, 'wx');
        await new Promise((done) => setTimeout(done, 5));
        rmSync(guard);
      });
    }`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: 'inherit' });
  return new Promise((resolve) => child.once('exit', resolve));
}

describe('exclusively', () => {
  it('lets one of many processes work at a time, and all of them in the end', async () => {
    const workers = Array.from({ length: 4 }, () => worker(3));
    expect(await Promise.all(workers)).toEqual([0, 0, 0, 0]);
    expect(readdirSync(lock)).toHaveLength(1);
  });

  it('waits for a process that is at work, and says for which', async () => {
    mkdirSync(lock);
    writeFileSync(join(lock, '1'), String(process.ppid));
    const waitedFor: string[] = [];
    let hasWorked = false;
    const done = exclusively(
      lock,
      (processId) => waitedFor.push(processId),
      () => (hasWorked = true),
    );
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(waitedFor).toEqual([String(process.ppid)]);
    expect(hasWorked).toBe(false);
    writeFileSync(join(lock, '1'), 'ended');
    await done;
    expect(hasWorked).toBe(true);
  });

  it('is not stopped by a process that was killed at work, and lets the next one in after work that failed', async () => {
    const killed = spawn(process.execPath, ['-e', '']);
    await new Promise((resolve) => killed.once('exit', resolve));
    mkdirSync(lock);
    writeFileSync(join(lock, '7'), String(killed.pid));
    const failing = exclusively(
      lock,
      () => undefined,
      () => {
        throw new Error('no disk');
      },
    );
    await expect(failing).rejects.toThrow('no disk');
    expect(
      await exclusively(
        lock,
        () => undefined,
        () => 'done',
      ),
    ).toBe('done');
    expect(readFileSync(join(lock, '9'), 'utf8')).toBe('ended');
    expect(existsSync(join(lock, '8'))).toBe(false);
  });
});
