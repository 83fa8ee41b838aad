import { readFileSync } from 'node:fs';
import { systemErrorCode } from './fileError.ts';

/** State and start of a process, of proc(5) `/proc/<id>/stat`; undefined when there is none, and where there is no /proc. */
export function linuxProcess(processId: number): { state: string; startTicks: number } | undefined {
  try {
    const stat = readFileSync(`/proc/${processId}/stat`, 'utf8');
    // The second field is the program's name in brackets, and may hold anything.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const fieldOf = (number: number): string => fields[number - 3] ?? '';
    return { state: fieldOf(3), startTicks: Number(fieldOf(22)) };
  } catch {
    return undefined;
  }
}

/** One that was killed stays as a zombie until its parent has looked at it; in a container perhaps for ever. */
export const hasEnded = (state: string): boolean => state === 'Z' || state === 'X';

/** Whether a process of this id is running, another person's included. */
export function isProcessAlive(processId: number): boolean {
  try {
    process.kill(processId, 0);
  } catch (error) {
    return systemErrorCode(error) === 'EPERM';
  }
  const found = process.platform === 'linux' ? linuxProcess(processId) : undefined;
  return found === undefined || !hasEnded(found.state);
}
