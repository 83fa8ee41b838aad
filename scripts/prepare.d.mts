interface Package {
  version?: string;
  integrity?: string;
  optional?: boolean;
  extraneous?: boolean;
  link?: boolean;
}

interface Lockfile {
  packages: Record<string, Package>;
}

/** Whether every package of the lockfile is installed in its version; optional ones may be missing. */
export function areInstalled(lockfile: Lockfile, installed: Lockfile): boolean;

/** Installs what is missing and, with `build`, builds when a source has changed since the last build. */
export function prepare(options: { build: boolean }): Promise<void>;
