// The desktop app in the real Electron, wherever its runtime has been fetched and there is a display. Elsewhere the
// integration tests run the same built programs on the stand-in.
import { _electron, expect, test } from '@playwright/test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { findElectron } from '../../../scripts/findElectron.mjs';

const executablePath = findElectron();
const hasDisplay =
  process.platform !== 'linux' || Boolean(process.env['DISPLAY'] ?? process.env['WAYLAND_DISPLAY']);
const isRoot = process.getuid?.() === 0;

test('the desktop window trains a network on Strokes in its utility process', async () => {
  test.skip(executablePath === undefined, "Electron's runtime has not been fetched: npm start does that");
  test.skip(!hasDisplay, 'there is no display');
  const dataDirectory = mkdtempSync(join(tmpdir(), 'weft-desktop-'));
  const app = await _electron.launch({
    executablePath: executablePath ?? '',
    args: [
      ...(isRoot ? ['--no-sandbox'] : []),
      resolve(import.meta.dirname, '../../../out/main/electron.js'),
    ],
    env: { ...process.env, WEFT_DATA_DIR: dataDirectory },
  });
  try {
    const page = await app.firstWindow();
    expect(page.url()).toMatch(/^app:\/\/weft\//);
    await page.getByRole('link', { name: 'Train', exact: true }).click();
    await page.getByLabel('Epochs', { exact: true }).fill('1');
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await expect(page.getByText('Finished after 1 epoch')).toBeVisible({ timeout: 60_000 });
  } finally {
    await app.close();
    rmSync(dataDirectory, { recursive: true, force: true });
  }
});
