// What a test asks of the app under the stand-in, over the channel to the process that forked it: the part of a person
// at the machine. Each request is `{ id, action, args }`, each answer `{ id, output }` or `{ id, error }`.
import { app } from './app.ts';
import { BrowserWindow } from './browserWindow.ts';
import { messageBox, pressInMessageBox } from './dialog.ts';
import { chooseFromMenu } from './menu.ts';
import { nativeTheme } from './nativeTheme.ts';
import { fetchedAddresses } from './net.ts';
import { privilegesOf } from './protocol.ts';
import { decisionsOn } from './session.ts';

export interface WindowState {
  url: string;
  bounds: { x: number; y: number; width: number; height: number };
  isVisible: boolean;
  isFocused: boolean;
  backgroundColor: string;
  webPreferences: Record<string, unknown>;
  pageErrors: string[];
  windowsAsked: string[];
}

export interface ControlRequest {
  id: number;
  action: string;
  args: unknown[];
}

export type ControlAnswer = { id: number; output: unknown } | { id: number; error: string };

function firstWindow(): BrowserWindow {
  const [window] = BrowserWindow.getAllWindows();
  if (window === undefined) throw new Error('The app has no window.');
  return window;
}

function cloneOf(value: unknown): unknown {
  try {
    return structuredClone(value);
  } catch {
    return undefined;
  }
}

const describeWindow = (window: BrowserWindow): WindowState => ({
  url: window.webContents.getURL(),
  bounds: window.getNormalBounds(),
  isVisible: window.isVisible(),
  isFocused: window.isFocused(),
  backgroundColor: window.backgroundColor,
  webPreferences: window.options.webPreferences ?? {},
  pageErrors: window.webContents.pageErrors,
  windowsAsked: window.webContents.windowsAsked,
});

const actions: Record<string, (...args: never[]) => unknown> = {
  windows: () => BrowserWindow.getAllWindows().map(describeWindow),
  app: () => ({
    isSandboxEnabled: app.isSandboxEnabled,
    aboutPanelsShown: app.aboutPanelsShown,
    themeSource: nativeTheme.themeSource,
    scheme: privilegesOf('app'),
  }),
  /** A method of Playwright's page, by its name; what can't leave the process (a handle) is left out. */
  page: async (method: string, ...args: unknown[]) => {
    const page = await firstWindow().webContents.page;
    const action: unknown = Reflect.get(page, method);
    if (typeof action !== 'function') throw new Error(`A page can't ${method}.`);
    return cloneOf(await Reflect.apply(action, page, args));
  },
  /** Answers the next file chooser with files. */
  awaitFileChooser: async (...files: string[]) => {
    const page = await firstWindow().webContents.page;
    page.once('filechooser', (chooser) => void chooser.setFiles(files));
  },
  messageBox,
  pressInMessageBox,
  menu: (...labels: string[]) => chooseFromMenu(labels),
  fetched: () => [...fetchedAddresses()],
  permission: (name: string, address: string) => decisionsOn(name, address),
  loadURL: (address: string) => firstWindow().loadURL(address),
  blur: () => firstWindow().blur(),
  minimize: () => firstWindow().minimize(),
  setBounds: (bounds: { x: number; y: number; width: number; height: number }) =>
    firstWindow().setBounds(bounds),
  closeWindow: () => firstWindow().close(),
};

async function answer({ id, action, args }: ControlRequest): Promise<ControlAnswer> {
  try {
    const perform = actions[action] as ((...args: unknown[]) => unknown) | undefined;
    if (perform === undefined) throw new Error(`There is no action "${action}".`);
    return { id, output: await perform(...args) };
  } catch (error) {
    return { id, error: error instanceof Error ? error.message : String(error) };
  }
}

/** Answers the process that forked this one; does nothing where there is none. */
export function answerTests(): void {
  if (process.send === undefined) return;
  process.on('message', (request: ControlRequest) => {
    void answer(request).then((answered) => process.send?.(answered, undefined, undefined, () => undefined));
  });
  process.on('disconnect', () => app.exit(1));
}
