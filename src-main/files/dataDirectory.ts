// Where Weft keeps its data, and what lies where in it.
import { homedir } from 'node:os';
import { posix, resolve, win32 } from 'node:path';

/** What the default place depends on; tests pass their own. */
export interface Surroundings {
  platform: NodeJS.Platform;
  environment: Readonly<Record<string, string | undefined>>;
  homeFolder: string;
}

const here = (): Surroundings => ({
  platform: process.platform,
  environment: process.env,
  homeFolder: homedir(),
});

/**
 * The data directory when none is given: `WEFT_DATA_DIR` wins, then the platform's own place (Linux
 * `$XDG_DATA_HOME/weft` or `~/.local/share/weft`, macOS `~/Library/Application Support/Weft`, Windows `%APPDATA%\Weft`).
 * Relative paths in `XDG_DATA_HOME` don't count, as the XDG Base Directory Specification demands.
 */
export function defaultDataDirectory(surroundings: Surroundings = here()): string {
  const { platform, environment, homeFolder } = surroundings;
  const chosen = environment['WEFT_DATA_DIR'];
  if (chosen !== undefined && chosen !== '') return resolve(chosen);
  if (platform === 'win32') {
    return win32.join(environment['APPDATA'] || win32.join(homeFolder, 'AppData', 'Roaming'), 'Weft');
  }
  if (platform === 'darwin') return posix.join(homeFolder, 'Library', 'Application Support', 'Weft');
  const shared = environment['XDG_DATA_HOME'] ?? '';
  return posix.join(posix.isAbsolute(shared) ? shared : posix.join(homeFolder, '.local', 'share'), 'weft');
}

/** Holds one folder a dataset. */
export function datasetsFolder(dataDirectory: string): string {
  return resolve(dataDirectory, 'datasets');
}

/** The files of a set that isn't made on the spot. */
export function datasetFolder(dataDirectory: string, datasetId: string): string {
  return resolve(datasetsFolder(dataDirectory), datasetId);
}

/** What the person says of a set's training images; beside its folder, which never changes. */
export function correctionsFile(dataDirectory: string, datasetId: string): string {
  return resolve(datasetsFolder(dataDirectory), `${datasetId}.corrections.json`);
}

/** Holds one folder a run. */
export function runsFolder(dataDirectory: string): string {
  return resolve(dataDirectory, 'runs');
}

export function runFolder(dataDirectory: string, runId: string): string {
  return resolve(runsFolder(dataDirectory), runId);
}

/** Holds the library's model files. */
export function modelsFolder(dataDirectory: string): string {
  return resolve(dataDirectory, 'models');
}

/** Holds the settings file: the data directory itself. */
export function settingsFolder(dataDirectory: string): string {
  return resolve(dataDirectory);
}

/** Holds one file a Weft that owned the data directory; the one with the highest number counts. */
export function ownersFolder(dataDirectory: string): string {
  return resolve(dataDirectory, 'owner');
}
