import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { defaultDataDirectory, type Surroundings } from '../../../src-main/files/dataDirectory.ts';

const on = (
  platform: Surroundings['platform'],
  environment: Surroundings['environment'],
  homeFolder: string,
) => defaultDataDirectory({ platform, environment, homeFolder });

describe('defaultDataDirectory', () => {
  it('is where each platform keeps the data of its programs', () => {
    expect(on('linux', {}, '/home/ada')).toBe('/home/ada/.local/share/weft');
    expect(on('linux', { XDG_DATA_HOME: '/data' }, '/home/ada')).toBe('/data/weft');
    expect(on('darwin', {}, '/Users/ada')).toBe('/Users/ada/Library/Application Support/Weft');
    expect(on('win32', { APPDATA: 'C:\\Users\\ada\\Roaming' }, 'C:\\Users\\ada')).toBe(
      'C:\\Users\\ada\\Roaming\\Weft',
    );
    expect(on('win32', {}, 'C:\\Users\\ada')).toBe('C:\\Users\\ada\\AppData\\Roaming\\Weft');
  });

  it('is WEFT_DATA_DIR wherever it is set', () => {
    for (const platform of ['linux', 'darwin', 'win32'] as const) {
      expect(on(platform, { WEFT_DATA_DIR: 'here', XDG_DATA_HOME: '/data' }, '/home/ada')).toBe(
        resolve('here'),
      );
    }
  });

  it('ignores an empty WEFT_DATA_DIR and a relative XDG_DATA_HOME', () => {
    expect(on('linux', { WEFT_DATA_DIR: '', XDG_DATA_HOME: 'data' }, '/home/ada')).toBe(
      '/home/ada/.local/share/weft',
    );
  });
});
