// Corrections of training images, from the grid to the files of the run that is trained with them.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from './weft.ts';

const readJson = (...path: string[]): unknown => JSON.parse(readFileSync(join(...path), 'utf8')) as unknown;

test('images are relabelled and excluded, undone, found again after a reload, and trained with', async ({
  page,
  address,
  dataDirectory,
}) => {
  await page.goto(address);
  const cells = page.getByRole('grid', { name: 'Images of Strokes' }).getByRole('gridcell');
  await expect(cells.nth(2)).toHaveAccessibleName(/^Image 2: \d$/);
  const labels = await cells.evaluateAll((all) =>
    all.slice(0, 3).map((cell) => Number(/: (\d)/.exec(cell.getAttribute('aria-label') ?? '')?.[1])),
  );
  const another = labels.map((label) => (label + 1) % 10);
  const file = join(dataDirectory, 'datasets', 'strokes.corrections.json');

  // The first and the second are relabelled, by menu and by key; the third is excluded.
  await cells.first().click();
  await page.getByRole('button', { name: 'Relabel …' }).click();
  await page.getByRole('menuitem', { name: String(another[0]), exact: true }).click();
  await expect(page.getByText(`Relabelled to ${another[0]}. The dataset says ${labels[0]}.`)).toBeVisible();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press(String(another[1]));
  await expect(page.getByText(`Relabelled to ${another[1]}. The dataset says ${labels[1]}.`)).toBeVisible();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('x');
  await expect(page.getByText(`The dataset says ${labels[2]}.`)).toContainText('Excluded');
  await page.keyboard.press('Escape');
  await expect(cells.nth(2)).toHaveAccessibleName(`Image 2: ${labels[2]}, excluded`);
  expect(readJson(file)).toMatchObject({
    corrections: [
      { index: 0, label: another[0] },
      { index: 1, label: another[1] },
      { index: 2, excluded: true },
    ],
  });

  // Undone, redone, undone; then the second's correction is withdrawn by its own label.
  await page.keyboard.press('Control+z');
  await expect(cells.nth(2)).toHaveAccessibleName(`Image 2: ${labels[2]}`);
  await page.keyboard.press('Control+Shift+z');
  await expect(cells.nth(2)).toHaveAccessibleName(`Image 2: ${labels[2]}, excluded`);
  await cells.nth(1).click();
  await page.keyboard.press(String(labels[1]));
  await expect(page.getByText(`Labelled as the dataset says: ${labels[1]}.`)).toBeVisible();
  await page.keyboard.press('Escape');

  // All are discarded, and that is undone.
  await page.getByRole('button', { name: 'Discard all corrections' }).click();
  await expect(page.getByRole('button', { name: 'Discard all corrections' })).toHaveCount(0);
  expect(readdirSync(join(dataDirectory, 'datasets'))).not.toContain('strokes.corrections.json');
  await page.keyboard.press('Control+z');

  await page.reload();
  await page.getByRole('button', { name: 'Corrected only 2' }).click();
  await expect(cells).toHaveCount(2);
  await expect(cells.first()).toHaveAccessibleName(`Image 0: ${labels[0]}, relabelled to ${another[0]}`);
  const corrections = [
    { index: 0, label: another[0] },
    { index: 2, excluded: true },
  ];
  expect(readJson(file)).toMatchObject({ corrections });

  await page.getByRole('link', { name: 'Train' }).click();
  await expect(page.getByRole('switch', { name: 'Train with 2 corrections' })).toBeChecked();
  await page.getByLabel('Epochs', { exact: true }).fill('1');
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await expect(page.getByRole('button', { name: 'Evaluate', exact: true })).toBeVisible();
  const [runId] = readdirSync(join(dataDirectory, 'runs'));
  const folder = join(dataDirectory, 'runs', runId!);
  await expect
    .poll(() => readJson(folder, 'run.json'))
    .toMatchObject({ state: 'finished', corrections: { relabelled: 1, excluded: 1 } });
  expect(readJson(folder, 'corrections.json')).toEqual(readJson(file));

  await page.getByRole('button', { name: 'Evaluate', exact: true }).click();
  await expect(page.getByText('By the labels that the model was trained with')).toContainText(
    '1 relabelled, 1 excluded',
  );

  // A validation image that is looked at on Errors is relabelled there.
  await page.getByRole('link', { name: 'Errors' }).click();
  await page.getByRole('grid').getByRole('gridcell').first().click();
  const said = await page.getByText(/^Labelled as the dataset says: \d\.$/).textContent();
  const own = Number(/\d/.exec(said ?? '')?.[0]);
  await page.keyboard.press(String((own + 1) % 10));
  await expect(page.getByText(`Relabelled to ${(own + 1) % 10}. The dataset says ${own}.`)).toBeVisible();
  await expect.poll(() => (readJson(file) as { corrections: unknown[] }).corrections).toHaveLength(3);
  expect((readJson(folder, 'corrections.json') as { corrections: unknown[] }).corrections).toEqual(
    corrections,
  );
});
