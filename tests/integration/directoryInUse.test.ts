// Two Wefts on one data directory, of every host: the second one is told, and may look.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { findChromium } from '../../scripts/findChromium.mjs';
import type { DirectoryAccess } from '../../src-shared/schemas/directory.ts';
import { runProgram, startProgram, type StartedProgram } from '../program.ts';
import { DesktopUnderTest, until } from '../standin/electron/drive.ts';

let folder: string;
let dataDirectory: string;
let owner: StartedProgram;
let origin: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'weft-in-use-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeEach(async () => {
  dataDirectory = mkdtempSync(join(folder, 'data-'));
  owner = startProgram('browser.js', ['--data-dir', dataDirectory]);
  origin = new URL((await owner.waitForLine(/^Weft is at \S+$/m)).replace('Weft is at ', '')).origin;
});
afterEach(async () => {
  owner.child.kill('SIGKILL');
  await owner.ended;
});

const weft = (...args: string[]) => runProgram('cli.js', [...args, '--data-dir', dataDirectory]);
const inUse = (): RegExp =>
  new RegExp(
    `The data directory ".*" is in use by the browser host of Weft at ${origin} \\(process ${owner.child.pid} since .*\\)\\.`,
  );

describe('a data directory that the browser host uses', () => {
  it('is refused to a second browser host, in a sentence, but not to look', async () => {
    const refused = await runProgram('browser.js', ['--data-dir', dataDirectory]);
    expect(refused).toMatchObject({ status: 1, stdout: '' });
    expect(refused.stderr).toMatch(inUse());
    expect(refused.stderr).toContain('--read-only');
    const reader = startProgram('browser.js', ['--data-dir', dataDirectory, '--read-only']);
    await reader.waitForLine(/^Weft is at \S+$/m);
    reader.child.kill('SIGTERM');
    expect(await reader.ended).toBe(0);
  });

  it('can be read by the command line, which refuses to train in it', async () => {
    const trained = await weft('train', '--preset', 'keras-split', '--dataset', 'strokes', '--epochs', '1');
    expect(trained).toMatchObject({ status: 1, stdout: '' });
    expect(trained.stderr).toMatch(inUse());
    for (const command of ['runs', 'about', 'datasets', 'presets']) {
      expect(await weft(command, '--json')).toMatchObject({ status: 0, stderr: '' });
    }
  });

  it('is free again as soon as that one is killed, without a word', async () => {
    owner.child.kill('SIGKILL');
    const trained = await weft('train', '--preset', 'keras-split', '--dataset', 'strokes', '--epochs', '1');
    expect(trained).toMatchObject({ status: 0, stderr: '' });
  });

  it('tells the person at the command line that the settings are set aside', async () => {
    owner.child.kill('SIGTERM');
    await owner.ended;
    writeFileSync(join(dataDirectory, 'settings.json'), '{"theme":');
    const { status, stderr } = await weft('train', '--preset', 'keras-split', '--dataset', 'nothing');
    expect(status).toBe(2);
    expect(stderr).toMatch(
      /The settings in ".*settings\.json" could not be read, so the defaults are used\. The file is kept beside it as "settings\.unreadable-\d+\.json"\./,
    );
  });

  describe.skipIf(findChromium() === undefined)('on the desktop (skipped without Chromium)', () => {
    const start = (): DesktopUnderTest => new DesktopUnderTest(['--data-dir', dataDirectory]);
    const messageBox = (desktop: DesktopUnderTest): Promise<{ message: string; detail: string }> =>
      until(() => desktop.ask<{ message: string; detail: string } | undefined>('messageBox'));

    it('is asked about, and left alone by a person who quits', async () => {
      const desktop = start();
      const box = await messageBox(desktop);
      expect(box.message).toBe('Another Weft is using this data directory');
      expect(box.detail).toMatch(inUse());
      await desktop.ask('pressInMessageBox', 'Quit');
      expect(await desktop.ended).toBe(0);
    });

    it('opens to look, and is taken over when the other one has ended', async () => {
      const desktop = start();
      await messageBox(desktop);
      await desktop.ask('pressInMessageBox', 'Open read-only');
      await desktop.shownWindow();
      expect(await desktop.call<DirectoryAccess>('directory.describe')).toMatchObject({
        isReadOnly: true,
        owner: { host: 'browser', address: origin },
      });
      await expect(desktop.call('settings.change', { theme: 'dark' })).rejects.toThrow('only reads');
      owner.child.kill('SIGKILL');
      await desktop.ask('page', 'click', 'button:has-text("Take over")');
      await until(async () => !(await desktop.call<DirectoryAccess>('directory.describe')).isReadOnly);
      expect(await desktop.quit()).toBe(0);
    });
  });
});
