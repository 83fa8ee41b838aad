// The one window: sandboxed, isolated, and where it was the last time.
import { BrowserWindow, nativeTheme, screen, type Rectangle } from 'electron';
import Store from 'electron-store';
import * as v from 'valibot';
import { pageAddress } from './ownPage.ts';
import { placeWindow, smallestWindow, windowPlacementSchema } from './windowPlacement.ts';

/** `--surface` of the page in both themes: what is seen before its first paint. */
const backgroundColors = { light: '#fafaf8', dark: '#14181a' } as const;

const backgroundColor = (): string => backgroundColors[nativeTheme.shouldUseDarkColors ? 'dark' : 'light'];

function workAreas(): [Rectangle, ...Rectangle[]] {
  const primary = screen.getPrimaryDisplay();
  const others = screen.getAllDisplays().filter((display) => display.id !== primary.id);
  return [primary.workArea, ...others.map((display) => display.workArea)];
}

/** Opens the window, shown at its first paint; its placement is kept in the data directory. */
export function openMainWindow(dataDirectory: string, preload: string): BrowserWindow {
  const placements = new Store<Record<string, unknown>>({
    cwd: dataDirectory,
    name: 'window',
    clearInvalidConfig: true,
  });
  const parsed = v.safeParse(windowPlacementSchema, placements.store);
  const remembered = parsed.success ? parsed.output : undefined;

  const window = new BrowserWindow({
    ...placeWindow(remembered, workAreas()),
    minWidth: smallestWindow.width,
    minHeight: smallestWindow.height,
    title: 'Weft',
    show: false,
    backgroundColor: backgroundColor(),
    webPreferences: {
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
    },
  });
  if (remembered?.maximized === true) window.maximize();

  const followTheme = (): void => window.setBackgroundColor(backgroundColor());
  nativeTheme.on('updated', followTheme);
  window.once('ready-to-show', () => window.show());
  window.on('close', () => {
    placements.store = { ...window.getNormalBounds(), maximized: window.isMaximized() };
  });
  window.once('closed', () => nativeTheme.off('updated', followTheme));
  window.loadURL(pageAddress).catch((error: unknown) => {
    // A window that is closed while it loads is no failure.
    if (!window.isDestroyed()) console.error(error);
  });
  return window;
}
