import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { storeRuns } from './storedRuns.ts';
import { expect, test } from './weft.ts';

test.beforeEach(async ({ dataDirectory }) => {
  await storeRuns(dataDirectory, [
    { name: 'slow', presetId: 'keras-split', accuracies: [0.5, 0.7, 0.8], secondsPerEpoch: 4 },
    {
      name: 'quick',
      presetId: 'keras-split',
      accuracies: [0.6, 0.75],
      secondsPerEpoch: 0.5,
      recipe: {
        layers: [{ type: 'dense', units: 256 }],
        optimizer: { type: 'momentum', learningRate: 0.1 },
        seed: 7,
      },
    },
    { name: 'third', presetId: 'numpy-plain', accuracies: [0.4] },
  ]);
});

async function compare(page: Page, address: string, names: readonly string[]): Promise<void> {
  await page.goto(address);
  await page.getByRole('link', { name: 'Models & runs' }).click();
  for (const name of names) await page.getByRole('checkbox', { name: `Choose ${name}` }).click();
  await page.getByRole('button', { name: 'Compare' }).click();
}

/** Of a row of the table that lays runs side by side, by its label. */
const cellsOf = (page: Page, label: string) =>
  page
    .getByRole('table', { name: 'Results and differences' })
    .getByRole('row')
    .filter({ has: page.getByRole('rowheader', { name: label, exact: true }) })
    .getByRole('cell');

async function downloadedCsv(page: Page, button: string): Promise<string[]> {
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: button }).click();
  return readFileSync(await (await download).path(), 'utf8')
    .trimEnd()
    .split('\r\n');
}

test('two runs side by side show what they reached and only what differs in their recipes', async ({
  page,
  address,
}) => {
  await compare(page, address, ['slow', 'quick']);
  // The list's order: the newest first.
  await expect(cellsOf(page, 'Validation accuracy')).toHaveText(['75.00 %', '80.00 %']);
  await expect(cellsOf(page, 'Time')).toHaveText(['1 s', '12 s']);
  await expect(cellsOf(page, 'Optimizer')).toHaveText(['Momentum', 'Adam']);
  await expect(cellsOf(page, 'Learning rate')).toHaveText(['0.1', '0.001']);
  await expect(cellsOf(page, 'Layer 1: Dense, units')).toHaveText(['256', '128']);
  await expect(cellsOf(page, 'Layer 2: Dense')).toHaveText(['–', 'Units 64, Activation ReLU']);
  await expect(cellsOf(page, 'Epochs')).toHaveText(['2', '3']);
  await expect(cellsOf(page, 'Seed')).toHaveText(['7', '1']);
  await expect(cellsOf(page, 'Batch size')).toHaveCount(0);
  await page.keyboard.press('Escape');
  await expect(page.getByRole('grid', { name: 'Runs and models' })).toBeVisible();
});

test('the curves of the runs lie in one chart, by epoch and by seconds, as numbers in a CSV file and a table', async ({
  page,
  address,
}) => {
  await compare(page, address, ['slow', 'quick']);
  const byEpoch = await downloadedCsv(page, 'Save Accuracy as CSV');
  expect(byEpoch[0]).toBe('series,epoch,Accuracy');
  expect(byEpoch.filter((line) => line.startsWith('quick,'))).toEqual(['quick,1,0.6', 'quick,2,0.75']);
  expect(byEpoch.filter((line) => line.startsWith('slow,'))).toEqual([
    'slow,1,0.5',
    'slow,2,0.7',
    'slow,3,0.8',
  ]);
  await page.getByText('By seconds').click();
  await page.getByText('Training curves').click();
  const bySeconds = await downloadedCsv(page, 'Save Accuracy as CSV');
  expect(bySeconds).toEqual([
    'series,seconds,Accuracy',
    'quick,0.5,0.6',
    'quick,1,0.75',
    'slow,4,0.5',
    'slow,8,0.7',
    'slow,12,0.8',
  ]);
  await page.getByRole('button', { name: 'Show Accuracy as a table' }).click();
  await expect(page.getByRole('table', { name: 'Accuracy' }).getByRole('row')).toHaveText([
    /Epoch\s*quick\s*slow/,
    /3\s*–\s*80.00 %/,
    /2\s*75.00 %\s*70.00 %/,
    /1\s*60.00 %\s*50.00 %/,
  ]);
});

/** How many pixels of the picture have about the colour of a CSS property. */
const pixelsOf = (page: Page, property: string): Promise<number> =>
  page
    .locator('canvas')
    .first()
    .evaluate((element, name) => {
      if (!(element instanceof HTMLCanvasElement)) throw new Error('That is no canvas.');
      const colour = getComputedStyle(document.body).getPropertyValue(name).trim();
      const wanted = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
      const { data } = element.getContext('2d')!.getImageData(0, 0, element.width, element.height);
      let count = 0;
      for (let at = 0; at < data.length; at += 4) {
        const isNear = wanted.every((value, channel) => Math.abs(value - data[at + channel]!) < 8);
        if (isNear && data[at + 3]! > 200) count += 1;
      }
      return count;
    }, property);

test('each run is drawn in its own colour, which it keeps when another is left out', async ({
  page,
  address,
}) => {
  await compare(page, address, ['slow', 'quick', 'third']);
  // Newest first: third, quick, slow.
  for (const property of ['--series-1', '--series-2', '--series-3']) {
    await expect.poll(() => pixelsOf(page, property)).toBeGreaterThan(20);
  }
  expect(await pixelsOf(page, '--series-4')).toBe(0);
  await page.getByRole('button', { name: 'Leave quick out' }).click();
  await expect.poll(() => pixelsOf(page, '--series-3')).toBe(0);
  await expect.poll(() => pixelsOf(page, '--series-2')).toBeGreaterThan(20);
  await expect(page.getByRole('columnheader')).toHaveText(['third', 'slow', 'Results', /differs/]);
});
