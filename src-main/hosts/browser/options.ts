import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { WeftError } from '../../../src-shared/failure.ts';
import { defaultDataDirectory } from '../../files/dataDirectory.ts';

export interface BrowserHostOptions {
  /** 0 takes any free port. */
  port: number;
  dataDirectory: string;
  /** Open the default browser at the address. */
  open: boolean;
  /** Only look at the data directory, which another Weft may be using. */
  readOnly: boolean;
}

const usage = 'The options are --port N, --data-dir DIR, --read-only and --open.';

/** Reads the command line. Throws `browser.wrong-usage`. */
export function readOptions(args: readonly string[]): BrowserHostOptions {
  const wrong = (sentence: string): WeftError => new WeftError('browser.wrong-usage', sentence, usage);
  let values;
  try {
    ({ values } = parseArgs({
      args: [...args],
      options: {
        port: { type: 'string', default: '0' },
        'data-dir': { type: 'string' },
        open: { type: 'boolean', default: false },
        'read-only': { type: 'boolean', default: false },
      },
    }));
  } catch (error) {
    // Node's first sentence says what is wrong, the others what a programmer could do about it.
    const [sentence = ''] = (error instanceof Error ? error.message : String(error)).split(/\.?\s*$|\. /);
    throw wrong(`${sentence}.`);
  }
  const port = /^\d{1,5}$/.test(values.port) ? Number(values.port) : NaN;
  if (!(port <= 65_535)) {
    throw wrong(`--port must be a whole number from 0 to 65535, not "${values.port}".`);
  }
  const dataDirectory = values['data-dir'];
  if (dataDirectory === '') throw wrong('--data-dir needs a directory.');
  return {
    port,
    dataDirectory: dataDirectory === undefined ? defaultDataDirectory() : resolve(dataDirectory),
    open: values.open,
    readOnly: values['read-only'],
  };
}
