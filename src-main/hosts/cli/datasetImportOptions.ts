// The options of `datasets import`, read and checked.
import { resolve } from 'node:path';
import type { CommandInput } from '../../../src-shared/contract.ts';
import { longestSide, mostHeldOut } from '../../../src-shared/schemas/datasetImport.ts';
import type { OptionUsage } from './command.ts';
import type { GivenOptions } from './givenOptions.ts';
import { UsageError } from './usageError.ts';

export const datasetImportOptions: Readonly<Record<string, OptionUsage>> = {
  name: { value: 'NAME', help: 'what the set is called (else what the files are called)' },
  test: { value: 'PATH', help: 'a file or folder whose images are for the test' },
  classes: { value: 'A,B,…', help: 'the names of the classes, in the order of their labels' },
  size: { value: 'HxW', help: 'fit images of any size to height x width pixels (else 28x28)' },
  grey: { help: 'make the images grey' },
  rgb: { help: 'keep red, green and blue' },
  'held-out': {
    value: 'PART',
    help: `the part held out where there are no test images, 0 to ${mostHeldOut} (else 1/7)`,
  },
  licence: { value: 'TEXT', help: 'what is known of the licence of the images' },
  json: { help: 'print one JSON object' },
};

function readSize(text: string | undefined): { height: number; width: number } | null {
  if (text === undefined) return null;
  const match = /^(\d{1,4})[x×](\d{1,4})$/i.exec(text);
  const [height, width] = [Number(match?.[1] ?? 0), Number(match?.[2] ?? 0)];
  if (height >= 1 && width >= 1 && height <= longestSide && width <= longestSide) return { height, width };
  throw new UsageError(
    `--size must be height x width such as 28x28, each from 1 to ${longestSide}, not "${text}".`,
  );
}

function readHeldOut(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const fraction = /^(\d+)\/(\d+)$/.exec(text);
  const value = fraction === null ? Number(text) : Number(fraction[1]) / Number(fraction[2]);
  if (value >= 0 && value <= mostHeldOut) return value;
  throw new UsageError(`--held-out must be from 0 to ${mostHeldOut}, not "${text}".`);
}

/** Throws a UsageError for what can't be meant. */
export function readImportOptions(
  options: GivenOptions,
): NonNullable<CommandInput<'import.preview'>['options']> {
  if (options.has('grey') && options.has('rgb')) throw new UsageError('Give either --grey or --rgb.');
  const heldOut = readHeldOut(options.text('held-out'));
  return {
    size: readSize(options.text('size')),
    channels: options.has('grey') ? 1 : options.has('rgb') ? 3 : null,
    ...(heldOut === undefined ? {} : { heldOut }),
  };
}

/** The names given; those of the set where none are. Throws a UsageError for another number of them. */
export function readClassNames(options: GivenOptions, found: readonly string[]): string[] {
  const text = options.text('classes');
  if (text === undefined) return [...found];
  const names = text.split(',').map((name) => name.trim());
  if (names.length === found.length && names.every((name) => name !== '')) return names;
  throw new UsageError(`--classes names ${names.length} classes, but the images are of ${found.length}.`);
}

export function readImportSource(
  path: string,
  options: GivenOptions,
): CommandInput<'import.begin'>['source'] {
  const test = options.text('test');
  return { kind: 'path', path: resolve(path), testPath: test === undefined ? null : resolve(test) };
}
