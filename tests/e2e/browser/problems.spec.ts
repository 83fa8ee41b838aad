// Data problems on the Data screen, of a set whose faults were planted.
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import * as v from 'valibot';
import { plantedSet, writePlantedSet } from '../../plantedSet.ts';
import { runProgram } from '../../program.ts';
import { expect, test as base } from './weft.ts';

const correctionsFile = v.object({
  corrections: v.array(
    v.object({ index: v.number(), label: v.optional(v.number()), excluded: v.optional(v.boolean()) }),
  ),
});

/** As an import names it. */
const datasetId = 'planted';

const test = base.extend({
  // Before the host is there: it would be the owner of the directory.
  dataDirectory: async ({ dataDirectory }, use) => {
    const folder = `${dataDirectory}-planted`;
    await writePlantedSet(folder);
    const args = ['datasets', 'import', folder, '--name', 'Planted', '--json', '--data-dir', dataDirectory];
    const { stdout, stderr } = await runProgram('cli.js', args);
    rmSync(folder, { recursive: true, force: true });
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toMatchObject({ id: datasetId });
    await use(dataDirectory);
  },
});

async function openProblems(page: Page, address: string): Promise<void> {
  await page.goto(address);
  await page.getByText('Planted', { exact: true }).first().click();
  await page.getByText('Problems', { exact: true }).click();
}

const readCorrections = (dataDirectory: string): unknown =>
  v.parse(
    correctionsFile,
    JSON.parse(readFileSync(join(dataDirectory, 'datasets', `${datasetId}.corrections.json`), 'utf8')),
  ).corrections;

test('a cross-validation lists the exchanged labels first; keys relabel and exclude, and a reload keeps it all', async ({
  page,
  dataDirectory,
  address,
}) => {
  await openProblems(page, address);
  await expect(page.getByText('No image has been judged yet')).toBeVisible();
  await page.getByRole('button', { name: 'Judge all training images' }).click();
  const cells = page.getByRole('grid', { name: 'Suspected labels' }).getByRole('gridcell');
  await expect(cells.nth(4)).toBeVisible({ timeout: 60_000 });
  const names = await Promise.all(
    [0, 1, 2, 3, 4].map((place) => cells.nth(place).getAttribute('aria-label')),
  );
  const listed = names.map((name) => /^Image (\d+): labelled (\d) .* taken for (\d)$/.exec(name ?? ''));
  const found = new Map(listed.map((match) => [Number(match?.[1]), Number(match?.[3])]));
  expect(found).toEqual(
    new Map(
      [...found.keys()].map((index) => [index, plantedSet.flipped.find((one) => one.index === index)?.label]),
    ),
  );
  expect(found.size).toBe(plantedSet.flipped.length);

  const [first, second] = [...found.keys()];
  await cells.first().click();
  await page.keyboard.press('r');
  await expect(page.getByRole('complementary', { name: 'Suspected label' })).toContainText(
    `Training image ${second}`,
  );
  await page.keyboard.press('x');
  await expect(cells.nth(1)).toHaveAccessibleName(/excluded$/);
  const expected = [
    { index: first, label: found.get(first ?? 0) },
    { index: second, excluded: true },
  ].sort((a, b) => (a.index ?? 0) - (b.index ?? 0));
  expect(readCorrections(dataDirectory)).toEqual(expected);

  await page.reload();
  await page.getByText('Problems', { exact: true }).click();
  await expect(cells.first()).toHaveAccessibleName(
    new RegExp(`^Image ${first}: .*, now ${found.get(first ?? 0)}$`),
  );
  await expect(page.getByRole('button', { name: 'All folds are trained' })).toBeDisabled();
});

test('duplicates and leaks are found, with their labels, and the later copy can be excluded', async ({
  page,
  dataDirectory,
  address,
}) => {
  await openProblems(page, address);
  await page.getByText('Duplicates', { exact: true }).click();
  await expect(page.getByText('Not looked for yet')).toBeVisible();
  await page.getByRole('button', { name: 'Look for duplicates' }).click();
  await expect(page.getByText('3 pairs are identical, 0 more correlate')).toBeVisible();
  await expect(page.getByText('1 have two labels.')).toBeVisible();
  const cells = page.getByRole('grid', { name: 'Pairs of images' }).getByRole('gridcell');
  for (const [place, [first, second]] of plantedSet.identical.entries()) {
    await expect(cells.nth(place)).toHaveAccessibleName(
      new RegExp(`^Training image ${first}, .* and training image ${second}, .*: identical$`),
    );
  }
  await cells.first().click();
  await page.getByRole('button', { name: 'Exclude' }).click();
  await expect(cells.first()).toContainText('excluded');
  expect(readCorrections(dataDirectory)).toEqual([{ index: 40, excluded: true }]);

  await page.getByText('Train–test leaks', { exact: true }).click();
  const [train, seen] = plantedSet.leak;
  await expect(cells).toHaveCount(1);
  await expect(cells.first()).toHaveAccessibleName(
    new RegExp(`^Training image ${train}, .* and test image ${seen}, `),
  );
});
