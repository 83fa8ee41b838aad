import { EventEmitter } from 'node:events';
import { app } from './app.ts';
import { emitPreventable } from './preventable.ts';
import { WebContents } from './webContents.ts';

interface Bounds {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface BrowserWindowOptions extends Partial<Bounds> {
  title?: string;
  show?: boolean;
  minWidth?: number;
  minHeight?: number;
  backgroundColor?: string;
  webPreferences?: { preload?: string } & Record<string, unknown>;
}

export class BrowserWindow extends EventEmitter {
  readonly webContents: WebContents;
  readonly options: BrowserWindowOptions;
  backgroundColor: string;
  #bounds: Bounds;
  #isVisible: boolean;
  #isFocused = false;
  #isMinimized = false;
  #isMaximized = false;
  #isDestroyed = false;

  constructor(options: BrowserWindowOptions = {}) {
    super();
    if (!app.isReady()) throw new Error('Cannot create BrowserWindow before app is ready');
    this.options = options;
    this.backgroundColor = options.backgroundColor ?? '#FFF';
    this.#bounds = {
      x: options.x ?? 0,
      y: options.y ?? 0,
      width: options.width ?? 800,
      height: options.height ?? 600,
    };
    this.#isVisible = options.show ?? true;
    this.webContents = new WebContents({
      preload: options.webPreferences?.preload,
      width: this.#bounds.width,
      height: this.#bounds.height,
    });
    this.webContents.once('did-finish-load', () => this.emit('ready-to-show'));
    app.windows.add(this);
  }

  static getAllWindows(): BrowserWindow[] {
    return [...app.windows].filter((window) => window instanceof BrowserWindow);
  }

  loadURL(address: string): Promise<void> {
    return this.webContents.loadURL(address);
  }

  show(): void {
    this.#isVisible = true;
    this.focus();
  }

  focus(): void {
    for (const other of BrowserWindow.getAllWindows()) other.#isFocused = other === this;
    this.emit('focus');
  }

  blur(): void {
    this.#isFocused = false;
    this.emit('blur');
  }

  minimize(): void {
    this.#isMinimized = true;
    this.blur();
  }

  restore(): void {
    this.#isMinimized = false;
  }

  maximize(): void {
    this.#isMaximized = true;
  }

  isVisible = (): boolean => this.#isVisible;
  isFocused = (): boolean => this.#isFocused;
  isMinimized = (): boolean => this.#isMinimized;
  isMaximized = (): boolean => this.#isMaximized;
  isDestroyed = (): boolean => this.#isDestroyed;
  getNormalBounds = (): Bounds => ({ ...this.#bounds });

  setBounds(bounds: Partial<Bounds>): void {
    this.#bounds = { ...this.#bounds, ...bounds };
  }

  setBackgroundColor(color: string): void {
    this.backgroundColor = color;
  }

  close(): void {
    if (this.#isDestroyed || emitPreventable(this, 'close')) return;
    this.destroy();
  }

  destroy(): void {
    if (this.#isDestroyed) return;
    this.#isDestroyed = true;
    void this.webContents.destroy();
    this.emit('closed');
    app.windowClosed(this);
  }
}
