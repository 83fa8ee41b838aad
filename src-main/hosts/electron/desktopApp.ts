// The app once Electron is ready: the core, its window, its menu.
import { app, dialog, nativeTheme, net, type BrowserWindow } from 'electron';
import Store from 'electron-store';
import { WeftError } from '../../../src-shared/failure.ts';
import { createApp } from '../../app/app.ts';
import { directoryHeldCode } from '../../app/directory.ts';
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

/** Lets the person choose what becomes of a start beside another Weft. Resolves to whether it goes on, to look only. */
async function mayOpenReadOnly({ message }: WeftError): Promise<boolean> {
  const { response } = await dialog.showMessageBox({
    type: 'question',
    title: 'Weft',
    message: 'Another Weft is using this data directory',
    detail: `${message} Weft can open to look at it, without changing anything, and take it over when the other one has ended.`,
    buttons: ['Open read-only', 'Quit'],
    defaultId: 0,
    cancelId: 1,
    noLink: true,
  });
  return response === 0;
}

async function openCore(
  dataDirectory: string,
  isReadOnly: boolean,
  files: BuiltFiles,
): Promise<App | undefined> {
  try {
    return await createApp({
      host: 'electron',
      version: app.getVersion(),
      dataDirectory,
      isReadOnly,
      openSettings: (directory) =>
        settingsStoreOver(new Store<Record<string, unknown>>(settingsFileOptions(directory))),
      spawnTraining: () => startTraining(files.trainingProgram),
      // Chromium's: it goes through the proxies that the system is set up with.
      fetch: (url, init) => net.fetch(url, init),
    });
  } catch (error) {
    if (!(error instanceof WeftError && error.code === directoryHeldCode)) throw error;
    return (await mayOpenReadOnly(error)) ? openCore(dataDirectory, true, files) : undefined;
  }
}

/**
 * Opens the core and the window. To be called when Electron is ready. Resolves to undefined when another Weft uses the
 * data directory and the person would rather quit.
 */
export async function openDesktopApp(
  dataDirectory: string,
  isReadOnly: boolean,
  files: BuiltFiles,
): Promise<DesktopApp | undefined> {
  const core = await openCore(dataDirectory, isReadOnly, files);
  if (core === undefined) return undefined;

  restrictPermissions();
  servePages(files.pagesFolder);
  answerRequests(core);

  const followTheme = (): void => {
    nativeTheme.themeSource = core.settings.read().theme;
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
