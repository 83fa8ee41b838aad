import { uptime } from 'node:os';
import { isProcessAlive } from '../files/processAlive.ts';
import type { RunRecord } from './runRecord.ts';

/** When the process that its record names took it on. */
const takenOnAt = ({ resumes, createdAt }: RunRecord): string => resumes.at(-1)?.at ?? createdAt;

/**
 * Whether the Weft that a run under way was left to is still there to train it, as far as one that only reads can tell.
 * Process ids begin anew when the machine does.
 */
export function isTrainedElsewhere(record: RunRecord): boolean {
  const startedMs = Date.now() - uptime() * 1000;
  return Date.parse(takenOnAt(record)) >= startedMs && isProcessAlive(record.processId);
}
