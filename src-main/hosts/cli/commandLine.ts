// Finds the command and its options in the arguments. Options may stand anywhere, before the command as well.
import { parseArgs } from 'node:util';
import type { Command, OptionUsage } from './command.ts';
import { GivenOptions } from './givenOptions.ts';
import { didYouMean } from './suggestion.ts';
import { UsageError } from './usageError.ts';

export const globalOptions: Readonly<Record<string, OptionUsage>> = {
  'data-dir': { value: 'DIR', help: 'where data sets, runs and models live (else WEFT_DATA_DIR)' },
  help: { help: 'print help, for the command where there is one' },
  version: { help: 'print the version' },
};

export interface CommandLine {
  /** Undefined when there is none, as in `weft --version`. */
  command: Command | undefined;
  operands: readonly string[];
  options: GivenOptions;
}

function findCommand(commands: readonly Command[], words: readonly string[]): Command | undefined {
  const [first, second] = words;
  if (first === undefined) return undefined;
  const named = (name: string): Command | undefined => commands.find((command) => command.name === name);
  const command = named(`${first} ${second ?? ''}`) ?? named(first);
  if (command !== undefined) return command;
  throw new UsageError(
    `There is no command "${first}".${didYouMean(
      first,
      commands.map((one) => one.name),
    )} Run "weft help" for the list.`,
  );
}

function checkRequiredOptions(command: Command, options: GivenOptions): void {
  for (const [name, option] of Object.entries(command.options)) {
    if (option.isRequired && !options.has(name)) {
      throw new UsageError(`"weft ${command.name}" needs --${name} ${option.value ?? ''}`.trimEnd() + '.');
    }
  }
}

function checkOperands(command: Command, operands: readonly string[], commands: readonly Command[]): void {
  const missing = command.operands.slice(operands.length).find((operand) => !operand.startsWith('['));
  if (missing !== undefined) throw new UsageError(`"weft ${command.name}" needs ${missing}.`);
  const extra = operands[command.operands.length];
  if (extra === undefined) return;
  const subcommands = commands
    .filter((one) => one.name.startsWith(`${command.name} `))
    .map((one) => one.name.slice(command.name.length + 1));
  throw new UsageError(`"weft ${command.name}" does not take "${extra}".${didYouMean(extra, subcommands)}`);
}

/** Throws a UsageError, with the nearest name where a name is unknown. */
export function readCommandLine(commands: readonly Command[], args: readonly string[]): CommandLine {
  const every = Object.fromEntries(
    [globalOptions, ...commands.map((one) => one.options)].flatMap(Object.entries<OptionUsage>),
  );
  const { tokens } = parseArgs({
    args: [...args],
    strict: false,
    allowPositionals: true,
    tokens: true,
    options: Object.fromEntries(
      Object.entries(every).map(([name, option]) => [
        name,
        { type: option.value === undefined ? ('boolean' as const) : ('string' as const) },
      ]),
    ),
  });
  const words = tokens.flatMap((token) => (token.kind === 'positional' ? [token.value] : []));
  const command = findCommand(commands, words);
  const allowed = { ...globalOptions, ...command?.options };
  const values = new Map<string, string | true>();
  for (const token of tokens) {
    if (token.kind !== 'option') continue;
    const name = token.rawName === '-h' ? 'help' : token.name;
    const option = Object.hasOwn(allowed, name) ? allowed[name] : undefined;
    if (option === undefined) {
      const place = command === undefined ? 'weft' : `weft ${command.name}`;
      const hint = didYouMean(
        `--${name}`,
        Object.keys(allowed).map((known) => `--${known}`),
      );
      throw new UsageError(`"${place}" has no option "${token.rawName}".${hint}`);
    }
    if (values.has(name)) throw new UsageError(`--${name} is given twice.`);
    if (option.value === undefined) {
      if (token.value !== undefined) throw new UsageError(`--${name} takes no value.`);
      values.set(name, true);
    } else {
      const isOption = token.inlineValue === false && token.value.startsWith('--');
      if (token.value === undefined || token.value === '' || isOption) {
        throw new UsageError(`--${name} needs a value: --${name} ${option.value}.`);
      }
      values.set(name, token.value);
    }
  }
  const operands = command === undefined ? [] : words.slice(command.name.split(' ').length);
  const options = new GivenOptions(values);
  if (command !== undefined && !options.has('help')) {
    checkOperands(command, operands, commands);
    checkRequiredOptions(command, options);
  }
  return { command, operands, options };
}
