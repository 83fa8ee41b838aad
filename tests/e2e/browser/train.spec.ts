// A network from the form to the curves: built, run, paused, stepped, reloaded, stopped.
import type { Locator, Page } from '@playwright/test';
import { expect, test } from './weft.ts';

const parametersOf = (width: number): number => 784 * width + width + (width * 64 + 64) + (64 * 10 + 10);

async function openTrain(page: Page, address: string): Promise<void> {
  await page.goto(address);
  await page.getByRole('link', { name: 'Train', exact: true }).click();
  await page.getByLabel('Dataset').selectOption({ label: 'Strokes' });
}

const factOf = (page: Page, name: string): Locator =>
  page.getByLabel('The whole network').locator('div', { hasText: name }).locator('dd');

async function setNumber(
  page: Page,
  label: string,
  value: string,
  within: Page | Locator = page,
): Promise<void> {
  await within.getByLabel(label, { exact: true }).fill(value);
}

const runBar = (page: Page): Locator => page.getByRole('toolbar', { name: 'Training' });
const button = (page: Page, name: string): Locator => runBar(page).getByRole('button', { name, exact: true });

/** The batch that the progress line names; 0 when there is none. */
async function batchOf(page: Page): Promise<number> {
  const text = (await page.getByText(/^Batch [\d,]+ of [\d,]+$/).textContent()) ?? '';
  return Number(/Batch ([\d,]+)/.exec(text)?.[1]?.replaceAll(',', '') ?? 0);
}

test('the form shows what the network becomes as its layers change, refuses what is out of range, and takes it back', async ({
  page,
  address,
}) => {
  await openTrain(page, address);
  await page.getByLabel('Preset').selectOption('keras-split');
  await expect(factOf(page, 'Parameters')).toHaveText('109,386');

  const first = page.getByRole('group', { name: /^Layer 1/ });
  await setNumber(page, 'Units', '50', first);
  await expect(factOf(page, 'Parameters')).toHaveText(parametersOf(50).toLocaleString('en-US'));

  await setNumber(page, 'Units', '5000', first);
  await expect(first.getByRole('alert')).toHaveText('Must be a whole number from 1 to 4096.');
  await expect(button(page, 'Run')).toBeDisabled();

  await setNumber(page, 'Units', '50', first);
  await expect(button(page, 'Run')).toBeEnabled();
  await page
    .getByRole('group', { name: /^Layer 2/ })
    .getByRole('button', { name: 'Remove layer' })
    .click();
  await expect(factOf(page, 'Parameters')).toHaveText((784 * 50 + 50 + 50 * 10 + 10).toLocaleString('en-US'));
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(factOf(page, 'Parameters')).toHaveText(parametersOf(50).toLocaleString('en-US'));
});

test('two epochs on Strokes draw their curves and reach more than 85 % on the validation images', async ({
  page,
  address,
}) => {
  await openTrain(page, address);
  await page.getByLabel('Preset').selectOption('keras-split');
  await setNumber(page, 'Epochs', '2');
  await button(page, 'Run').click();
  await expect(page.getByText('Finished after 2 epochs')).toBeVisible({ timeout: 60_000 });

  await page.getByRole('button', { name: 'Show Accuracy as a table' }).click();
  const rows = page.getByRole('region', { name: 'Accuracy' }).getByRole('row');
  await expect(rows).toHaveCount(3);
  const validation = page
    .getByText(/^Validation accuracy/)
    .first()
    .locator('..');
  const reached = Number(/([\d.]+) %/.exec((await validation.textContent()) ?? '')?.[1]);
  expect(reached).toBeGreaterThan(85);

  // The plot of the loss has ink of the training curve: more than axes alone.
  const plot = page.getByRole('img', { name: /^Loss: / });
  await expect(plot).toBeVisible();
  await expect(plot).not.toHaveAccessibleName(/–/);
});

test('a run goes batch by batch, on and off, survives a reload, and keeps its weights when it is stopped', async ({
  page,
  address,
}) => {
  await openTrain(page, address);
  await setNumber(page, 'Epochs', '5000');
  await button(page, 'Step one batch').click();
  await expect.poll(() => batchOf(page)).toBe(1);
  await button(page, 'Step one batch').click();
  await expect.poll(() => batchOf(page)).toBe(2);

  await button(page, 'Resume').click();
  await expect.poll(() => batchOf(page)).toBeGreaterThan(10);
  await button(page, 'Pause').click();
  await expect(button(page, 'Resume')).toBeVisible();
  const paused = await batchOf(page);

  await page.reload();
  await expect(button(page, 'Resume')).toBeVisible();
  await expect.poll(() => batchOf(page)).toBe(paused);
  await expect(page.getByRole('img', { name: /^Loss: / })).toBeVisible();

  await button(page, 'Resume').click();
  await page.reload();
  await expect(button(page, 'Pause')).toBeVisible();
  await expect(page.getByText(/images\/s$/)).toBeVisible();

  await button(page, 'Stop and keep').click();
  await expect(page.getByText(/^Stopped /)).toBeVisible();
  await page.getByRole('link', { name: 'Models & runs' }).click();
  await expect(page.getByRole('article')).toContainText('Stopped by hand');
});

test('a changed learning rate holds from the next batch on; a discarded run leaves nothing', async ({
  page,
  address,
}) => {
  await openTrain(page, address);
  await setNumber(page, 'Epochs', '5000');
  await button(page, 'Run').click();
  await expect.poll(() => batchOf(page)).toBeGreaterThan(0);
  const rate = runBar(page).getByLabel('Learning rate');
  await rate.fill('0.0005');
  await page.keyboard.press('Enter');
  await page.reload();
  await expect(rate).toHaveValue('0.0005');

  await button(page, 'Discard …').click();
  await page.getByRole('dialog').getByRole('button', { name: 'Discard' }).click();
  await expect(button(page, 'Run')).toBeVisible();
  await page.getByRole('link', { name: 'Models & runs' }).click();
  await expect(page.getByText('No runs yet')).toBeVisible();
});
