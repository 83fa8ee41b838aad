export interface FetchOptions {
  /** How long nothing may arrive before the runtime is given up; 15 seconds when left out. */
  limitMs?: number;
  /** Gets the bytes that have arrived. */
  onProgress?: (bytes: number) => void;
}

/** Makes sure that Electron's runtime is there; else a phrase that says why it can't be had. */
export function fetchElectron(options?: FetchOptions): Promise<{ executable: string } | { reason: string }>;
