import { mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeFolder } from '../../../src-main/files/makeFolder.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'weft-make-folder-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('makeFolder', () => {
  it('makes every folder that is missing, and leaves those that are there as they are', () => {
    const path = join(folder, 'a', 'b', 'c');
    makeFolder(path);
    writeFileSync(join(path, 'kept'), '');
    makeFolder(path);
    expect(readdirSync(path)).toEqual(['kept']);
  });

  it('takes a link to a folder for the folder', () => {
    makeFolder(join(folder, 'real'));
    symlinkSync(join(folder, 'real'), join(folder, 'link'), 'junction');
    makeFolder(join(folder, 'link', 'below'));
    expect(statSync(join(folder, 'real', 'below')).isDirectory()).toBe(true);
  });

  it('says that a file is in the way', () => {
    writeFileSync(join(folder, 'file'), '');
    const path = join(folder, 'file', 'below');
    for (const wanted of [join(folder, 'file'), path]) {
      expect(() => makeFolder(wanted)).toThrow(
        `Could not write "${wanted}": a part of its path is not a folder.`,
      );
    }
    expect(() => makeFolder(join(folder, 'file'), path)).toThrow(`Could not write "${path}"`);
  });

  it.skipIf(process.platform !== 'linux')(
    'gives up where the system takes no folders, instead of trying for ever (needs the /proc of Linux)',
    () => {
      expect(() => makeFolder('/proc/weft/data')).toThrow(
        'Could not create "/proc/weft": no folders can be made in "/proc".',
      );
    },
  );
});
