// What a command of the command line is. The table of all of them is commandTable.ts.
import type { App } from '../../app/types.ts';
import type { Client } from '../../../src-shared/protocol.ts';
import type { GivenOptions } from './givenOptions.ts';
import type { Terminal } from './terminal.ts';

/**
 * What a command does to the data directory. One that `changes` it has to be its owner; one that `reads` never is; one
 * that `notes` something in passing is its owner where it can be, and else does without.
 */
export type DirectoryUse = 'changes' | 'notes' | 'reads';

export interface OptionUsage {
  /** The name of its value in the help (`N`, `FILE`); a flag has none. */
  value?: string;
  help: string;
  isRequired?: true;
}

/** The core in this process, spoken to as a page speaks to it. */
export interface OpenedApp {
  app: App;
  client: Client;
}

export interface CommandContext {
  options: GivenOptions;
  /** The positionals after the command's name, as many as the command names. */
  operands: readonly string[];
  terminal: Terminal;
  /** The data directory that `--data-dir`, `WEFT_DATA_DIR` or the platform gives. */
  dataDirectory: string;
  /** Starts the core; main.ts closes it when the command is done. */
  openApp: () => Promise<OpenedApp>;
  /** Aborted by the first Ctrl+C or termination signal. A second one ends the program at once. */
  interruption: AbortSignal;
}

export interface Command {
  /** One or two words: `train`, `datasets download`. */
  name: string;
  /** One line for the list of commands. */
  summary: string;
  /** Names of the positionals, all required unless in brackets: `MODEL`, `[COMMAND]`. */
  operands: readonly string[];
  options: Readonly<Record<string, OptionUsage>>;
  directory: DirectoryUse;
  /** Ends the help of the command: defaults, examples. */
  notes?: string;
  /** Set where the command itself answers Ctrl+C, through the interruption; others are ended by it. */
  endsInOrder?: true;
  /** Resolves to the exit status; throws a UsageError for status 2, anything else for status 1. */
  run: (context: CommandContext) => Promise<number>;
}
