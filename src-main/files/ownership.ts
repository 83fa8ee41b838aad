// One Weft at a time writes in a data directory. It is the one that the highest-numbered file in `owner/` names, as
// long as it runs. To become the owner is to create the next number's file, which the system lets exactly one process
// do; a number is never used again, so nobody can take a file for another one that it has seen before. An owner that
// ends says so in its file; one that was killed is recognised by its process, which is no more.
import { link, open, readdir, readFile, rm, stat, utimes } from 'node:fs/promises';
import { hostname, uptime } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import * as v from 'valibot';
import { ownerSchema, type Owner } from '../../src-shared/schemas/directory.ts';
import { ownersFolder } from './dataDirectory.ts';
import { systemErrorCode, toFileError } from './fileError.ts';
import { makeFolder } from './makeFolder.ts';
import { isRunning, ownIdentity, processIdentitySchema } from './processIdentity.ts';
import { temporaryPathIn, writeFileSafely } from './safeWrite.ts';

const claimSchema = v.strictObject({
  ...ownerSchema.entries,
  process: processIdentitySchema,
  /** Whether it has given the directory back. */
  hasEnded: v.boolean(),
});
type Claim = v.InferOutput<typeof claimSchema>;

/** An owner on another machine or in another container can only be seen by the time of its file. */
const heartbeatMs = 5000;
const heartbeatLimitMs = 30_000;
/** Where there are no hard links a file is empty for a moment before it is written. */
const unwrittenLimitMs = 2000;
const lookEveryMs = 50;

export interface Ownership {
  /** Gives the directory back; another Weft can take it at once. */
  release(): Promise<void>;
}

const claimPath = (folder: string, number: number): string => join(folder, `${number}.json`);

/** Numbers of the claims in the folder, in order. */
async function listClaims(folder: string): Promise<number[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (systemErrorCode(error) === 'ENOENT') return [];
    throw error;
  });
  return names
    .flatMap((name) => {
      const match = /^(\d{1,15})\.json$/.exec(name);
      return match === null ? [] : [Number(match[1])];
    })
    .sort((a, b) => a - b);
}

/** The claim of a file; undefined when it is no longer there, `unreadable` when nothing can be made of it. */
async function readClaim(path: string): Promise<Claim | 'unreadable' | undefined> {
  for (;;) {
    try {
      const { mtimeMs } = await stat(path);
      const text = await readFile(path, 'utf8');
      try {
        return v.parse(claimSchema, JSON.parse(text));
      } catch {
        if (Math.abs(Date.now() - mtimeMs) > unwrittenLimitMs) return 'unreadable';
      }
    } catch (error) {
      if (systemErrorCode(error) === 'ENOENT') return undefined;
      throw error;
    }
    await delay(lookEveryMs);
  }
}

async function isInForce(claim: Claim, path: string): Promise<boolean> {
  if (claim.hasEnded) return false;
  const running = isRunning(claim.process);
  if (running !== undefined) return running;
  const { mtimeMs } = await stat(path);
  const bootedMs = Date.now() - uptime() * 1000;
  // A file older than this machine's last start is most often this machine's own, from before it.
  return mtimeMs > bootedMs && Date.now() - mtimeMs < heartbeatLimitMs;
}

/** The highest number there is (0 for none), and who owns the directory by it. */
async function look(folder: string): Promise<{ number: number; owner: Owner | undefined }> {
  for (;;) {
    const number = (await listClaims(folder)).at(-1) ?? 0;
    if (number === 0) return { number, owner: undefined };
    const path = claimPath(folder, number);
    const claim = await readClaim(path);
    // It has given way to a higher one.
    if (claim === undefined) continue;
    if (claim === 'unreadable' || !(await isInForce(claim, path))) return { number, owner: undefined };
    const { host, processId, machine, since, address } = claim;
    return { number, owner: { host, processId, machine, since, address } };
  }
}

async function writeNew(path: string, content: string): Promise<void> {
  const handle = await open(path, 'wx', 0o600);
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Creates the file, whole at once, unless there is one: then it answers false. */
async function createClaim(folder: string, number: number, claim: Claim): Promise<boolean> {
  const path = claimPath(folder, number);
  const content = JSON.stringify(claim);
  const temporary = temporaryPathIn(folder);
  try {
    await writeNew(temporary, content);
    try {
      await link(temporary, path);
    } catch (error) {
      if (systemErrorCode(error) === 'EEXIST') return false;
      // FAT and some network disks have no hard links.
      await writeNew(path, content);
    }
    return true;
  } catch (error) {
    if (systemErrorCode(error) === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(temporary, { force: true }).catch(() => undefined);
  }
}

function hold(folder: string, number: number, claim: Claim): Ownership {
  const path = claimPath(folder, number);
  const timer = setInterval(() => {
    const now = new Date();
    utimes(path, now, now).catch(() => undefined);
  }, heartbeatMs);
  timer.unref();
  return {
    async release() {
      clearInterval(timer);
      // Where it can't be written, its process is no more in a moment: that says the same.
      await writeFileSafely(path, JSON.stringify({ ...claim, hasEnded: true })).catch(() => undefined);
    },
  };
}

/** Who owns the data directory; undefined when nobody does. */
export async function readOwner(dataDirectory: string): Promise<Owner | undefined> {
  const folder = ownersFolder(dataDirectory);
  try {
    return (await look(folder)).owner;
  } catch (error) {
    throw toFileError(error, folder, 'read');
  }
}

/**
 * Makes this process the owner of the data directory, or says who is. Of any number of processes that try at once,
 * exactly one becomes it. Throws `files.…` errors where nothing can be written.
 */
export async function takeOwnership(
  dataDirectory: string,
  { host, address }: Pick<Owner, 'host' | 'address'>,
): Promise<{ ownership: Ownership } | { owner: Owner }> {
  const folder = ownersFolder(dataDirectory);
  makeFolder(folder);
  const claim: Claim = {
    ...{ host, address, processId: process.pid, machine: hostname(), since: new Date().toISOString() },
    ...{ process: ownIdentity, hasEnded: false },
  };
  try {
    for (;;) {
      const { number, owner } = await look(folder);
      if (owner !== undefined) return { owner };
      const own = number + 1;
      if (!(await createClaim(folder, own, claim))) continue;
      const claims = await listClaims(folder);
      if (claims.at(-1) !== own) {
        // While this one was looking, others came, went and left a higher number.
        await rm(claimPath(folder, own), { force: true });
        continue;
      }
      for (const earlier of claims.filter((one) => one < own)) {
        await rm(claimPath(folder, earlier), { force: true }).catch(() => undefined);
      }
      return { ownership: hold(folder, own, claim) };
    }
  } catch (error) {
    throw toFileError(error, folder, 'write');
  }
}
