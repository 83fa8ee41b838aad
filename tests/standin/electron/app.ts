import { EventEmitter } from 'node:events';
import { mkdtempSync, readFileSync, statSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { closeChromium } from './chromium.ts';
import { emitPreventable } from './preventable.ts';
import { holdInstanceLock, type InstanceLock } from './instanceLock.ts';

/** What the app needs to know of a window to quit. */
export interface ClosableWindow {
  close(): void;
  destroy(): void;
}

const packageFile = join(import.meta.dirname, '../../../package.json');

class StandinApp extends EventEmitter {
  readonly isPackaged = false;
  readonly commandLine = { hasSwitch: (name: string): boolean => process.argv.includes(`--${name}`) };
  readonly windows = new Set<ClosableWindow>();
  isSandboxEnabled = false;
  aboutPanelsShown = 0;
  #isReady = false;
  #isQuitting = false;
  #hasEnded = false;
  #lock: InstanceLock | undefined;
  #paths = new Map<string, string>([
    ['home', homedir()],
    ['temp', tmpdir()],
  ]);
  readonly #readiness: Promise<void>;

  constructor() {
    super();
    // Ready in a later turn: as in Electron, after the main module has been evaluated.
    this.#readiness = new Promise((resolve) =>
      setTimeout(() => {
        if (this.#hasEnded) return;
        this.#isReady = true;
        this.emit('ready');
        resolve();
      }),
    );
    process.on('SIGINT', () => this.quit());
    process.on('SIGTERM', () => this.quit());
  }

  whenReady(): Promise<void> {
    return this.#readiness;
  }

  isReady(): boolean {
    return this.#isReady;
  }

  getVersion(): string {
    return (JSON.parse(readFileSync(packageFile, 'utf8')) as { version: string }).version;
  }

  getName(): string {
    return (JSON.parse(readFileSync(packageFile, 'utf8')) as { productName: string }).productName;
  }

  getPath(name: string): string {
    const known = this.#paths.get(name);
    if (known !== undefined) return known;
    if (name !== 'userData') throw new Error(`Failed to get '${name}' path`);
    const made = mkdtempSync(join(tmpdir(), 'weft-standin-'));
    this.#paths.set(name, made);
    return made;
  }

  setPath(name: string, path: string): void {
    if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) throw new Error(`Failed to set path`);
    this.#paths.set(name, path);
  }

  enableSandbox(): void {
    if (this.#isReady) throw new Error('app.enableSandbox() can only be called before app is ready');
    this.isSandboxEnabled = true;
  }

  showAboutPanel(): void {
    this.aboutPanelsShown += 1;
  }

  /** True for the first process with this userData; the others make it emit `second-instance`. */
  requestSingleInstanceLock(): boolean {
    this.#lock ??= holdInstanceLock(this.getPath('userData'), (argv, folder) =>
      this.emit('second-instance', {}, argv, folder),
    );
    return this.#lock.isHeld;
  }

  quit(): void {
    if (this.#isQuitting || this.#hasEnded) return;
    if (emitPreventable(this, 'before-quit')) return;
    this.#isQuitting = true;
    for (const window of [...this.windows]) window.close();
    // A window that refused to close keeps the app open.
    if (this.windows.size > 0) this.#isQuitting = false;
    else this.#finishQuitting();
  }

  exit(code = 0): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    for (const window of [...this.windows]) window.destroy();
    this.emit('quit', {}, code);
    const ended = Promise.all([closeChromium(), this.#lock?.release()]);
    void ended.finally(() => process.exit(code));
  }

  windowClosed(window: ClosableWindow): void {
    this.windows.delete(window);
    if (this.windows.size > 0 || this.#isQuitting || this.#hasEnded) return;
    if (!this.emit('window-all-closed')) this.quit();
  }

  #finishQuitting(): void {
    this.#isQuitting = false;
    if (!emitPreventable(this, 'will-quit')) this.exit(0);
  }
}

export const app = new StandinApp();
