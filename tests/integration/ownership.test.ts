// One owner a data directory, among processes that start, end and are killed at once.
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readOwner } from '../../src-main/files/ownership.ts';
import { buildProgram, sourcePath } from '../buildProgram.ts';

/** Takes a directory once and holds it until its input ends; or takes it again and again, and looks for company. */
const contenderSource = `
import { closeSync, openSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { takeOwnership } from ${sourcePath('src-main/files/ownership.ts')};
const [dataDirectory, rounds] = process.argv.slice(2);
const claim = { host: 'cli', address: null };
if (rounds === undefined) {
  const taken = await takeOwnership(dataDirectory, claim);
  console.log('ownership' in taken ? 'owner' : taken.owner.processId);
  if ('ownership' in taken) process.stdin.resume().on('end', () => taken.ownership.release());
} else {
  let had = 0;
  while (had < Number(rounds)) {
    const taken = await takeOwnership(dataDirectory, claim);
    if (!('ownership' in taken)) continue;
    // Fails when another one is in here.
    const guard = join(dataDirectory, 'guard');
    closeSync(openSync(guard, 'wx'));
    await new Promise((done) => setTimeout(done, 1));
    rmSync(guard);
    await taken.ownership.release();
    had += 1;
  }
  console.log('done');
}
`;

let folder: string;
let contender: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'weft-ownership-'));
  contender = await buildProgram(folder, 'contender', contenderSource);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Contender {
  child: ChildProcess;
  /** Its first line. */
  said: Promise<string>;
  ended: Promise<void>;
}

function start(...args: string[]): Contender {
  const child = spawn(process.execPath, [contender, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = new Promise<void>((done) => child.once('close', () => done()));
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  const said = new Promise<string>((done) => {
    child.stdout.on('data', () => output.includes('\n') && done(output.trim()));
    void ended.then(() => done(output.trim()));
  });
  return { child, said, ended };
}

describe('one owner a data directory', () => {
  it('is exactly one of many processes that start at once, also after one that was killed', async () => {
    const dataDirectory = join(folder, 'at-once');
    for (let round = 0; round < 3; round += 1) {
      const all = Array.from({ length: 12 }, () => start(dataDirectory));
      const said = await Promise.all(all.map((one) => one.said));
      const owners = all.filter((_, index) => said[index] === 'owner');
      expect(owners).toHaveLength(1);
      const ownerId = String(owners[0]!.child.pid);
      expect(said.filter((one) => one !== 'owner')).toEqual(Array(all.length - 1).fill(ownerId));
      expect(await readOwner(dataDirectory)).toMatchObject({ host: 'cli', processId: Number(ownerId) });
      owners[0]!.child.kill('SIGKILL');
      await Promise.all(all.map((one) => one.ended));
      expect(await readOwner(dataDirectory)).toBeUndefined();
    }
  });

  it('is never joined by another, however often they take turns', async () => {
    const dataDirectory = join(folder, 'in-turns');
    const all = Array.from({ length: 6 }, () => start(dataDirectory, '40'));
    expect(await Promise.all(all.map((one) => one.said))).toEqual(Array(all.length).fill('done'));
    expect(await readOwner(dataDirectory)).toBeUndefined();
  });

  it('gives way at once when it ends, and when it is killed while its parent has not looked yet', async () => {
    const dataDirectory = join(folder, 'ends');
    const first = start(dataDirectory);
    expect(await first.said).toBe('owner');
    first.child.stdin?.end();
    await first.ended;
    const second = start(dataDirectory);
    expect(await second.said).toBe('owner');
    process.kill(second.child.pid!, 'SIGKILL');
    const third = start(dataDirectory);
    expect(await third.said).toBe('owner');
    third.child.stdin?.end();
    await Promise.all([second.ended, third.ended]);
  });
});
