import { systemErrorCode } from './fileError.ts';

/** Whether a process of this id is running, another person's included. */
export function isProcessAlive(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    return systemErrorCode(error) === 'EPERM';
  }
}
