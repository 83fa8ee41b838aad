// The app once Electron is ready: the core, its window, its menu.
import { app, nativeTheme, type BrowserWindow } from 'electron';
import Store from 'electron-store';
import { createApp } from '../../app/app.ts';
import { settingsFileOptions, settingsStoreOver } from '../../app/settingsStore.ts';
import type { App } from '../../app/types.ts';
import { answerRequests, sendEvents } from './contractIpc.ts';
import { startTraining } from './electronTraining.ts';
import { openMainWindow } from './mainWindow.ts';
import { installMenu, type MenuChoice } from './menu.ts';
import { servePages } from './ownPage.ts';
import { restrictPermissions } from './restrictions.ts';

/** Files of the build that the desktop needs, by their paths. */
export interface BuiltFiles {
  pagesFolder: string;
  preload: string;
  trainingProgram: string;
}

export interface DesktopApp {
  core: App;
  /** Brings the window to the front; opens it where there is none. */
  showWindow(): void;
}

/** Opens the core and the window. To be called when Electron is ready. */
export async function openDesktopApp(dataDirectory: string, files: BuiltFiles): Promise<DesktopApp> {
  const settings = settingsStoreOver(new Store<Record<string, unknown>>(settingsFileOptions(dataDirectory)));
  const core = await createApp({
    host: 'electron',
    version: app.getVersion(),
    dataDirectory,
    settings,
    spawnTraining: () => startTraining(files.trainingProgram),
  });

  restrictPermissions();
  servePages(files.pagesFolder);
  answerRequests(core);

  const followTheme = (): void => {
    nativeTheme.themeSource = settings.read().theme;
  };
  followTheme();
  core.subscribe((message) => {
    if (message.event === 'settings.changed') followTheme();
  });

  let window: BrowserWindow | undefined;
  let post: ReturnType<typeof sendEvents> | undefined;
  core.subscribe((message) => post?.(message));

  const openWindow = (): void => {
    const opened = openMainWindow(dataDirectory, files.preload);
    window = opened;
    post = sendEvents(opened.webContents);
    opened.once('closed', () => {
      window = undefined;
      post = undefined;
    });
  };
  const showWindow = (): void => {
    if (window === undefined) {
      openWindow();
      return;
    }
    if (window.isMinimized()) window.restore();
    window.show();
    window.focus();
  };
  const passOn = async (item: MenuChoice): Promise<void> => {
    // A file chooser opens for a person's deed only; for the page, a choice in the menu is none unless it is told so.
    await window?.webContents.executeJavaScript('undefined', true);
    post?.({ event: 'menu.chosen', payload: { item } });
  };
  installMenu((item) => void passOn(item));
  openWindow();
  return { core, showWindow };
}
