import { mkdtemp, mkdir, readdir, readFile, rm, symlink, utimes, writeFile, lstat } from 'node:fs/promises';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sweepTemporaries, writeFileSafely } from '../../../src-main/files/safeWrite.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'weft-safe-write-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** The id of a process that was, and is no more. */
function deadProcessId(): number {
  return spawnSync(process.execPath, ['--version']).pid;
}

describe('writeFileSafely', () => {
  it('writes text, bytes and chunks, and makes the folders that are missing', async () => {
    const path = join(folder, 'a', 'b', 'file');
    await writeFileSafely(path, 'grüße');
    expect(await readFile(path, 'utf8')).toBe('grüße');
    await writeFileSafely(path, Uint8Array.of(1, 2, 3));
    expect([...(await readFile(path))]).toEqual([1, 2, 3]);
    await writeFileSafely(path, [Uint8Array.of(4), Uint8Array.of(), Uint8Array.of(5, 6)]);
    expect([...(await readFile(path))]).toEqual([4, 5, 6]);
    expect(await readdir(join(folder, 'a', 'b'))).toEqual(['file']);
  });

  it('keeps the old file whole and leaves nothing behind when the content fails half-way', async () => {
    const path = join(folder, 'file');
    await writeFileSafely(path, 'old');
    function* failing(): Generator<Uint8Array> {
      yield new Uint8Array(100_000);
      throw new Error('the source broke');
    }
    await expect(writeFileSafely(path, failing())).rejects.toMatchObject({
      code: 'files.write-failed',
      message: `Could not write "${path}": the source broke.`,
    });
    expect(await readFile(path, 'utf8')).toBe('old');
    expect(await readdir(folder)).toEqual(['file']);
  });

  it('names the file when a folder is in its place, and leaves nothing behind', async () => {
    const path = join(folder, 'taken');
    await mkdir(path);
    await expect(writeFileSafely(path, 'new')).rejects.toMatchObject({
      message: expect.stringContaining(path) as string,
    });
    expect(await readdir(folder)).toEqual(['taken']);
  });

  it('names the file when a part of its path is no folder', async () => {
    await writeFile(join(folder, 'plain'), '');
    const path = join(folder, 'plain', 'file');
    await expect(writeFileSafely(path, 'new')).rejects.toMatchObject({
      message: expect.stringContaining(path) as string,
    });
  });

  it.skipIf(process.platform === 'win32')(
    'writes the file that a link points at and keeps the link (needs links, which Windows restricts)',
    async () => {
      await writeFileSafely(join(folder, 'target'), 'old');
      await symlink(join(folder, 'target'), join(folder, 'link'));
      await writeFileSafely(join(folder, 'link'), 'new');
      expect(await readFile(join(folder, 'target'), 'utf8')).toBe('new');
      expect((await lstat(join(folder, 'link'))).isSymbolicLink()).toBe(true);
    },
  );

  it('leaves one whole file when many write the same one at once', async () => {
    const path = join(folder, 'file');
    const contents = Array.from({ length: 20 }, (_, index) => String(index).repeat(50_000 + index));
    await Promise.all(contents.map((content) => writeFileSafely(path, content)));
    expect(contents).toContain(await readFile(path, 'utf8'));
    expect(await readdir(folder)).toEqual(['file']);
  });
});

describe('sweepTemporaries', () => {
  const temporary = (processId: number): string => `.weft-${processId}-0123456789abcdef.part`;

  it('removes what a dead process left, and nothing else', async () => {
    await writeFile(join(folder, temporary(deadProcessId())), '');
    await writeFile(join(folder, 'model.part'), '');
    await writeFile(join(folder, '.weft-notes'), '');
    expect(await sweepTemporaries(folder)).toBe(1);
    expect((await readdir(folder)).sort()).toEqual(['.weft-notes', 'model.part']);
  });

  it('leaves what this process is writing', async () => {
    let swept = -1;
    async function* sweeping(): AsyncGenerator<Uint8Array> {
      yield Uint8Array.of(1);
      swept = await sweepTemporaries(folder);
      yield Uint8Array.of(2);
    }
    await writeFileSafely(join(folder, 'file'), sweeping());
    expect(swept).toBe(0);
    expect([...(await readFile(join(folder, 'file')))]).toEqual([1, 2]);
  });

  it('leaves what another living process is writing, unless it is older than any write takes', async () => {
    const path = join(folder, temporary(process.ppid));
    await writeFile(path, '');
    expect(await sweepTemporaries(folder)).toBe(0);
    const yesterday = new Date(Date.now() - 24 * 60 * 60 * 1000);
    await utimes(path, yesterday, yesterday);
    expect(await sweepTemporaries(folder)).toBe(1);
  });

  it('finds nothing in a folder that is not there', async () => {
    expect(await sweepTemporaries(join(folder, 'missing'))).toBe(0);
  });
});
