import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { runProgram } from '../../program.ts';
import { storeCopies, storeRuns } from './storedRuns.ts';
import { expect, test } from './weft.ts';

async function train(dataDirectory: string): Promise<void> {
  const recipe = 'train --preset numpy-plain --dataset strokes --epochs 1 --threads 1'.split(' ');
  const { status, stderr } = await runProgram('cli.js', [...recipe, '--data-dir', dataDirectory]);
  expect(status, stderr).toBe(0);
}

const list = (page: Page) => page.getByRole('grid', { name: 'Runs and models' });
const row = (page: Page, name: string) => list(page).getByRole('row', { name, exact: true });
/** What is shown of the entry that is looked at. */
const inspector = (page: Page, name: string) => page.getByRole('article', { name, exact: true });

async function openModels(page: Page, address: string): Promise<void> {
  await page.goto(address);
  await page.getByRole('link', { name: 'Models & runs' }).click();
}

/** The names from top to bottom; rows are reused, so that their order in the document says nothing. */
async function namesShown(page: Page): Promise<(string | null)[]> {
  const rows = await list(page).getByRole('row').all();
  const named = await Promise.all(
    rows.map(async (one) => ({
      index: Number(await one.getAttribute('aria-rowindex')),
      name: await one.getAttribute('aria-label'),
    })),
  );
  return named.sort((one, other) => one.index - other.index).map(({ name }) => name);
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
  await expect(page.getByText(/Drop to .*open (a|the) model/)).toBeVisible();
  await page.dispatchEvent('body', 'drop', { dataTransfer: transfer });
}

