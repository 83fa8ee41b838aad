// What a host gives to the core and gets from it.
import type { Handlers } from '../../src-shared/contract.ts';
import type { EventMessage } from '../../src-shared/protocol.ts';
import type { Notice } from '../../src-shared/schemas/notice.ts';
import type { Settings } from '../../src-shared/schemas/settings.ts';
import type { Fetch } from '../datasets/fetch.ts';
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
  /** Look only: nothing is written and every command that changes something is refused. */
  isReadOnly?: boolean;
  /** Where the browser host is. */
  address?: string;
  /** Opens the settings of the data directory; called once it may be written. */
  openSettings: (dataDirectory: string) => SettingsStore;
  /** Starts a training process (the built out/main/training.js) and gives the channel to it. */
  spawnTraining: () => TrainingChannel;
  /** Fetches over the network as this host's system is set up; Node's own way without it. */
  fetch?: Fetch;
}

/** The core, ready to answer. Hosts connect it to their transport. */
export interface App {
  readonly handlers: Handlers;
  readonly settings: SettingsStore;
  readonly notices: readonly Notice[];
  /** Every event of the contract, for every page. Returns the function that ends the subscription. */
  subscribe(listener: (message: EventMessage) => void): () => void;
  /** Ends training processes, with a run under way kept as interrupted, and gives the data directory back. */
  close(): Promise<void>;
}
