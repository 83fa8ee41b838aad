// The built desktop app, under the stand-in for Electron in tests/standin: its own main process and preload, a real
// Chromium for its window.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findChromium } from '../../scripts/findChromium.mjs';
import { presets } from '../../src-shared/presets.ts';
import type { RunSummary } from '../../src-shared/schemas/run.ts';
import { DesktopUnderTest, until } from '../standin/electron/drive.ts';

const canRun = findChromium() !== undefined;
const recipe = presets.find((preset) => preset.id === 'keras-split')?.recipe;

let folder: string;
const newDataDirectory = (): string => mkdtempSync(join(folder, 'data-'));
const start = (dataDirectory: string): DesktopUnderTest =>
  new DesktopUnderTest(['--data-dir', dataDirectory]);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'weft-desktop-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.skipIf(!canRun)('the desktop app (skipped without Chromium)', () => {
  let dataDirectory: string;
  let desktop: DesktopUnderTest;

  beforeAll(async () => {
    dataDirectory = newDataDirectory();
    desktop = start(dataDirectory);
    await desktop.shownWindow();
  });
  afterAll(async () => {
    await desktop.quit();
  });

  it('opens a sandboxed, isolated window on its own scheme', async () => {
    const window = await desktop.shownWindow();
    expect(window.url).toBe('app://weft/');
    expect(window.webPreferences).toMatchObject({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
    });
    expect(await desktop.ask('app')).toMatchObject({
      isSandboxEnabled: true,
      scheme: { standard: true, secure: true, supportFetchAPI: true },
    });
  });

  it('shows the page, served with the security headers, without a complaint', async () => {
    await desktop.ask('page', 'waitForSelector', 'text=12,000 images');
    expect((await desktop.shownWindow()).pageErrors).toEqual([]);
    const headers = await desktop.evaluate<Record<string, string>>(
      `fetch('/').then((answer) => Object.fromEntries(answer.headers))`,
    );
    expect(headers['content-security-policy']).toMatch(/^default-src 'none'; script-src 'self'; /);
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
    });
    expect(await desktop.evaluate(`fetch('/../../package.json').then((answer) => answer.status)`)).toBe(404);
  });

  it('gives the page two functions and nothing else of Electron', async () => {
    const found = await desktop.evaluate(`({
      bridge: Object.keys(weftBridge),
      isFrozen: Object.isFrozen(weftBridge),
      others: ['require', 'process', 'module', 'ipcRenderer', '__standinCall'].filter((name) => name in window),
    })`);
    expect(found).toEqual({ bridge: ['request', 'onEvent'], isFrozen: true, others: [] });
  });

  it('answers commands, with arrays of exactly their own bytes', async () => {
    expect(await desktop.call('app.describe')).toMatchObject({ host: 'electron', dataDirectory });
    const images = await desktop.evaluate<{
      kind: string;
      length: number;
      buffer: number;
      brightest: number;
    }>(
      `weftBridge.request({ id: 7, command: 'dataset.images', input: {
        datasetId: 'strokes', split: 'test', indices: [0, 5],
      } }).then(({ id, output: { pixels } }) => ({
        id, kind: pixels.constructor.name, length: pixels.length,
        buffer: pixels.buffer.byteLength, brightest: Math.max(...pixels),
      }))`,
    );
    expect(images).toMatchObject({ id: 7, kind: 'Uint8Array', length: 1568, buffer: 1568 });
    expect(images.brightest).toBeGreaterThan(200);
    await expect(desktop.call('dataset.describe', { datasetId: 'none' })).rejects.toThrow();
    await expect(desktop.call('no.such')).rejects.toThrow('There is no command "no.such".');
  });

  it('trains on Strokes in a utility process and tells the page as it goes', async () => {
    await desktop.evaluate(`{
      window.heard = { steps: [], finished: undefined };
      weftBridge.onEvent(({ event, payload }) => {
        if (event === 'run.progressed') heard.steps.push(payload.step);
        if (event === 'run.changed' && payload.state === 'finished') heard.finished = payload;
      });
    }`);
    await desktop.call('run.start', { datasetId: 'strokes', recipe: { ...recipe, epochs: 1 } });
    const finished = await until(() => desktop.evaluate<RunSummary | undefined>('heard.finished'));
    expect(finished.outcome.epochs).toBe(1);
    expect(finished.outcome.last?.validationAccuracy).toBeGreaterThan(0.5);
    const steps = await desktop.evaluate<number[]>('heard.steps');
    expect(steps.length).toBeGreaterThan(0);
    expect(steps).toEqual(steps.toSorted((a, b) => a - b));
  });

  it('lets the page go nowhere else and open no window', async () => {
    await desktop.evaluate(`void (location.href = 'https://elsewhere.example/')`);
    await desktop.evaluate(`void open('https://elsewhere.example/popup')`);
    await desktop.evaluate(`{
      const link = document.createElement('a');
      Object.assign(link, { href: 'https://elsewhere.example/link', target: '_blank' });
      link.click();
    }`);
    const window = await until(async () => {
      const state = await desktop.shownWindow();
      return state.windowsAsked.length === 2 && state;
    });
    expect(window.windowsAsked).toEqual([
      'https://elsewhere.example/popup',
      'https://elsewhere.example/link',
    ]);
    expect(window.url).toBe('app://weft/');
    expect(await desktop.evaluate('document.title')).toContain('Weft');
    expect(await desktop.ask('windows')).toHaveLength(1);
  });

  it.each(['media', 'geolocation', 'notifications', 'usb', 'clipboard-read'])(
    'denies the permission %s',
    async (permission) => {
      expect(await desktop.ask('permission', permission, 'app://weft/')).toEqual({
        request: false,
        check: false,
        device: false,
      });
    },
  );

  it('lets its own page copy text, and no other', async () => {
    const copying = 'clipboard-sanitized-write';
    const granted = { request: true, check: true, device: false };
    expect(await desktop.ask('permission', copying, 'app://weft/')).toEqual(granted);
    const denied = { request: false, check: false, device: false };
    expect(await desktop.ask('permission', copying, 'https://elsewhere.example/')).toEqual(denied);
    expect(await desktop.ask('permission', copying, 'app://weft.example/')).toEqual(denied);
  });

  it('opens the file chooser from the menu, as from the key', async () => {
    const file = join(folder, 'not-a-model.safetensors');
    writeFileSync(file, 'short');
    await desktop.ask('awaitFileChooser', file);
    await desktop.ask('menu', 'File', 'Open model…');
    await desktop.ask('page', 'waitForSelector', 'text=/not-a-model/');
  });

  it('follows the theme that the person chose', async () => {
    const isDark = `matchMedia('(prefers-color-scheme: dark)').matches`;
    await desktop.call('settings.change', { theme: 'dark' });
    await until(() => desktop.evaluate<boolean>(isDark));
    expect((await desktop.shownWindow()).backgroundColor).toBe('#14181a');
    await desktop.call('settings.change', { theme: 'light' });
    await until(() => desktop.evaluate<boolean>(`!${isDark}`));
    const settings = JSON.parse(readFileSync(join(dataDirectory, 'settings.json'), 'utf8')) as object;
    expect(settings).toMatchObject({ theme: 'light' });
  });

  it('shows itself when it is started a second time, and the second one ends', async () => {
    await desktop.ask('minimize');
    const second = start(dataDirectory);
    expect(await second.ended).toBe(0);
    const window = await until(async () => {
      const state = await desktop.shownWindow();
      return state.isFocused && state;
    });
    expect(window.isVisible).toBe(true);
    expect(await desktop.ask('windows')).toHaveLength(1);
  });

  it('gives the page all of its state back after a reload', async () => {
    await desktop.ask('page', 'reload');
    await desktop.ask('page', 'waitForSelector', 'text=12,000 images');
    const runs = await desktop.call<RunSummary[]>('run.list');
    expect(runs.map((run) => run.state)).toEqual(['finished']);
  });

  it('refuses messages from any page but its own', async () => {
    await desktop.ask('loadURL', 'https://elsewhere.example/');
    expect(await desktop.evaluate('document.title')).toBe('Elsewhere');
    await expect(desktop.call('app.describe')).rejects.toThrow('Only the page of Weft is answered.');
    await desktop.ask('loadURL', 'app://other/');
    await expect(desktop.call('app.describe')).rejects.toThrow('Only the page of Weft is answered.');
    await desktop.ask('loadURL', 'app://weft/');
    expect(await desktop.call('app.describe')).toMatchObject({ host: 'electron' });
  });
});

describe.skipIf(!canRun)('quitting the desktop app (skipped without Chromium)', () => {
  it('keeps the run under way as interrupted, ends its process and remembers the window', async () => {
    const dataDirectory = newDataDirectory();
    const desktop = start(dataDirectory);
    await desktop.shownWindow();
    const bounds = { x: 100, y: 60, width: 1100, height: 700 };
    await desktop.ask('setBounds', bounds);
    await desktop.call('run.start', { datasetId: 'strokes', recipe: { ...recipe, epochs: 1000 } });
    await desktop.ask('closeWindow');
    expect(await desktop.ended).toBe(0);

    const again = start(dataDirectory);
    expect((await again.shownWindow()).bounds).toEqual(bounds);
    const [run] = await again.call<RunSummary[]>('run.list');
    expect(run?.state).toBe('interrupted');
    expect(await again.quit()).toBe(0);
  });

  it('says why it could not start, and fails', async () => {
    const file = join(folder, 'file');
    writeFileSync(file, 'a file where the directory should be');
    const desktop = start(file);
    expect(await desktop.ended).toBe(1);
    expect(desktop.output).toMatch(/^Weft could not start: .*file\/desktop/m);
  });
});
