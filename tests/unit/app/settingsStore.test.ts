import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { defaultSettings } from '../../../src-shared/schemas/settings.ts';
import { openSettingsStore } from '../../../src-main/app/settingsStore.ts';

let dataDirectory: string;
beforeEach(() => {
  dataDirectory = mkdtempSync(join(tmpdir(), 'weft-settings-'));
});
afterEach(() => {
  rmSync(dataDirectory, { recursive: true, force: true });
  vi.restoreAllMocks();
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

  it.each(['{"theme":', '{"theme":"purple"}', '[]', 'null'])(
    'sets a file with %s aside, says so, and starts with the defaults',
    (content) => {
      const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
      writeFileSync(file(), content);
      expect(openSettingsStore(dataDirectory).read()).toEqual(defaultSettings);
      const aside = readdirSync(dataDirectory).filter((name) => name.includes('unreadable'));
      expect(aside.map((name) => readFileSync(join(dataDirectory, name), 'utf8'))).toEqual([content]);
      expect(warn).toHaveBeenCalledOnce();
    },
  );
});
