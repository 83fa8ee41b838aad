// A network from the form to the curves: built, run, paused, stepped, reloaded, stopped. One file, as a person does all of
// it on one screen.
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

const layer = (page: Page, number: number): Locator =>
  page.getByRole('group', { name: new RegExp(`^Layer ${number}:`) });

async function addLayer(page: Page, kind: string): Promise<void> {
  await page.getByRole('button', { name: 'Add layer' }).click();
  await page.getByRole('menuitem', { name: kind, exact: true }).click();
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

test('a convolutional network is built by clicking, its shapes and parameters are exact, and it trains', async ({
  page,
  address,
}) => {
  await openTrain(page, address);
  await page.getByRole('button', { name: 'Remove all' }).click();
  await expect(factOf(page, 'Parameters')).toHaveText((784 * 10 + 10).toLocaleString('en-US'));

  // By keyboard as well: what Space chooses in the menu starts no run.
  await page.getByRole('button', { name: 'Add layer' }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('menuitem', { name: 'Dense', exact: true })).toBeFocused();
  await page.keyboard.press('Space');
  await expect(layer(page, 1)).toContainText('100,480 parameters');
  await expect(button(page, 'Run')).toBeEnabled();
  await layer(page, 1).getByRole('button', { name: 'Remove layer' }).click();

  for (const kind of ['Convolution', 'Max pooling', 'Flatten', 'Dense']) await addLayer(page, kind);
  await setNumber(page, 'Filters', '8', layer(page, 1));
  await setNumber(page, 'Units', '32', layer(page, 4));
  await expect(layer(page, 1)).toContainText(/28 × 28 × 8\s*80 parameters/);
  await expect(layer(page, 1)).toContainText('113 kFLOP');
  await expect(layer(page, 2)).toContainText('14 × 14 × 8');
  await expect(layer(page, 3)).toContainText('1,568');
  await expect(layer(page, 4)).toContainText(/32\s*50,208 parameters/);
  await expect(factOf(page, 'Parameters')).toHaveText('50,618');

  await button(page, 'Step one batch').click();
  await expect.poll(() => batchOf(page)).toBe(1);
  await button(page, 'Step one batch').click();
  await expect.poll(() => batchOf(page)).toBe(2);
  await expect(page.getByText(/^(256-bit SIMD|relaxed SIMD|SIMD|plain loops), \d threads?$/)).toBeVisible();
  await button(page, 'Resume').click();
  await expect.poll(() => batchOf(page)).toBeGreaterThan(10);
  await button(page, 'Stop and keep').click();
  await expect(page.getByText(/^Stopped /)).toBeVisible();
});

test('an impossible layer is explained where it is, keeps the run from starting, and is mended by moving it', async ({
  page,
  address,
}) => {
  await openTrain(page, address);
  await page.getByRole('button', { name: 'Remove all' }).click();
  await page.getByRole('button', { name: 'Convolutional network' }).click();
  await expect(factOf(page, 'Parameters')).toHaveText('421,642');

  await page.getByRole('button', { name: 'Insert a layer before layer 6' }).click();
  await page.getByRole('menuitem', { name: 'Convolution' }).click();
  const reason = 'A convolution needs images, and its input is a row of 3136 numbers.';
  await expect(layer(page, 6).getByRole('alert')).toContainText(reason);
  await expect(layer(page, 5)).toContainText('3,136');
  await expect(button(page, 'Run')).toBeDisabled();
  await expect(page.getByRole('status').filter({ hasText: `Layer 6: ${reason}` })).toBeVisible();

  // The focus is in the new layer, and goes with it.
  await page.keyboard.press('Alt+ArrowUp');
  await expect(layer(page, 5)).toContainText(/7 × 7 × 32\s*18,464 parameters/);
  await expect(button(page, 'Run')).toBeEnabled();
  await page.keyboard.press('Alt+ArrowUp');
  await expect(layer(page, 4)).toContainText(/14 × 14 × 32\s*18,464 parameters/);

  await setNumber(page, 'Size', '16', layer(page, 5));
  await expect(layer(page, 5).getByRole('alert')).toContainText(
    '16 x 16 does not fit on an input of 14 x 14',
  );
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(layer(page, 5)).toContainText('7 × 7 × 32');
  await expect(button(page, 'Run')).toBeEnabled();
});

test('layers are duplicated, dragged to another place and taken out, each with what is unfolded in it', async ({
  page,
  address,
}) => {
  await openTrain(page, address);
  await page.getByRole('button', { name: 'Remove all' }).click();
  for (const kind of ['Convolution', 'Max pooling']) await addLayer(page, kind);
  await layer(page, 1).getByRole('button', { name: 'More options' }).click();
  await setNumber(page, 'Stride', '2', layer(page, 1));
  await expect(layer(page, 1)).toContainText('14 × 14 × 32');
  await layer(page, 2).getByRole('button', { name: 'Duplicate layer' }).click();
  await expect(layer(page, 3)).toContainText('3 × 3 × 32');

  await layer(page, 1)
    .getByTitle('Drag to move')
    .dragTo(layer(page, 3), { targetPosition: { x: 60, y: 60 } });
  await expect(layer(page, 3)).toHaveAccessibleName('Layer 3: Convolution');
  await expect(layer(page, 3)).toContainText('4 × 4 × 32');
  await expect(layer(page, 3).getByLabel('Padding', { exact: true })).toBeVisible();
  await expect(layer(page, 1).getByLabel('Padding', { exact: true })).toBeHidden();

  await layer(page, 1).getByRole('button', { name: 'Remove layer' }).click();
  await expect(layer(page, 2)).toContainText('7 × 7 × 32');
});

test('every option of the recipe can be set in the form and comes back after a reload', async ({
  page,
  address,
}) => {
  await openTrain(page, address);
  for (const title of ['Loss', 'Regularisation', 'Averaging & clipping']) {
    await page.locator('summary').filter({ hasText: title }).click();
  }
  await setNumber(page, 'Label smoothing', '0.1');
  await page.getByLabel('Class weights').selectOption({ label: 'Balanced' });
  await setNumber(page, 'Mixup', '0.2');
  await page.getByLabel('Limit unit weights').check();
  await page.getByLabel('Average weights').check();
  await page.getByLabel('Clip gradient norm').check();
  await page.getByLabel('Clip gradient values').check();
  await setNumber(page, 'Largest value', '0.25');
  await button(page, 'Step one batch').click();
  await expect.poll(() => batchOf(page)).toBe(1);

  await page.reload();
  const summaryOf = (title: string): Locator => page.locator('summary').filter({ hasText: title });
  await expect(summaryOf('Loss')).toContainText('cross-entropy, labels smoothed by 0.1, classes balanced');
  await expect(summaryOf('Regularisation')).toContainText('mixup 0.2, largest norm 3');
  await expect(summaryOf('Averaging & clipping')).toContainText('decay 0.999, norm 1, value 0.25');
});

/** The pixels of the preview's copies, as one text. */
const previewOf = (page: Page): Promise<string> =>
  page
    .getByRole('button', { name: /^Another image/ })
    .locator('canvas')
    .evaluateAll((canvases) =>
      canvases.map((one) => (one instanceof HTMLCanvasElement ? one.toDataURL() : '')).join(' '),
    );

test('augmentation is drawn at once as training will see it, is undone, and comes back after a reload', async ({
  page,
  address,
}) => {
  await openTrain(page, address);
  await page.locator('summary').filter({ hasText: 'Augmentation' }).click();
  // The marked original and its copies, which are all alike as long as nothing is changed.
  const differentOf = async (): Promise<number> => new Set((await previewOf(page)).split(' ')).size;
  await expect.poll(async () => (await previewOf(page)).split(' ').length).toBe(24);
  await expect.poll(differentOf).toBe(1);
  const plain = await previewOf(page);
  await page.getByRole('switch', { name: /^Flip half/ }).check();
  await expect.poll(differentOf).toBe(2);
  await setNumber(page, 'Rotation, °', '30');
  await expect.poll(differentOf).toBe(24);
  const rotated = await previewOf(page);
  await page.getByRole('button', { name: /^Another image/ }).click();
  await expect.poll(async () => (await previewOf(page)) === rotated).toBe(false);

  await page.getByRole('button', { name: 'Undo' }).click();
  await expect.poll(differentOf).toBe(2);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect.poll(differentOf).toBe(1);
  expect(await previewOf(page)).not.toBe(plain);
  await page.getByRole('button', { name: 'Redo' }).click();
  await page.getByRole('button', { name: 'Redo' }).click();
  await button(page, 'Step one batch').click();
  await expect.poll(() => batchOf(page)).toBe(1);

  await page.reload();
  await expect(page.locator('summary').filter({ hasText: 'Augmentation' })).toContainText(
    'flips, rotation 30°',
  );
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
  await expect(page.getByRole('article')).toContainText('Stopped');
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
