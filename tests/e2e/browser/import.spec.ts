import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { encode as encodePng } from 'fast-png';
import { encodeNpz } from '../../../src-main/formats/npz.ts';
import { expect, test } from './weft.ts';

let folder = '';
test.beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'weft-import-'))));
test.afterEach(() => rmSync(folder, { recursive: true, force: true }));

const height = 12;
const width = 8;
const imageBytes = height * width * 3;

/** Images of three classes that a network tells apart at once: a bright band at the top, in the middle, at the bottom. */
function bands(count: number): { pixels: Uint8Array; labels: Uint8Array } {
  const labels = Uint8Array.from({ length: count }, (_value, image) => image % 3);
  const pixels = Uint8Array.from({ length: count * imageBytes }, (_value, place) => {
    const row = Math.floor((place % imageBytes) / (width * 3));
    const isBand = Math.floor(row / 4) === labels[Math.floor(place / imageBytes)];
    return isBand ? 230 : (place * 37) % 61;
  });
  return { pixels, labels };
}

function writeBandsArchive(path: string): Uint8Array {
  const [train, more] = [bands(240), bands(60)];
  const shape = [height, width, 3];
  writeFileSync(
    path,
    encodeNpz([
      { name: 'x_train', dtype: 'uint8', shape: [240, ...shape], data: train.pixels },
      { name: 'y_train', dtype: 'uint8', shape: [240], data: train.labels },
      { name: 'x_test', dtype: 'uint8', shape: [60, ...shape], data: more.pixels },
      { name: 'y_test', dtype: 'uint8', shape: [60], data: more.labels },
    ]),
  );
  return train.pixels;
}

async function chooseFiles(page: Page, what: 'files' | 'a folder', paths: string | string[]): Promise<void> {
  await page.getByRole('button', { name: 'Import …' }).click();
  const [chooser] = await Promise.all([
    page.waitForEvent('filechooser'),
    page.getByRole('button', { name: `Choose ${what} …` }).click(),
  ]);
  await chooser.setFiles(paths);
}

test('images of another size, in colours and of three classes are imported through the page, trained on and evaluated', async ({
  page,
  address,
  dataDirectory,
}) => {
  const path = join(folder, 'bands.npz');
  const pixels = writeBandsArchive(path);
  await page.goto(address);
  await chooseFiles(page, 'files', path);
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByText('240 training · 60 test · 12 × 8 RGB')).toBeVisible();
  const drawn = await dialog
    .getByRole('list', { name: 'First images' })
    .locator('canvas')
    .nth(1)
    .evaluate((canvas: HTMLCanvasElement) => [
      ...(canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? []),
    ]);
  expect(drawn.filter((_value, at) => at % 4 !== 3)).toEqual([
    ...pixels.subarray(imageBytes, 2 * imageBytes),
  ]);
  // Nothing is there before it is imported.
  const catalogue = /^\.|mnist$/;
  expect(readdirSync(join(dataDirectory, 'datasets')).filter((name) => !catalogue.test(name))).toEqual([]);

  await dialog.getByLabel('Name', { exact: true }).fill('My bands');
  for (const [index, name] of ['top', 'middle', 'top'].entries())
    await dialog.getByLabel(`Name of class ${index}`).fill(name);
  await expect(dialog.getByText('Another class has this name.')).toBeVisible();
  await expect(dialog.getByRole('button', { name: 'Import', exact: true })).toBeDisabled();
  await dialog.getByLabel('Name of class 2').fill('bottom');
  await dialog.getByRole('button', { name: 'Import', exact: true }).click();
  await expect(page.getByRole('button', { name: 'bottom: 80 training and 20 test images' })).toBeVisible();
  const stored = readFileSync(join(dataDirectory, 'datasets/my-bands/train-images-idx4-ubyte'));
  expect(stored.subarray(20).equals(pixels)).toBe(true);

  await page.getByRole('link', { name: 'Train' }).click();
  await page.getByLabel('Epochs').fill('8');
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await expect(page.getByText(/finished/i).first()).toBeVisible({ timeout: 60_000 });
  await page.getByRole('link', { name: 'Evaluate' }).click();
  const matrix = page.getByRole('grid').first();
  await expect(matrix.getByRole('gridcell').first()).toBeVisible();
  const [run] = readdirSync(join(dataDirectory, 'runs')).filter((name) => !name.startsWith('.'));
  const record: unknown = JSON.parse(readFileSync(join(dataDirectory, 'runs', run!, 'run.json'), 'utf8'));
  expect(record).toMatchObject({
    classes: ['top', 'middle', 'bottom'],
    shape: { height, width, channels: 3 },
  });
});

