// Settings on disk. The desktop host opens the file with electron-store, the others with conf, which electron-store is
// built on; both through the same options and the same checks.
import Conf from 'conf';
import { existsSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { defaultSettings, settingsSchema, type Settings } from '../../src-shared/schemas/settings.ts';
import { settingsFolder } from '../files/dataDirectory.ts';
import type { SettingsStore } from './types.ts';

const name = 'settings';
const fileExtension = 'json';

/** What both libraries are opened with. electron-store takes the file's `name`, conf takes it as `configName`. */
export interface SettingsFileOptions {
  cwd: string;
  name: string;
  configName: string;
  fileExtension: string;
  projectName: string;
  clearInvalidConfig: boolean;
}

/** The part of electron-store and conf that settings need. */
export interface SettingsFile {
  store: Record<string, unknown>;
}

function readSettings(value: unknown): Settings | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const parsed = v.safeParse(settingsSchema, { ...defaultSettings, ...value });
  return parsed.success ? parsed.output : undefined;
}

function isReadable(path: string): boolean {
  try {
    return readSettings(JSON.parse(readFileSync(path, 'utf8'))) !== undefined;
  } catch {
    return false;
  }
}

/**
 * The options to open the settings file of a data directory with. A file that can't be read as settings is set aside
 * first, under a name of its own, so that nothing of it is lost and Weft starts with its defaults.
 */
export function settingsFileOptions(dataDirectory: string): SettingsFileOptions {
  const cwd = settingsFolder(dataDirectory);
  const path = join(cwd, `${name}.${fileExtension}`);
  if (existsSync(path) && !isReadable(path)) {
    const aside = join(cwd, `${name}.unreadable-${Date.now()}.${fileExtension}`);
    renameSync(path, aside);
    console.warn(
      `The settings could not be read; they are set aside as "${aside}" and the defaults are used.`,
    );
  }
  return { cwd, name, configName: name, fileExtension, projectName: 'weft', clearInvalidConfig: true };
}

/** Settings over an open settings file: always valid, defaults where the file says nothing. */
export function settingsStoreOver(file: SettingsFile): SettingsStore {
  const read = (): Settings => readSettings(file.store) ?? defaultSettings;
  return {
    read,
    change(changes) {
      const changed = { ...read(), ...changes };
      file.store = changed;
      return changed;
    },
  };
}

/** The settings of a data directory, for hosts without Electron. */
export function openSettingsStore(dataDirectory: string): SettingsStore {
  return settingsStoreOver(new Conf<Record<string, unknown>>(settingsFileOptions(dataDirectory)));
}