test.describe('a run that was trained', () => {
  test.beforeEach(({ dataDirectory }) => train(dataDirectory));

  test('is listed with its recipe, curve and result, and keeps the name that it is given', async ({
    page,
    address,
    dataDirectory,
  }) => {
    await openModels(page, address);
    await expect(row(page, 'numpy-plain')).toContainText('784-128-10 · Gradient descent 0.1 · batch 64');
    await expect(row(page, 'numpy-plain')).toContainText('Finished, 1 of 1 epochs');
    const shown = inspector(page, 'numpy-plain');
    await shown.getByText('Files').click();
    await expect(shown.getByText(join(dataDirectory, 'runs'))).toBeVisible();
    await expect(shown).toContainText('model.safetensors');
    await shown.getByText('Recipe', { exact: true }).click();
    await expect(shown).toContainText('Units 128, Activation ReLU');

    await page.keyboard.press('F2');
    await page.getByRole('textbox', { name: 'Name' }).fill('First try');
    await page.keyboard.press('Enter');
    await expect(row(page, 'First try')).toBeVisible();
    await page.reload();
    await expect(row(page, 'First try')).toBeVisible();
  });

  test('can be had back when it was deleted, and is gone for good when the page is left instead', async ({
    page,
    address,
  }) => {
    await openModels(page, address);
    await expect(row(page, 'numpy-plain')).toBeVisible();
    await page.keyboard.press('Delete');
    await expect(row(page, 'numpy-plain')).toHaveCount(0);
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect(row(page, 'numpy-plain')).toBeVisible();
    await page.keyboard.press('Delete');
    await expect(row(page, 'numpy-plain')).toHaveCount(0);
    await page.keyboard.press('Control+z');
    await expect(row(page, 'numpy-plain')).toBeVisible();

    await inspector(page, 'numpy-plain').getByRole('button', { name: 'Delete' }).click();
    await page.reload();
    await expect(page.getByText('No runs yet')).toBeVisible();
  });

  test('saves its model with Ctrl+S; the file is taken back by dropping it, a damaged one refused with the reason', async ({
    page,
    address,
    dataDirectory,
  }) => {
    await openModels(page, address);
    await expect(row(page, 'numpy-plain')).toBeVisible();
    const download = page.waitForEvent('download');
    await page.keyboard.press('Control+s');
    const saved = join(dataDirectory, 'saved.safetensors');
    await (await download).saveAs(saved);

    const damaged = join(dataDirectory, 'damaged.safetensors');
    writeFileSync(damaged, readFileSync(saved).subarray(0, -4));
    const messages = page.getByRole('list', { name: 'Messages' });
    await drop(page, damaged, 'damaged.safetensors');
    await expect(messages).toContainText('"damaged.safetensors" is not a readable safetensors file');
    await expect(list(page).getByRole('row')).toHaveCount(1);

    await page.getByRole('link', { name: 'Data' }).click();
    await drop(page, saved, 'saved.safetensors');
    await expect(list(page).getByRole('row')).toHaveCount(2);
    await expect(list(page).locator('[aria-current="true"]')).toContainText('In the library');
    await list(page).focus();
    await page.keyboard.press('Enter');
    await expect(page).toHaveURL(/#\/evaluate$/);
  });
});

test.describe('many runs', () => {
  test.beforeEach(({ dataDirectory }) =>
    storeRuns(dataDirectory, [
      { name: 'run 10', presetId: 'keras-split', accuracies: [0.5, 0.7], tags: ['lesson'] },
      { name: 'run 9', presetId: 'dense-best', accuracies: [0.9], state: 'stopped' },
      { name: 'Run 1', presetId: 'numpy-adam', accuracies: [0.8], secondsPerEpoch: 9 },
    ]),
  );

  test('are found by words and tags, and sorted by name, accuracy and time', async ({ page, address }) => {
    await openModels(page, address);
    await expect(row(page, 'run 9')).toBeVisible();
    expect(await namesShown(page)).toEqual(['Run 1', 'run 9', 'run 10']);
    const sort = page.getByRole('combobox', { name: 'Sort by' });
    await sort.selectOption('Name');
    expect(await namesShown(page)).toEqual(['Run 1', 'run 9', 'run 10']);
    await page.getByRole('button', { name: 'Reverse the order' }).click();
    expect(await namesShown(page)).toEqual(['run 10', 'run 9', 'Run 1']);
    await page.getByRole('button', { name: 'Reverse the order' }).click();
    await sort.selectOption('Validation accuracy');
    expect(await namesShown(page)).toEqual(['run 9', 'Run 1', 'run 10']);
    await sort.selectOption('Training time');
    expect(await namesShown(page)).toEqual(['run 9', 'run 10', 'Run 1']);

    await list(page).focus();
    await page.keyboard.press('/');
    await page.keyboard.type('#lesson');
    await expect.poll(() => namesShown(page)).toEqual(['run 10']);
    await page.getByRole('searchbox').fill('adamw dropout');
    await expect.poll(() => namesShown(page)).toEqual(['run 9']);
    await page.getByRole('searchbox').fill('no such run');
    await page.getByRole('button', { name: 'Show everything' }).click();
    await page.getByRole('button', { name: 'Stopped 1' }).click();
    await expect.poll(() => namesShown(page)).toEqual(['run 9']);
  });

  test('keep tags and notes over a reload, also several at once, and give them up again with Ctrl+Z', async ({
    page,
    address,
  }) => {
    await openModels(page, address);
    await page.getByRole('textbox', { name: 'Notes' }).fill('Wider is not better.');
    await page.getByRole('textbox', { name: 'Notes' }).blur();
    await expect(page.getByText('The notes of “Run 1” are kept.')).toBeVisible();
    await page.getByRole('checkbox', { name: 'Choose Run 1', exact: true }).click();
    await page.getByRole('checkbox', { name: 'Choose run 10' }).click({ modifiers: ['Shift'] });
    await page.getByRole('combobox', { name: 'Tag them' }).fill('#autumn');
    await page.keyboard.press('Enter');
    await expect(page.getByText('3 entries: tagged “autumn”.')).toBeVisible();
    await page.reload();
    for (const name of ['Run 1', 'run 9', 'run 10']) await expect(row(page, name)).toContainText('#autumn');
    await expect(page.getByRole('textbox', { name: 'Notes' })).toHaveValue('Wider is not better.');

    await list(page).focus();
    await page.keyboard.press('j');
    await inspector(page, 'run 9').getByRole('button', { name: 'Remove the tag autumn' }).click();
    await expect(row(page, 'run 9')).not.toContainText('#autumn');
    await list(page).focus();
    await page.keyboard.press('Control+z');
    await expect(row(page, 'run 9')).toContainText('#autumn');
  });

  test('leave the neighbour in view when one is deleted, and that one again when it is had back', async ({
    page,
    address,
  }) => {
    await openModels(page, address);
    await row(page, 'run 9').click();
    await page.keyboard.press('Delete');
    await expect(inspector(page, 'run 10')).toBeVisible();
    await page.keyboard.press('Control+z');
    await expect(inspector(page, 'run 9')).toBeVisible();
  });

  test('are chosen with Ctrl+A and deleted together, with one way back', async ({ page, address }) => {
    await openModels(page, address);
    await expect(row(page, 'run 9')).toBeVisible();
    await page.keyboard.press('Control+a');
    await expect(page.getByRole('toolbar', { name: 'Chosen entries' })).toContainText('3 chosen');
    await page.keyboard.press('Delete');
    await expect(page.getByText('No runs yet')).toBeVisible();
    await page.getByRole('button', { name: 'Undo' }).click();
    expect(await namesShown(page)).toEqual(['Run 1', 'run 9', 'run 10']);
  });

  test('lend their recipe to Train’s form, which can be undone there', async ({ page, address }) => {
    await openModels(page, address);
    await row(page, 'run 9').click();
    await inspector(page, 'run 9').getByRole('button', { name: 'Duplicate recipe' }).click();
    await expect(page).toHaveURL(/#\/train$/);
    const batchSize = page.getByRole('textbox', { name: 'Batch size' });
    await expect(batchSize).toHaveValue('128');
    await page.getByRole('button', { name: 'Undo' }).first().click();
    await expect(batchSize).toHaveValue('32');
  });
});

test.describe('a thousand runs', () => {
  test.beforeEach(({ dataDirectory }) =>
    storeCopies(dataDirectory, { name: 'run', presetId: 'keras-split', accuracies: [0.5, 0.7] }, 1000),
  );

  test('are a list of few elements, through which the keyboard goes to the end', async ({
    page,
    address,
  }) => {
    await openModels(page, address);
    await expect(row(page, 'run 999')).toBeVisible();
    await expect(page.getByText('1,000 runs')).toBeVisible();
    await page.keyboard.press('End');
    await expect(row(page, 'run 0')).toBeInViewport();
    await expect(inspector(page, 'run 0')).toBeVisible();
    expect((await namesShown(page)).length).toBeLessThan(40);
    await page.keyboard.press('/');
    await page.keyboard.type('run 512');
    await expect.poll(() => namesShown(page)).toEqual(['run 512']);
  });
});
