// Help, printed from the table of commands.
import type { Command, OptionUsage } from './command.ts';
import { globalOptions } from './commandLine.ts';

const spelled = (name: string, option: OptionUsage): string =>
  option.value === undefined ? `--${name}` : `--${name} ${option.value}`;

function aligned(entries: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...entries.map(([left]) => left.length));
  return entries.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`);
}

const optionEntries = (options: Readonly<Record<string, OptionUsage>>): [string, string][] =>
  Object.entries(options).map(([name, option]) => [spelled(name, option), option.help]);

/** `weft evaluate MODEL --dataset ID [options]`. */
function usageOf(command: Command): string {
  const required = Object.entries(command.options)
    .filter(([, option]) => option.isRequired)
    .map(([name, option]) => spelled(name, option));
  const isOptional = Object.values(command.options).some((option) => !option.isRequired);
  return ['weft', command.name, ...command.operands, ...required, ...(isOptional ? ['[options]'] : [])].join(
    ' ',
  );
}

export function helpOfAll(commands: readonly Command[]): string[] {
  return [
    'Weft trains neural networks on images, from scratch and offline.',
    '',
    'Usage: weft COMMAND [options]',
    '',
    'Commands',
    ...aligned([
      ...commands.map((command): [string, string] => [
        [command.name, ...command.operands].join(' '),
        command.summary,
      ]),
      ['help [COMMAND]', 'print this, or the options of a command'],
    ]),
    '',
    'Options of every command',
    ...aligned(optionEntries(globalOptions)),
    '',
    'Exit status: 0 done, 1 failed, 2 wrong usage, 130 ended by Ctrl+C.',
  ];
}

export function helpOf(command: Command): string[] {
  return [
    `Usage: ${usageOf(command)}`,
    '',
    command.summary.charAt(0).toUpperCase() + command.summary.slice(1) + '.',
    '',
    'Options',
    ...aligned(optionEntries({ ...command.options, ...globalOptions })),
    ...(command.notes === undefined ? [] : ['', command.notes]),
  ];
}
