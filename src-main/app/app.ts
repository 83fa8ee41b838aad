import type { App, AppOptions } from './types.ts';

/** The core over a data directory: opens its runs, models and datasets, and answers every command of the contract. */
export function createApp(options: AppOptions): Promise<App> {
  return Promise.reject(new Error(`not there yet: ${options.host}`));
}
