// The command line's entry: `node out/main/cli.js …`.
import { commandTable } from './commandTable.ts';
import { openApp } from './openApp.ts';
import { runCommandLine } from './runCommandLine.ts';
import { createTerminal } from './terminal.ts';
import { version } from '../../app/version.ts';

process.exitCode = await runCommandLine({
  args: process.argv.slice(2),
  commands: commandTable,
  terminal: createTerminal(process.stdout, process.stderr),
  version,
  openApp,
  onInterrupt(listener) {
    process.on('SIGINT', listener);
    process.on('SIGTERM', listener);
  },
  exit: (status) => process.exit(status),
});
