import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { encodeNpz } from '../../../src-main/formats/npz.ts';
import { runProgram } from '../../program.ts';
import { expect, test } from './weft.ts';

let folder = '';
test.beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'weft-opening-'))));
test.afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function openFile(page: Page, path: string): Promise<void> {
  // The keys are heard once the page is connected.
  await page.getByRole('link', { name: 'Models & runs' }).click();
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.keyboard.press('Control+o')]);
  await chooser.setFiles(path);
}
const list = (page: Page) => page.getByRole('grid', { name: 'Runs and models' });

test('weights of another tool are opened once what they are was checked', async ({ page, address }) => {
  const array = (name: string, ...shape: number[]) => ({
    name,
    dtype: 'float32' as const,
    shape,
    data: new Float32Array(shape.reduce((product, size) => product * size, 1)).fill(0.01),
  });
  const path = join(folder, 'elsewhere.npz');
  writeFileSync(path, encodeNpz([array('conv.weight', 4, 1, 3, 3), array('fc.weight', 10, 784)]));
  await page.goto(address);
  await openFile(page, path);
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('row')).toHaveText([/^Layer/, /Convolution 3 x 3\s*conv/, /Dense\s*fc/]);
  const accept = dialog.getByRole('button', { name: 'Put into the library' });

  await dialog.getByLabel('Pooling after conv').selectOption('none');
  await expect(dialog.getByRole('alert')).toContainText('28 x 28 x 4 = 3136');
  await expect(accept).toBeDisabled();
  await dialog.getByLabel('Pooling after conv').selectOption('average');
  await expect(dialog.getByRole('alert')).toHaveCount(0);
  await dialog.getByLabel('Name').fill('From elsewhere');
  await accept.click();
  await expect(dialog).toHaveCount(0);
  await expect(list(page).getByRole('row', { name: 'From elsewhere' })).toBeVisible();
});

test('a project that was saved from a run is opened as that run', async ({ page, address }) => {
  const elsewhere = join(folder, 'elsewhere');
  const path = join(folder, 'moved.weft');
  const commands = [
    'train --preset numpy-plain --dataset strokes --epochs 1 --threads 1 --run-id moved'.split(' '),
    ['runs', 'export', 'moved', '--out', path],
  ];
  for (const command of commands) {
    const { status, stderr } = await runProgram('cli.js', [...command, '--data-dir', elsewhere]);
    expect(status, stderr).toBe(0);
  }
  await page.goto(address);
  await openFile(page, path);
  await expect(page.getByText('was opened from moved.weft')).toBeVisible();
  await expect(list(page).getByRole('row')).toHaveCount(1);

  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Save everything of the run as a project' }).click(),
  ]);
  expect(download.suggestedFilename()).toMatch(/\.weft$/);
  const { status, stdout } = await runProgram('cli.js', [
    ...['runs', 'import', await download.path(), '--data-dir', join(folder, 'third')],
  ]);
  expect(status).toBe(0);
  expect(stdout).toContain('is here as moved');
});
