// The safe writer against what only another process or another disk can do to it: a kill, a full disk.
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sweepTemporaries, writeFileSafely } from '../../src-main/files/safeWrite.ts';
import { buildProgram, sourcePath } from '../buildProgram.ts';

let folder: string;
/** A program that writes `count` files of `byte`, each `sizeBytes` long, over the same path. */
let writer: string;
const sizeBytes = 4_000_000;

const writerSource = `
import { writeFileSafely } from ${sourcePath('src-main/files/safeWrite.ts')};
const [path, count, size] = process.argv.slice(2);
try {
  for (let index = 1; index <= Number(count); index += 1) {
    const half = new Uint8Array(Number(size) / 2).fill(index % 256);
    await writeFileSafely(path, [half, half]);
    console.log(index);
  }
} catch (error) {
  console.log(error.code);
}
`;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'weft-safe-write-'));
  writer = await buildProgram(folder, 'writer', writerSource);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const isWhole = (bytes: Uint8Array): boolean =>
  bytes.length === sizeBytes && bytes.every((byte) => byte === bytes[0]);

describe('writeFileSafely', () => {
  it('leaves one whole file when its process is killed, at any moment', async () => {
    const place = join(folder, 'killed');
    const path = join(place, 'file');
    await writeFileSafely(path, new Uint8Array(sizeBytes));
    for (let round = 0; round < 12; round += 1) {
      const child = spawn(process.execPath, [writer, path, '1000', String(sizeBytes)], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const ended = new Promise((done) => child.once('close', done));
      await Promise.race([ended, new Promise((begun) => child.stdout.once('data', begun))]);
      expect(child.exitCode).toBeNull();
      await delay(round * 3);
      child.kill('SIGKILL');
      await ended;
      expect(isWhole(await readFile(path)), `round ${round}`).toBe(true);
    }
    await sweepTemporaries(place);
    expect(await readdir(place)).toEqual(['file']);
  });

  it.skipIf(process.platform === 'win32')(
    'keeps the old file when the new one grows past the size allowed (needs ulimit, which Windows lacks)',
    async () => {
      const place = join(folder, 'limited');
      const path = join(place, 'file');
      await writeFileSafely(path, 'old');
      // A limit of 1 MiB: a part of the new file can be written before the rest is refused.
      const { stdout } = spawnSync(
        'bash',
        [
          '-c',
          'ulimit -f 1024; exec "$@"',
          'limited',
          process.execPath,
          writer,
          path,
          '1',
          String(sizeBytes),
        ],
        {
          encoding: 'utf8',
        },
      );
      expect(stdout.trim()).toBe('files.too-large');
      expect(await readFile(path, 'utf8')).toBe('old');
      expect(await readdir(place)).toEqual(['file']);
    },
  );

  it('keeps the old file when the disk is full (needs the right to mount a small disk)', async ({ skip }) => {
    const disk = join(folder, 'disk');
    mkdirSync(disk);
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'none', disk]);
    if (mounted.status !== 0) skip('this user may not mount a small disk');
    try {
      const path = join(disk, 'file');
      await writeFileSafely(path, 'old');
      await expect(writeFileSafely(path, new Uint8Array(sizeBytes))).rejects.toMatchObject({
        code: 'files.disk-full',
        message: `Could not write "${path}": the disk is full.`,
      });
      expect(await readFile(path, 'utf8')).toBe('old');
      expect(await readdir(disk)).toEqual(['file']);
    } finally {
      spawnSync('umount', [disk]);
    }
  });
});
