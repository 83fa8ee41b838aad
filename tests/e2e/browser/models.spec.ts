import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { runProgram } from '../../program.ts';
import { expect, test } from './weft.ts';

test.beforeEach(async ({ dataDirectory }) => {
  const train = 'train --preset numpy-plain --dataset strokes --epochs 1 --threads 1'.split(' ');
  const { status, stderr } = await runProgram('cli.js', [...train, '--data-dir', dataDirectory]);
  expect(status, stderr).toBe(0);
});

const entry = (page: Page, name: string) => page.getByRole('article', { name, exact: true });

async function openModels(page: Page, address: string): Promise<void> {
  await page.goto(address);
  await page.getByRole('link', { name: 'Models & runs' }).click();
}

/** Drops the file on the window, as from a file manager. */
async function drop(page: Page, path: string, fileName: string): Promise<void> {
  const bytes = [...readFileSync(path)];
  const transfer = await page.evaluateHandle(
    ({ fileName: name, bytes: content }) => {
      const data = new DataTransfer();
      data.items.add(new File([Uint8Array.from(content)], name));
      return data;
    },
    { fileName, bytes },
  );
  await page.dispatchEvent('body', 'dragenter', { dataTransfer: transfer });
  await expect(page.getByText('Drop to open the model')).toBeVisible();
  await page.dispatchEvent('body', 'drop', { dataTransfer: transfer });
}

test('a run is listed with its recipe, curve and result, and keeps the name that it is given', async ({
  page,
  address,
}) => {
  await openModels(page, address);
  const run = entry(page, 'numpy-plain');
  await expect(run).toContainText('784-128-10 · Gradient descent 0.1 · batch 64');
  await expect(run).toContainText('Finished, 1 of 1 epochs');
  await expect(run.getByRole('img', { name: /^Validation accuracy over 1 epochs/ })).toBeVisible();

  await run.getByRole('button', { name: 'Rename' }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill('First try');
  await page.keyboard.press('Enter');
  await expect(entry(page, 'First try')).toBeVisible();
  await page.reload();
  await expect(entry(page, 'First try')).toBeVisible();
});

test('a deleted run can be had back, and is gone for good when the page is left instead', async ({
  page,
  address,
}) => {
  await openModels(page, address);
  const run = entry(page, 'numpy-plain');
  await run.getByRole('button', { name: 'Delete' }).click();
  await expect(run).toHaveCount(0);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(run).toBeVisible();

  await run.getByRole('button', { name: 'Delete' }).click();
  await page.reload();
  await expect(page.getByText('No runs yet')).toBeVisible();
});

test('Ctrl+S saves the model; the file is taken back by dropping it, a damaged one refused with the reason', async ({
  page,
  address,
  dataDirectory,
}) => {
  await openModels(page, address);
  await expect(entry(page, 'numpy-plain')).toBeVisible();
  const download = page.waitForEvent('download');
  await page.keyboard.press('Control+s');
  const saved = join(dataDirectory, 'saved.safetensors');
  await (await download).saveAs(saved);

  const damaged = join(dataDirectory, 'damaged.safetensors');
  writeFileSync(damaged, readFileSync(saved).subarray(0, -4));
  const messages = page.getByRole('list', { name: 'Messages' });
  await drop(page, damaged, 'damaged.safetensors');
  await expect(messages).toContainText('"damaged.safetensors" is not a readable safetensors file');
  await expect(page.getByText('Models that you keep from a run')).toBeVisible();

  await page.getByRole('link', { name: 'Data' }).click();
  await drop(page, saved, 'saved.safetensors');
  const library = page.getByRole('region', { name: 'Library' });
  await expect(library.getByRole('article')).toHaveAttribute('aria-current', 'true');
  await library.getByRole('button', { name: 'Evaluate' }).click();
  await expect(page).toHaveURL(/#\/evaluate$/);
});
