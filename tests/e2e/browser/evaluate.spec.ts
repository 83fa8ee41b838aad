// From a trained network to its errors, every number compared with what the command line computes from the same files.
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { cellsOf, downloadedBy, matrixOf, readMatrix, weftObjects } from './evaluateScreen.ts';
import { expect, test } from './weft.ts';

interface Evaluated {
  accuracy: number;
  loss: number;
  confusionMatrix: number[][];
}

/** What the command line prints as JSON, the last object of it. */
async function weft<T>(dataDirectory: string, ...args: string[]): Promise<T> {
  return (await weftObjects(dataDirectory, ...args)).at(-1) as T;
}

const runId = 'split';
/** Trained once and copied for each test. */
let trained = '';
test.beforeAll(async () => {
  trained = mkdtempSync(join(tmpdir(), 'weft-e2e-trained-'));
  const train = 'train --preset keras-split --dataset strokes --epochs 1 --run-id'.split(' ');
  await weftObjects(trained, ...train, runId);
});
test.afterAll(() => rmSync(trained, { recursive: true, force: true }));
test.beforeEach(({ dataDirectory }) => cpSync(trained, dataDirectory, { recursive: true }));

const factOf = (page: Page, name: string): Locator =>
  page.locator('dl > div', { has: page.getByText(name, { exact: true }) }).locator('dd');
async function openEvaluate(page: Page, address: string): Promise<void> {
  await page.goto(address);
  await page.getByRole('link', { name: 'Evaluate' }).click();
  await expect(matrixOf(page)).toBeVisible();
}

/** The largest entry off the diagonal: true class, predicted class, count. */
function worstConfusion(matrix: readonly (readonly number[])[]): [number, number, number] {
  const confusions = matrix.flatMap((row, truth) =>
    row.map((count, predicted): [number, number, number] => [
      truth,
      predicted,
      truth === predicted ? -1 : count,
    ]),
  );
  return confusions.reduce((worst, one) => (one[2] > worst[2] ? one : worst));
}

test('accuracy, loss and every cell of the matrix are those of the core, on validation and on test images', async ({
  dataDirectory,
  page,
  address,
}) => {
  await openEvaluate(page, address);
  for (const split of ['validation', 'test']) {
    if (split === 'test') {
      await page.getByText('Test', { exact: true }).click();
      await page.getByRole('button', { name: 'Look at the test set' }).click();
      await expect(factOf(page, 'Looks at the test set')).toHaveText('2');
    }
    const evaluated = await weft<Evaluated>(
      dataDirectory,
      'evaluate',
      runId,
      '--dataset',
      'strokes',
      '--split',
      split,
    );
    await expect(factOf(page, 'Accuracy')).toContainText(`${(evaluated.accuracy * 100).toFixed(2)} %`);
    await expect(factOf(page, 'Loss')).toHaveText(evaluated.loss.toFixed(4));
    expect(await readMatrix(page)).toEqual(evaluated.confusionMatrix);
  }
});

