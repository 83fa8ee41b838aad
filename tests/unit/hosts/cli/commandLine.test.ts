import { describe, expect, it } from 'vitest';
import type { Command } from '../../../../src-main/hosts/cli/command.ts';
import { readCommandLine } from '../../../../src-main/hosts/cli/commandLine.ts';
import { UsageError } from '../../../../src-main/hosts/cli/usageError.ts';

const command = (name: string, operands: readonly string[], options: Command['options'] = {}): Command => ({
  name,
  summary: name,
  directory: 'reads',
  operands,
  options,
  run: () => Promise.resolve(0),
});

const commands = [
  command('list', []),
  command('list download', ['ID']),
  command('train', [], { epochs: { value: 'N', help: '' }, json: { help: '' } }),
  command('evaluate', ['MODEL'], { dataset: { value: 'ID', help: '', isRequired: true } }),
];

const read = (...args: string[]) => readCommandLine(commands, args);

describe('the command line', () => {
  it('finds a command with its options in any order', () => {
    for (const args of [
      ['train', '--epochs', '3', '--json', '--data-dir', '/d'],
      ['--data-dir=/d', '--json', 'train', '--epochs=3'],
    ]) {
      const line = read(...args);
      expect(line.command?.name).toBe('train');
      expect(line.options.integer('epochs', { minimum: 1, maximum: 9 })).toBe(3);
      expect(line.options.has('json')).toBe(true);
      expect(line.options.text('data-dir')).toBe('/d');
    }
  });

  it('prefers a command of two words and gives it the operands after them', () => {
    const line = read('list', 'download', 'mnist');
    expect(line.command?.name).toBe('list download');
    expect(line.operands).toEqual(['mnist']);
    expect(read('list').command?.name).toBe('list');
  });

  it('takes everything after -- as operands', () => {
    expect(read('evaluate', '--dataset', 'mnist', '--', '--model').operands).toEqual(['--model']);
  });

  it.each([
    [['trian'], 'There is no command "trian". Did you mean "train"?'],
    [['train', '--epoch', '3'], '"weft train" has no option "--epoch". Did you mean "--epochs"?'],
    [['train', '--dataset', 'mnist'], '"weft train" has no option "--dataset".'],
    [['train', '-x'], '"weft train" has no option "-x".'],
    [['train', '--epochs'], '--epochs needs a value: --epochs N.'],
    [['train', '--epochs', '--json'], '--epochs needs a value: --epochs N.'],
    [['train', '--json=yes'], '--json takes no value.'],
    [['train', '--json', '--json'], '--json is given twice.'],
    [['train', 'now'], '"weft train" does not take "now".'],
    [['list', 'downlaod', 'mnist'], '"weft list" does not take "downlaod". Did you mean "download"?'],
    [['evaluate'], '"weft evaluate" needs MODEL.'],
    [['evaluate', 'm'], '"weft evaluate" needs --dataset ID.'],
    [['train', '--constructor', '1'], '"weft train" has no option "--constructor".'],
  ])('refuses %j in a sentence that names what is wrong', (args, message) => {
    expect(() => read(...args)).toThrow(UsageError);
    expect(() => read(...args)).toThrow(message);
  });

  it.each(['0', '10', '2.5', 'two', '-1', '1e1', ''])('refuses %j for a whole number from 1 to 9', (text) => {
    expect(() =>
      read('train', `--epochs=${text}`).options.integer('epochs', { minimum: 1, maximum: 9 }),
    ).toThrow(UsageError);
  });

  it('asks for nothing else when help is wanted', () => {
    expect(read('evaluate', '--help').options.has('help')).toBe(true);
    expect(read('evaluate', '-h').options.has('help')).toBe(true);
  });
});
