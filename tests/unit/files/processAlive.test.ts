import { spawn } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { isProcessAlive, linuxProcess } from '../../../src-main/files/processAlive.ts';

describe('isProcessAlive', () => {
  it('is true of a process that runs, and false of one that has ended', async () => {
    expect(isProcessAlive(process.pid)).toBe(true);
    const child = spawn(process.execPath, ['-e', '']);
    await new Promise((done) => child.once('exit', done));
    expect(isProcessAlive(child.pid!)).toBe(false);
  });

  it.skipIf(process.platform !== 'linux')(
    'is false of one that was killed and that nobody has looked at (needs the /proc of Linux)',
    async () => {
      // The shell's child is left to a program that never looks after it.
      const parent = spawn('sh', ['-c', 'sleep 0 & echo $!; exec sleep 30'], {
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      const zombie = Number(
        await new Promise((done) => parent.stdout.once('data', (text: Buffer) => done(text.toString()))),
      );
      while (linuxProcess(zombie)?.state !== 'Z') await delay(10);
      expect(isProcessAlive(zombie)).toBe(false);
      parent.kill('SIGKILL');
    },
  );
});