test('a cell of the matrix opens exactly its images; each has ten probabilities that sum to 1; the arrows go on', async ({
  page,
  address,
}) => {
  await openEvaluate(page, address);
  const [truth, predicted, count] = worstConfusion(await readMatrix(page));
  expect(count).toBeGreaterThan(1);
  await cellsOf(page)
    .nth(truth * 10 + predicted)
    .click();

  await expect(page).toHaveURL(/#\/errors$/);
  const grid = page.getByRole('grid', { name: /^Images/ });
  const images = grid.getByRole('gridcell');
  await expect(images).toHaveCount(count);
  for (const name of await images.evaluateAll((cells) =>
    cells.map((cell) => cell.getAttribute('aria-label')),
  )) {
    expect(name).toMatch(new RegExp(`^${truth}, predicted ${predicted}, `));
  }

  await images.first().click();
  const inspector = page.getByRole('complementary', { name: 'Image' });
  await expect(inspector).toContainText(`Image 1 of ${count}`);
  for (const place of [1, 2]) {
    await expect(inspector).toContainText(`Image ${place} of ${count}`);
    const texts = await inspector.getByRole('row').getByRole('cell').allTextContents();
    const percents = texts.filter((text) => /\d/.test(text)).map((text) => Number(/[\d.]+/.exec(text)?.[0]));
    expect(percents).toHaveLength(10);
    expect(percents.reduce((sum, percent) => sum + percent, 0)).toBeCloseTo(100, 0);
    await page.keyboard.press('ArrowRight');
  }
  await page.keyboard.press('Escape');
  await expect(inspector).toHaveCount(0);
});

test('a saved model is a safetensors file that, loaded again, evaluates to the same numbers', async ({
  dataDirectory,
  page,
  address,
}) => {
  await openEvaluate(page, address);
  const accuracy = await factOf(page, 'Accuracy').textContent();
  const matrix = await readMatrix(page);

  const download = page.waitForEvent('download');
  await page.keyboard.press('Control+s');
  const saved = join(dataDirectory, 'saved.safetensors');
  await (await download).saveAs(saved);
  const bytes = readFileSync(saved);
  const headerBytes = Number(bytes.readBigUInt64LE(0));
  const header = JSON.parse(bytes.toString('utf8', 8, 8 + headerBytes)) as Record<
    string,
    { shape?: number[] }
  >;
  expect(header['layers.0.weight']?.shape).toEqual([128, 784]);
  expect(bytes.byteLength).toBe(8 + headerBytes + 109_386 * 4);

  const chooser = page.waitForEvent('filechooser');
  await page.keyboard.press('Control+o');
  await (await chooser).setFiles(saved);
  await page.getByRole('group', { name: 'Actions' }).getByRole('button', { name: 'Evaluate' }).click();
  await expect(page.getByLabel('Model', { exact: true }).locator('option:checked')).toHaveText(/library$/);
  await expect(matrixOf(page)).toBeVisible();
  await expect(factOf(page, 'Accuracy')).toHaveText(accuracy ?? '');
  expect(await readMatrix(page)).toEqual(matrix);
});

test('classes that are mixed up stand together on screen, in the table and in the drawing alike', async ({
  page,
  address,
}) => {
  await openEvaluate(page, address);
  const plain = await readMatrix(page);
  await page.getByText('Similar together').click();
  const sorted = await readMatrix(page);
  const names = await matrixOf(page).locator('tbody th[scope=row]').allTextContents();
  const order = names.map((name) => Number(name.trim()));
  expect(order.toSorted()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(sorted).toEqual(order.map((row) => order.map((column) => plain[row]![column])));
  expect(sorted).not.toEqual(plain);

  const csv = await downloadedBy(page, 'Save the matrix as a CSV table');
  const [, ...lines] = csv.trimEnd().split('\r\n');
  expect(lines.map((line) => line.split(',').map(Number))).toEqual(
    sorted.map((row, place) => [order[place], ...row]),
  );
  const svg = await downloadedBy(page, 'Save the matrix as an SVG drawing');
  const drawn = await page.evaluate((text) => {
    const { documentElement } = new DOMParser().parseFromString(text, 'image/svg+xml');
    return [...documentElement.querySelectorAll('text[text-anchor=middle]')].map((one) => one.textContent);
  }, svg);
  expect(drawn.slice(2).map((text) => Number(text.replaceAll(',', '')))).toEqual(sorted.flat());

  const [truth, predicted] = worstConfusion(sorted);
  await cellsOf(page)
    .nth(truth * 10 + predicted)
    .click();
  await expect(page.getByLabel('True class').locator('option:checked')).toContainText(`${order[truth]} (`);
});

test('a fitted temperature lowers the loss everywhere, keeps every answer, and can be taken back', async ({
  dataDirectory,
  page,
  address,
}) => {
  interface Calibrated extends Evaluated {
    temperature: number | null;
    calibrationError: number;
  }
  const evaluate = (): Promise<Calibrated> =>
    weft<Calibrated>(dataDirectory, 'evaluate', runId, '--dataset', 'strokes', '--split', 'validation');
  const before = await evaluate();
  expect(before.temperature).toBeNull();
  await openEvaluate(page, address);
  const calibration = page.getByRole('region', { name: 'Calibration' });
  await expect(calibration).toContainText(`${(before.calibrationError * 100).toFixed(2)} %`);
  await calibration.getByRole('button', { name: 'Fit a temperature' }).click();
  const fitted = Number(await calibration.getByRole('status').locator('strong').textContent());
  await calibration.getByRole('button', { name: 'Use it for this model' }).click();

  await expect(calibration.locator('dd').nth(1)).toHaveText(fitted.toFixed(3));
  const after = await evaluate();
  expect(after.temperature).toBeCloseTo(fitted, 2);
  expect(after.loss).toBeLessThan(before.loss);
  expect(after.confusionMatrix).toEqual(before.confusionMatrix);
  await expect(factOf(page, 'Loss')).toHaveText(after.loss.toFixed(4));

  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(factOf(page, 'Loss')).toHaveText(before.loss.toFixed(4));
  expect(await evaluate()).toEqual(before);
});

test('an image shows the pixels that matter, its layers, and the training images most like it, nearest first', async ({
  page,
  address,
}) => {
  await page.goto(address);
  await page.getByRole('link', { name: 'Errors' }).click();
  await page
    .getByRole('grid', { name: /^Images/ })
    .getByRole('gridcell')
    .first()
    .click();
  const inspector = page.getByRole('complementary', { name: 'Image' });

  /** How many of the canvas's pixels are not clear. */
  const countColoured = (canvas: Locator): Promise<number> =>
    canvas.evaluate((element) => {
      if (!(element instanceof HTMLCanvasElement)) return 0;
      const data = element.getContext('2d')?.getImageData(0, 0, element.width, element.height).data ?? [];
      return data.filter((value, place) => place % 4 === 3 && value > 0).length;
    });
  for (const view of ['Gradient', 'Occlusion']) {
    await inspector.getByText(view, { exact: true }).click();
    const map = inspector.getByLabel(`Which pixels matter, by ${view.toLowerCase()}`);
    await expect.poll(() => countColoured(map)).toBeGreaterThan(28);
  }

  await inspector.getByText('What each layer gives').click();
  for (const layer of ['Dense 128, ReLU', 'Dense 64, ReLU']) {
    expect(await countColoured(inspector.getByLabel(layer))).toBeGreaterThan(4);
  }

  await inspector.getByText('Most similar training images').click();
  await expect(inspector).toContainText(/of 11,999 training images .* 64 outputs/s);
  const titles = await inspector
    .locator('li[title^="Training image"]')
    .evaluateAll((items) => items.map((item) => item.getAttribute('title') ?? ''));
  expect(titles).toHaveLength(10);
  const distances = titles.map((title) => Number(/distance ([\d.]+)/.exec(title)?.[1]));
  expect(distances).toEqual(distances.toSorted((a, b) => a - b));
  expect(distances[0]).toBeGreaterThan(0);
});

test('filters by confidence and loss stack, and are taken away at once', async ({ page, address }) => {
  await page.goto(address);
  await page.getByRole('link', { name: 'Errors' }).click();
  const count = page.getByRole('status').filter({ hasText: / of [\d,]+\s+images/ });
  await expect(count).toBeVisible();
  const all = await count.textContent();
  await page.getByRole('button', { name: 'Filters' }).click();
  await page.getByLabel('Sure from').fill('90');
  await expect(count).not.toHaveText(all ?? '');
  const names = await page
    .getByRole('grid', { name: /^Images/ })
    .getByRole('gridcell')
    .evaluateAll((cells) => cells.map((cell) => cell.getAttribute('aria-label') ?? ''));
  for (const name of names) expect(Number(/([\d.]+) %$/.exec(name)?.[1])).toBeGreaterThanOrEqual(90);
  const sure = names.length;
  await page.getByLabel('Loss from').fill('4');
  await expect
    .poll(() =>
      page
        .getByRole('grid', { name: /^Images/ })
        .getByRole('gridcell')
        .count(),
    )
    .toBeLessThan(sure);
  await page.getByRole('button', { name: 'Show all' }).click();
  await expect(count).toHaveText(all ?? '');
});
