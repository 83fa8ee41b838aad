import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readOwner, takeOwnership } from '../../../src-main/files/ownership.ts';
import { ownIdentity } from '../../../src-main/files/processIdentity.ts';

let dataDirectory: string;
beforeEach(async () => {
  dataDirectory = await mkdtemp(join(tmpdir(), 'weft-owner-'));
});
afterEach(async () => {
  await rm(dataDirectory, { recursive: true, force: true });
});

const me = { host: 'browser', address: 'http://127.0.0.1:4000' } as const;
const place = (number: number): string => join(dataDirectory, 'owner', `${number}.json`);

async function writeClaim(number: number, process: typeof ownIdentity, hasEnded = false): Promise<void> {
  await mkdir(join(dataDirectory, 'owner'), { recursive: true });
  const owner = { host: 'cli', address: null, processId: 1, machine: 'here', since: '2026-01-02T03:04:05Z' };
  await writeFile(place(number), JSON.stringify({ ...owner, process, hasEnded }));
}
const isTaken = async (): Promise<boolean> => 'ownership' in (await takeOwnership(dataDirectory, me));

describe('takeOwnership', () => {
  it('takes a directory that nobody has, and tells the next one who has it', async () => {
    const taken = await takeOwnership(dataDirectory, me);
    if (!('ownership' in taken)) throw new Error('It was not taken.');
    const owner = { host: 'browser', processId: process.pid, address: 'http://127.0.0.1:4000' };
    expect(await takeOwnership(dataDirectory, me)).toMatchObject({ owner });
    expect(await readOwner(dataDirectory)).toMatchObject(owner);
    await taken.ownership.release();
    expect(await readOwner(dataDirectory)).toBeUndefined();
    expect(await isTaken()).toBe(true);
  });

  it('keeps one small file and leaves nothing else behind', async () => {
    for (let round = 0; round < 3; round += 1) {
      const taken = await takeOwnership(dataDirectory, me);
      if ('ownership' in taken) await taken.ownership.release();
    }
    expect(await readdir(join(dataDirectory, 'owner'))).toEqual(['3.json']);
    expect((await readFile(place(3))).byteLength).toBeLessThan(1000);
  });

  it('is not stopped by a process that is no more, nor by one that got its id later', async () => {
    const child = spawn(process.execPath, ['-e', '']);
    await new Promise((done) => child.once('exit', done));
    await writeClaim(1, { ...ownIdentity, processId: child.pid! });
    expect(await readOwner(dataDirectory)).toBeUndefined();
    await writeClaim(2, { ...ownIdentity, startedAt: ownIdentity.startedAt - 60_000 });
    expect(await readOwner(dataDirectory)).toBeUndefined();
    expect(await isTaken()).toBe(true);
    expect(await readdir(join(dataDirectory, 'owner'))).toEqual(['3.json']);
  });

  it('goes by the time of the file where it cannot see the process, as on another machine', async () => {
    await writeClaim(1, { ...ownIdentity, world: 'another machine' });
    expect(await isTaken()).toBe(false);
    const minuteAgo = new Date(Date.now() - 60_000);
    await utimes(place(1), minuteAgo, minuteAgo);
    expect(await isTaken()).toBe(true);
  });

  it('takes no file of another shape for an owner', async () => {
    await mkdir(join(dataDirectory, 'owner'));
    await writeFile(place(7), '{"host":"cli"}');
    const past = new Date(Date.now() - 10_000);
    await utimes(place(7), past, past);
    expect(await isTaken()).toBe(true);
    expect(await readdir(join(dataDirectory, 'owner'))).toEqual(['8.json']);
  });
});
