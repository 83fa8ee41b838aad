import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readOptions } from '../../../../src-main/hosts/browser/options.ts';

describe('the options of the browser host', () => {
  it('are a free port and no browser when nothing is given', () => {
    expect(readOptions(['--data-dir', 'x'])).toEqual({
      port: 0,
      dataDirectory: resolve('x'),
      open: false,
      readOnly: false,
    });
  });

  it('are what the command line says', () => {
    expect(readOptions(['--port=8080', '--open', '--read-only', '--data-dir', '/data'])).toEqual({
      port: 8080,
      dataDirectory: resolve('/data'),
      open: true,
      readOnly: true,
    });
  });

  it.each([
    [['--port', '65536']],
    [['--port', '-1']],
    [['--port', 'x']],
    [['--port', '']],
    [['--port']],
    [['--prot', '1']],
    [['extra']],
    [['--data-dir', '']],
  ])('are refused with a sentence: %j', (args) => {
    expect(() => readOptions(args)).toThrow(
      expect.objectContaining({ code: 'browser.wrong-usage' }) as Error,
    );
  });
});
