// Tells a process from every other one, from a later one with the same id as well.
import { execFileSync } from 'node:child_process';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import * as v from 'valibot';
import { hasEnded, isProcessAlive, linuxProcess } from './processAlive.ts';

export const processIdentitySchema = v.strictObject({
  processId: v.number(),
  /** Where its id means something: Linux names the boot and the namespace of process ids, others have the host name. */
  world: v.string(),
  /** Linux: clock ticks since the boot, exact. Elsewhere: milliseconds since 1970, as near as the system tells. */
  startedAt: v.number(),
});
export type ProcessIdentity = v.InferOutput<typeof processIdentitySchema>;

/** Where starts are given in whole seconds, and found out in two ways. */
const startToleranceMs = 10_000;
const lookUpLimitMs = 10_000;

function ask(program: string, args: readonly string[]): string {
  return execFileSync(program, args, {
    encoding: 'utf8',
    timeout: lookUpLimitMs,
    windowsHide: true,
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, LC_ALL: 'C' },
  }).trim();
}

/** When a running process was started, in milliseconds since 1970; undefined where the system doesn't tell. */
function startOf(processId: number): number | undefined {
  try {
    const started =
      process.platform === 'win32'
        ? ask('powershell.exe', [
            '-NoProfile',
            '-Command',
            `(Get-Process -Id ${processId}).StartTime.ToUniversalTime().ToString('o')`,
          ])
        : ask('ps', ['-o', 'lstart=', '-p', String(processId)]);
    const startedMs = Date.parse(started);
    return Number.isNaN(startedMs) ? undefined : startedMs;
  } catch {
    return undefined;
  }
}

const linuxWorld = 'linux ';

function identify(): ProcessIdentity {
  const processId = process.pid;
  if (process.platform === 'linux') {
    try {
      const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
      const world = `${linuxWorld}${boot} ${readlinkSync('/proc/self/ns/pid')}`;
      const startedAt = linuxProcess(processId)?.startTicks;
      if (startedAt !== undefined) return { processId, world, startedAt };
    } catch {
      // Without /proc it is told apart as on other systems.
    }
  }
  return { processId, world: hostname(), startedAt: Date.now() - process.uptime() * 1000 };
}

/** This process. */
export const ownIdentity: ProcessIdentity = identify();

/**
 * Whether the process is running; undefined when that can't be told from here, as of one on another machine or in
 * another container.
 */
export function isRunning({ processId, world, startedAt }: ProcessIdentity): boolean | undefined {
  if (world !== ownIdentity.world) return undefined;
  if (world.startsWith(linuxWorld)) {
    const found = linuxProcess(processId);
    return found !== undefined && !hasEnded(found.state) && found.startTicks === startedAt;
  }
  if (!isProcessAlive(processId)) return false;
  const started = startOf(processId);
  return started === undefined || Math.abs(started - startedAt) < startToleranceMs;
}
