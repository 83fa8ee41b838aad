import { uptime } from 'node:os';
import { WeftError } from '../../src-shared/failure.ts';
import { isActiveState } from '../../src-shared/schemas/run.ts';
import { isProcessAlive } from '../files/processAlive.ts';
import type { RunRecord } from './runRecord.ts';

/** When the process that its record names took it on. */
const takenOnAt = ({ resumes, createdAt }: RunRecord): string => resumes.at(-1)?.at ?? createdAt;

/** Whether another Weft, such as the command line, is training it now. Process ids begin anew when the machine does. */
export function isTrainedElsewhere(record: RunRecord): boolean {
  if (!isActiveState(record.state) || record.processId === process.pid) return false;
  const startedMs = Date.now() - uptime() * 1000;
  return Date.parse(takenOnAt(record)) >= startedMs && isProcessAlive(record.processId);
}

/** Throws `run.elsewhere`. */
export function refuseElsewhere(record: RunRecord): void {
  if (!isTrainedElsewhere(record)) return;
  throw new WeftError(
    'run.elsewhere',
    `Run "${record.name}" is being trained by another Weft on this machine.`,
    'Stop it there first.',
  );
}
