// From the arguments to the exit status: finds the command, runs it, says what went wrong in one sentence.
import { resolve } from 'node:path';
import { defaultDataDirectory } from '../../files/dataDirectory.ts';
import { toErrorData, type ErrorData } from '../../../src-shared/failure.ts';
import type { Command, CommandContext, DirectoryUse, OpenedApp } from './command.ts';
import { readCommandLine, type CommandLine } from './commandLine.ts';
import { doneStatus, failedStatus, interruptedStatus, wrongUsageStatus } from './exitStatus.ts';
import { helpOf, helpOfAll } from './help.ts';
import type { Terminal } from './terminal.ts';
import { UsageError } from './usageError.ts';

export interface CommandLineOptions {
  args: readonly string[];
  commands: readonly Command[];
  terminal: Terminal;
  version: string;
  /** Starts the core on a data directory. */
  openApp: (dataDirectory: string, use: DirectoryUse) => Promise<OpenedApp>;
  /** Calls the listener for each Ctrl+C or termination signal. */
  onInterrupt: (listener: () => void) => void;
  /** Ends the process at once. */
  exit: (status: number) => void;
}

/** One Ctrl+C may arrive twice: from the terminal, and passed on by npm. */
const sameKeyPressMs = 500;

const sentencesOf = ({ message, remedy }: ErrorData): string =>
  remedy === undefined ? message : `${message} ${remedy}`;

async function runCommand(command: Command, line: CommandLine, options: CommandLineOptions): Promise<number> {
  const interruption = new AbortController();
  let firstAt = Infinity;
  options.onInterrupt(() => {
    const isAgain = performance.now() - firstAt > sameKeyPressMs;
    firstAt = Math.min(firstAt, performance.now());
    if (isAgain || !command.endsInOrder) options.exit(interruptedStatus);
    interruption.abort();
  });
  const chosen = line.options.text('data-dir');
  const dataDirectory = chosen === undefined ? defaultDataDirectory() : resolve(chosen);
  let opened: OpenedApp | undefined;
  const context: CommandContext = {
    options: line.options,
    operands: line.operands,
    terminal: options.terminal,
    dataDirectory,
    interruption: interruption.signal,
    async openApp() {
      if (opened !== undefined) return opened;
      opened = await options.openApp(dataDirectory, command.directory);
      for (const notice of opened.app.notices) options.terminal.notice(sentencesOf(notice));
      return opened;
    },
  };
  try {
    return await command.run(context);
  } finally {
    options.terminal.endProgress();
    await opened?.app.close();
  }
}

async function choose(options: CommandLineOptions): Promise<number> {
  const { args, commands, terminal } = options;
  // `weft help train` is `weft train --help`.
  const line = readCommandLine(commands, args[0] === 'help' ? [...args.slice(1), '--help'] : args);
  const print = (lines: readonly string[]): number => {
    for (const one of lines) terminal.line(one);
    return doneStatus;
  };
  if (line.options.has('version')) return print([options.version]);
  if (line.options.has('help')) return print(line.command ? helpOf(line.command) : helpOfAll(commands));
  if (line.command === undefined) throw new UsageError('No command was given. Run "weft help" for the list.');
  return runCommand(line.command, line, options);
}

/** Resolves to the exit status; never rejects. */
export async function runCommandLine(options: CommandLineOptions): Promise<number> {
  try {
    return await choose(options);
  } catch (error) {
    if (error instanceof UsageError) {
      options.terminal.notice(`weft: ${error.message}`);
      return wrongUsageStatus;
    }
    options.terminal.notice(`weft: ${sentencesOf(toErrorData(error))}`);
    return failedStatus;
  }
}
