import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { defaultSettings } from '../../../src-shared/schemas/settings.ts';
import { openSettingsStore, setAsideBrokenSettings } from '../../../src-main/app/settingsStore.ts';

let dataDirectory: string;
beforeEach(() => {
  dataDirectory = mkdtempSync(join(tmpdir(), 'weft-settings-'));
});
afterEach(() => {
  rmSync(dataDirectory, { recursive: true, force: true });
});
const file = (): string => join(dataDirectory, 'settings.json');

describe('the settings store', () => {
  it('starts with the defaults and remembers what was changed', () => {
    const store = openSettingsStore(dataDirectory);
    expect(store.read()).toEqual(defaultSettings);
    expect(store.change({ theme: 'dark', threads: 2 })).toEqual({
      ...defaultSettings,
      theme: 'dark',
      threads: 2,
    });
    expect(openSettingsStore(dataDirectory).read()).toEqual({
      ...defaultSettings,
      theme: 'dark',
      threads: 2,
    });
  });

  it('uses the default for what an older file does not say', () => {
    writeFileSync(file(), '{"theme":"light"}');
    expect(openSettingsStore(dataDirectory).read()).toEqual({ ...defaultSettings, theme: 'light' });
  });

  describe.each(['{"theme":', '{"theme":"purple"}', '[]', 'null'])('over a file with %s', (content) => {
    it('sets it aside, says so, and starts with the defaults', () => {
      writeFileSync(file(), content);
      const problem = setAsideBrokenSettings(dataDirectory, false);
      const [aside] = readdirSync(dataDirectory).filter((name) => name.includes('unreadable'));
      expect(readFileSync(join(dataDirectory, aside ?? ''), 'utf8')).toBe(content);
      expect(problem).toMatchObject({
        code: 'settings.set-aside',
        message: `The settings in "${file()}" could not be read, so the defaults are used.`,
        remedy: `The file is kept beside it as "${aside}".`,
      });
      expect(openSettingsStore(dataDirectory).read()).toEqual(defaultSettings);
      expect(setAsideBrokenSettings(dataDirectory, false)).toBeUndefined();
    });

    it('leaves it where it is when nothing may be written, and says that it is not used', () => {
      writeFileSync(file(), content);
      expect(setAsideBrokenSettings(dataDirectory, true)).toMatchObject({ code: 'settings.unreadable' });
      expect(readdirSync(dataDirectory)).toEqual(['settings.json']);
      expect(readFileSync(file(), 'utf8')).toBe(content);
    });
  });

  it('says nothing of a file that is in order, and of none', () => {
    expect(setAsideBrokenSettings(dataDirectory, false)).toBeUndefined();
    writeFileSync(file(), '{"theme":"light"}');
    expect(setAsideBrokenSettings(dataDirectory, false)).toBeUndefined();
  });
});