test('a folder for each class and a pair of tables are imported through the page as a person chooses them', async ({
  page,
  address,
  dataDirectory,
}) => {
  const pets = join(folder, 'pets');
  for (const [index, name] of ['cat', 'dog'].entries()) {
    mkdirSync(join(pets, name), { recursive: true });
    for (let image = 0; image < 7; image += 1) {
      const data = new Uint8Array(40 * 20).fill(50 + 100 * index + image);
      writeFileSync(
        join(pets, name, `${image}.png`),
        encodePng({ width: 40, height: 20, depth: 8, channels: 1, data }),
      );
    }
  }
  writeFileSync(join(pets, 'cat', 'broken.png'), 'x');
  await page.goto(address);
  await chooseFiles(page, 'a folder', pets);
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByText('12 training · 2 test · 28 × 28 grey')).toBeVisible();
  await expect(dialog.getByRole('region', { name: 'Left out' })).toContainText('cat/broken.png');
  await dialog.getByLabel('Height').fill('10');
  await dialog.getByLabel('Width').fill('20');
  await dialog.getByRole('button', { name: 'Read again' }).click();
  await expect(dialog.getByText('12 training · 2 test · 10 × 20 grey')).toBeVisible();
  await dialog.getByRole('button', { name: 'Import', exact: true }).click();
  await expect(page.getByRole('button', { name: 'cat: 6 training and 1 test images' })).toBeVisible();
  const stored = readFileSync(join(dataDirectory, 'datasets/pets/train-images-idx3-ubyte'));
  const first = stored[16]!;
  expect(first >= 50 && first < 57).toBe(true);
  expect(stored.subarray(16, 216).every((value) => value === first)).toBe(true);

  const rows = (count: number, isLabelled: boolean): string =>
    Array.from({ length: count }, (_value, row) =>
      [...(isLabelled ? [row % 2] : []), row, 2, 3, 4].join(','),
    ).join('\n');
  writeFileSync(join(folder, 'train.csv'), rows(14, true));
  writeFileSync(join(folder, 'test.csv'), rows(5, false));
  await chooseFiles(page, 'files', [join(folder, 'train.csv'), join(folder, 'test.csv')]);
  await expect(dialog.getByText('12 training · 2 test · 5 without label · 2 × 2 grey')).toBeVisible();
  await dialog.getByLabel('Name', { exact: true }).fill('Table');
  await dialog.getByRole('button', { name: 'Import', exact: true }).click();
  await expect(page.getByRole('button', { name: 'Predict 5 unlabelled …' })).toBeVisible();
});

test('an imported set is renamed, checked, removed, and brought back', async ({
  page,
  address,
  dataDirectory,
}) => {
  writeBandsArchive(join(folder, 'bands.npz'));
  await page.goto(address);
  await page.getByRole('button', { name: 'Import …' }).click();
  await page.getByLabel('Path on this computer').fill(join(folder, 'bands.npz'));
  await page.getByRole('button', { name: 'Read', exact: true }).click();
  await page.getByRole('button', { name: 'Import', exact: true }).click();
  const entry = page.getByRole('list', { name: 'Datasets' }).getByRole('button', { name: /bands/ });
  await expect(entry).toContainText('Imported');

  await page.getByRole('button', { name: 'Rename …' }).click();
  await page.getByLabel('Name', { exact: true }).fill('Stripes');
  await page.getByRole('button', { name: 'Save' }).click();
  const renamed = page.getByRole('list', { name: 'Datasets' }).getByRole('button', { name: /Stripes/ });
  await expect(renamed).toBeVisible();
  const labels = join(dataDirectory, 'datasets/bands/train-labels-idx1-ubyte');
  const whole = readFileSync(labels);
  await page.getByText('Files', { exact: true }).click();
  await page.getByRole('button', { name: 'Check the files' }).click();
  await expect(page.getByText('All files are what they were.')).toBeVisible();
  writeFileSync(labels, whole.with(9, 2));
  await page.getByRole('button', { name: 'Check the files' }).click();
  await expect(page.getByText('Not all files are what they were.')).toBeVisible();
  await expect(page.getByText('damaged')).toHaveCount(1);
  writeFileSync(labels, whole);

  await page.getByRole('button', { name: 'Remove', exact: true }).click();
  await expect(renamed).toHaveCount(0);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(renamed).toBeVisible();
  expect(readdirSync(join(dataDirectory, 'datasets'))).toContain('bands');
});

test('what can not be imported is refused with its reason, and nothing of it stays', async ({
  page,
  address,
  dataDirectory,
}) => {
  const broken = join(folder, 'broken');
  mkdirSync(broken);
  writeFileSync(join(broken, 'train-images-idx3-ubyte'), Uint8Array.of(0, 0, 8, 3, 0, 0));
  await page.goto(address);
  await chooseFiles(page, 'a folder', broken);
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('alert')).toContainText('"train-images-idx3-ubyte" has 6 bytes');
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await expect(dialog).toHaveCount(0);
  await expect
    .poll(() => readdirSync(join(dataDirectory, 'datasets')).filter((name) => /import|broken/.test(name)))
    .toEqual([]);
});
