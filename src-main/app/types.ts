// What a host gives to the core and gets from it.
import type { Handlers } from '../../src-shared/contract.ts';
import type { EventMessage } from '../../src-shared/protocol.ts';
import type { Settings } from '../../src-shared/schemas/settings.ts';
import type { TrainingChannel } from '../training/channel.ts';

/** Where settings are kept: electron-store on the desktop, conf elsewhere, on the same file. */
export interface SettingsStore {
  read(): Settings;
  change(changes: Partial<Settings>): Settings;
}

export interface AppOptions {
  host: 'electron' | 'browser' | 'cli';
  version: string;
  dataDirectory: string;
  settings: SettingsStore;
  /** Starts a training process (the built out/main/training.js) and gives the channel to it. */
  spawnTraining: () => TrainingChannel;
}

/** The core, ready to answer. Hosts connect it to their transport. */
export interface App {
  readonly handlers: Handlers;
  /** Every event of the contract, for every page. Returns the function that ends the subscription. */
  subscribe(listener: (message: EventMessage) => void): () => void;
  /** Ends training processes; a run under way is kept as interrupted. */
  close(): Promise<void>;
}
