// The options that were given, read as what the command expects them to be.
import { UsageError } from './usageError.ts';

interface Range {
  minimum: number;
  maximum: number;
}

export class GivenOptions {
  readonly #values: ReadonlyMap<string, string | true>;

  constructor(values: ReadonlyMap<string, string | true>) {
    this.#values = values;
  }

  has(name: string): boolean {
    return this.#values.has(name);
  }

  text(name: string): string | undefined {
    const value = this.#values.get(name);
    return typeof value === 'string' ? value : undefined;
  }

  /** Throws a UsageError for anything but a whole number in the range. */
  integer(name: string, range: Range): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const value = /^\d+$/.test(text) ? Number(text) : NaN;
    if (!(value >= range.minimum && value <= range.maximum)) {
      throw new UsageError(
        `--${name} must be a whole number from ${range.minimum} to ${range.maximum}, not "${text}".`,
      );
    }
    return value;
  }

  /** Throws a UsageError for anything but one of the choices. */
  choice<T extends string>(name: string, choices: readonly T[]): T | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const chosen = choices.find((choice) => choice === text);
    if (chosen === undefined)
      throw new UsageError(`--${name} must be one of ${choices.join(', ')}, not "${text}".`);
    return chosen;
  }
}
