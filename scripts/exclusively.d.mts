/** Waits until no other process is at work by this folder, then works. `onWait` is told once which one is waited for. */
export function exclusively<T>(
  folder: string,
  onWait: (processId: string) => void,
  work: () => T | Promise<T>,
): Promise<T>;
