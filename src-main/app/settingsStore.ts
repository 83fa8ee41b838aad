// Settings on disk. The desktop host opens the file with electron-store, the others with conf, which electron-store is
// built on; both through the same options and the same checks.
import Conf from 'conf';
import { existsSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { WeftError } from '../../src-shared/failure.ts';
import { defaultSettings, settingsSchema, type Settings } from '../../src-shared/schemas/settings.ts';
import { settingsFolder } from '../files/dataDirectory.ts';
import { toFileError } from '../files/fileError.ts';
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
 * Sets a settings file aside that can't be read as settings, under a name of its own, so that nothing of it is lost and
 * Weft starts with its defaults; in a data directory that is only read it stays where it is. Returns what to tell the
 * person; undefined when the file is in order. Throws `files.…` errors where it can't be set aside.
 */
export function setAsideBrokenSettings(dataDirectory: string, isReadOnly: boolean): WeftError | undefined {
  const folder = settingsFolder(dataDirectory);
  const path = join(folder, `${name}.${fileExtension}`);
  if (!existsSync(path) || isReadable(path)) return undefined;
  const message = `The settings in "${path}" could not be read, so the defaults are used.`;
  if (isReadOnly) return new WeftError('settings.unreadable', message);
  const aside = `${name}.unreadable-${Date.now()}.${fileExtension}`;
  try {
    renameSync(path, join(folder, aside));
  } catch (error) {
    throw toFileError(error, path, 'write');
  }
  return new WeftError('settings.set-aside', message, `The file is kept beside it as "${aside}".`);
}

/** What the settings file of a data directory is opened with. */
export function settingsFileOptions(dataDirectory: string): SettingsFileOptions {
  const cwd = settingsFolder(dataDirectory);
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
