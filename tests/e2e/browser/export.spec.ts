// From the page to a file that another runtime computes the same with.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Download, Page } from '@playwright/test';
import { DatasetStore } from '../../../src-main/datasets/store.ts';
import { decodeNpz } from '../../../src-main/formats/npz.ts';
import { confusionMatrix } from '../../../src-shared/metrics/confusion.ts';
import { predictedClasses } from '../../../src-shared/metrics/predictions.ts';
import { onnxRunTolerance, runOnnx } from '../../onnxRuntime.ts';
import { runProgram } from '../../program.ts';
import { expect, test } from './weft.ts';

const classCount = 10;

test.beforeEach(async ({ dataDirectory }) => {
  const train = 'train --preset keras-split --dataset strokes --epochs 1 --threads 1'.split(' ');
  const { status, stderr } = await runProgram('cli.js', [...train, '--data-dir', dataDirectory]);
  expect(status, stderr).toBe(0);
});

/** The matrix that Evaluate shows of the test images. */
async function readTestMatrix(page: Page): Promise<number[][]> {
  await page.getByRole('link', { name: 'Evaluate' }).click();
  await page.getByText('Test', { exact: true }).click();
  await page.getByRole('button', { name: 'Look at the test set' }).click();
  const matrix = page.getByRole('grid', { name: /^Confusion matrix/ });
  await expect(page.locator('dl > div', { hasText: 'Looks at the test set' }).locator('dd')).toHaveText('2');
  const cells = await matrix.getByRole('gridcell', { name: /^\d+ of \d+ \d images/ }).allTextContents();
  const counts = cells.map((text) => Number(text.trim().replaceAll(',', '') || 0));
  return Array.from({ length: classCount }, (_, row) =>
    counts.slice(row * classCount, (row + 1) * classCount),
  );
}

test('an ONNX file exported on the page takes every test image for what the page says, in ONNX Runtime', async ({
  dataDirectory,
  page,
  address,
}) => {
  await page.goto(address);
  await page.getByRole('link', { name: 'Models & runs' }).click();
  await page.getByRole('button', { name: 'Export…' }).first().click();
  const dialog = page.getByRole('dialog', { name: 'Export “keras-split”' });
  await dialog.getByRole('radio', { name: /^ONNX/ }).check();
  await dialog.getByRole('switch', { name: 'With examples to try it on' }).check();
  const downloads: Download[] = [];
  page.on('download', (download) => downloads.push(download));
  await dialog.getByRole('button', { name: 'Export', exact: true }).click();
  await expect(dialog.locator('dl')).toContainText('1,200 held-out images');
  await expect(dialog.locator('dl')).toContainText('the same classes');
  await expect
    .poll(() => downloads.map((one) => one.suggestedFilename()).sort())
    .toEqual(['keras-split-examples.npz', 'keras-split.onnx']);
  const [examples, model] = await Promise.all(
    downloads
      .sort((a, b) => a.suggestedFilename().localeCompare(b.suggestedFilename()))
      .map(async (download) => {
        const path = join(dataDirectory, download.suggestedFilename());
        await download.saveAs(path);
        return readFileSync(path);
      }),
  );
  await dialog.getByRole('button', { name: 'Close' }).last().click();

  const { test: images } = await new DatasetStore({ dataDirectory }).load('strokes');
  const { probabilities } = await runOnnx(model!, images.pixels, [images.labels.length, 28, 28]);
  const predicted = predictedClasses(probabilities, classCount);
  expect(await readTestMatrix(page)).toEqual(confusionMatrix(images.labels, predicted, classCount));

  const arrays = new Map(decodeNpz(examples!, 'examples').map((array) => [array.name, array]));
  const pixels = Uint8Array.from(arrays.get('images')!.data, Number);
  const tried = await runOnnx(model!, pixels, [256, 28, 28]);
  const expected = arrays.get('probabilities')!.data;
  const differences = tried.probabilities.map((value, place) => Math.abs(value - Number(expected[place])));
  expect(Math.max(...differences)).toBeLessThan(onnxRunTolerance);
});

test('Ctrl+Shift+S asks what to export of the model that is looked at; Escape leaves without a file', async ({
  page,
  address,
}) => {
  await page.goto(address);
  // Which model that is, the page knows once it has the list of runs.
  await page.getByRole('link', { name: 'Models & runs' }).click();
  await expect(page.getByText('keras-split').first()).toBeVisible();
  await page.getByRole('link', { name: 'Train' }).click();
  await page.keyboard.press('Control+Shift+S');
  const dialog = page.getByRole('dialog', { name: 'Export “keras-split”' });
  await expect(dialog.getByRole('radio', { name: /^Weft/ })).toBeChecked();
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
});
