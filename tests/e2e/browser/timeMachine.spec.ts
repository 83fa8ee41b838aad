// Back through the epochs of a run, other runs beside it and its recipe with other seeds: every number compared with
// one worked out here from the files. One file, as its tests share the runs that are trained first.
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator, Page } from '@playwright/test';
import * as v from 'valibot';
import { downloadedBy, matrixOf, readMatrix, weftObjects } from './evaluateScreen.ts';
import { countForgettings, countMatrix, readPredictions } from './predictionsFile.ts';
import { expect, test } from './weft.ts';

/** Trained once and copied for each test. */
let trained = '';
const epochs = 4;
/** What `weft runs --json` says of a run, as far as it is compared. */
const runSchema = v.object({
  id: v.string(),
  outcome: v.object({ kept: v.object({ validationAccuracy: v.number() }) }),
  test: v.nullable(v.object({ accuracy: v.number(), looks: v.number() })),
});

test.beforeAll(async () => {
  trained = mkdtempSync(join(tmpdir(), 'weft-e2e-trained-'));
  const train = (preset: string, runId: string, count: number) =>
    weftObjects(
      trained,
      ...`train --dataset strokes --epochs ${count} --preset ${preset} --run-id ${runId}`.split(' '),
    );
  await train('numpy-plain', 'plain', 2);
  await train('keras-split', 'deep', epochs);
});
test.afterAll(() => rmSync(trained, { recursive: true, force: true }));
test.beforeEach(({ dataDirectory }) => cpSync(trained, dataDirectory, { recursive: true }));

const sliderOf = (page: Page): Locator => page.getByRole('slider', { name: 'After epoch' });

async function openEvaluate(page: Page, address: string): Promise<void> {
  await page.goto(address);
  await page.getByRole('link', { name: 'Evaluate' }).click();
  await page.getByLabel('Model', { exact: true }).selectOption('run:deep');
  await expect(sliderOf(page)).toBeVisible();
}

const downloadedLines = async (page: Page, button: string): Promise<string[]> =>
  (await downloadedBy(page, button)).trimEnd().split('\r\n');

test('the slider and Play show the matrix of each epoch, and the kept weights are one click away', async ({
  dataDirectory,
  page,
  address,
}) => {
  const { labels, predicted } = readPredictions(dataDirectory, 'deep');
  await openEvaluate(page, address);
  const kept = await readMatrix(page);
  expect(kept).toEqual(countMatrix(labels, predicted[epochs - 1]!));
  for (const place of [0, 2, 1, 3]) {
    await sliderOf(page).fill(String(place));
    await expect(page.locator('output')).toHaveText(`${place + 1} of ${epochs}`);
    const right = predicted[place]!.filter((one, image) => one === labels[image]).length;
    await expect(page.getByRole('group', { name: 'Time machine' })).toContainText(
      `${((right / labels.length) * 100).toFixed(2)} % right`,
    );
    expect(await readMatrix(page)).toEqual(countMatrix(labels, predicted[place]!));
  }
  await sliderOf(page).fill('0');
  await page.getByRole('button', { name: 'Play through the epochs' }).click();
  await expect(page.locator('output')).toHaveText(`2 of ${epochs}`);
  await expect(page.locator('output')).toHaveText(`${epochs} of ${epochs}`);
  await expect(page.getByRole('button', { name: 'Play through the epochs' })).toBeVisible();
  await page.getByRole('button', { name: 'Back to the kept weights' }).click();
  expect(await readMatrix(page)).toEqual(kept);
});

test('test images are those of the kept weights whatever epoch was looked at, and a dataset of other classes is refused by name', async ({
  dataDirectory,
  page,
  address,
}) => {
  await openEvaluate(page, address);
  const kept = await readMatrix(page);
  await page.getByLabel('Dataset').selectOption('fashion-mnist');
  await expect(page.getByRole('alert')).toContainText(
    'Class 0 of "keras-split" is "0", but class 0 of Fashion-MNIST is "T-shirt/top".',
  );
  await page.getByRole('button', { name: 'Use Strokes' }).click();
  expect(await readMatrix(page)).toEqual(kept);

  await sliderOf(page).fill('0');
  await page.getByText('Test', { exact: true }).click();
  await page.getByRole('button', { name: 'Look at the test set' }).click();
  const record = JSON.parse(readFileSync(join(dataDirectory, 'runs/deep/run.json'), 'utf8')) as {
    test: { accuracy: number };
  };
  await expect(page.locator('dl').first()).toContainText(`${(record.test.accuracy * 100).toFixed(2)} %`);
  await expect(page.getByRole('region', { name: 'Calibration' })).toContainText('Expected calibration error');
});

test('the curves of the classes are their recall, precision and F1 after each epoch, in the file, the table and the legend', async ({
  dataDirectory,
  page,
  address,
}) => {
  const { labels, predicted } = readPredictions(dataDirectory, 'deep');
  const matrices = predicted.map((ofEpoch) => countMatrix(labels, ofEpoch));
  const sum = (values: readonly number[]): number => values.reduce((total, one) => total + one, 0);
  const recallOf = (one: number, place: number): number =>
    matrices[place]![one]![one]! / sum(matrices[place]![one]!);
  const precisionOf = (one: number, place: number): number =>
    matrices[place]![one]![one]! / sum(matrices[place]!.map((row) => row[one]!));
  await openEvaluate(page, address);
  const chart = page.getByRole('region', { name: 'Recall by class' });
  const picker = page.getByRole('group', { name: 'Classes drawn' });
  const drawn = await picker.locator('[aria-pressed=true]').allTextContents();
  const f1Of = (one: number): number => {
    const [precision, recall] = [precisionOf(one, epochs - 1), recallOf(one, epochs - 1)];
    return (2 * precision * recall) / (precision + recall);
  };
  const hardest = Array.from({ length: 10 }, (_, one) => one).sort((a, b) => f1Of(a) - f1Of(b));
  expect(drawn.map((text) => Number(text.trim()))).toEqual(hardest.slice(0, 4).sort((a, b) => a - b));

  for (const text of drawn) await picker.getByRole('button', { name: text.trim() }).click();
  await picker.getByRole('button', { name: '3' }).click();
  const recalls = await downloadedLines(page, 'Save Recall by class as CSV');
  expect(recalls[0]).toBe('series,epoch,Recall by class');
  expect(recalls.slice(1 + epochs)).toEqual(
    predicted.map((_ofEpoch, place) => `3,${place + 1},${recallOf(3, place)}`),
  );
  await chart.getByRole('button', { name: 'Show Recall by class as a table' }).click();
  const lastRow = chart.getByRole('table').getByRole('row').nth(1).getByRole('cell');
  await expect(lastRow.nth(2)).toHaveText(recallOf(3, epochs - 1).toFixed(3));
  await chart.getByRole('button', { name: 'Show Recall by class as a table' }).click();

  // A click in the middle of the plot goes to an epoch, and the legend reads out its values.
  await chart.locator('canvas').click();
  const shown = Number((await page.locator('output').textContent())?.split(' ')[0]);
  expect(shown).toBeLessThan(epochs);
  await page.mouse.move(0, 0);
  await expect(chart.getByRole('list', { name: 'Values at the marker' })).toContainText(
    recallOf(3, shown - 1).toFixed(3),
  );
  expect(await readMatrix(page)).toEqual(matrices[shown - 1]);

  await chart.getByText('Precision', { exact: true }).click();
  const precisions = await downloadedLines(page, 'Save Precision by class as CSV');
  expect(precisions.at(-1)).toBe(`3,${epochs},${precisionOf(3, epochs - 1)}`);
});

test('the images forgotten most are one click away, filters of the past stack with the slider, and an image stays in view', async ({
  dataDirectory,
  page,
  address,
}) => {
  const log = readPredictions(dataDirectory, 'deep');
  const { labels, predicted } = log;
  const forgettings = countForgettings(log);
  const forgotten = forgettings.filter((times) => times > 0).length;
  const count = page.getByRole('status').filter({ hasText: / of [\d,]+\s+images/ });
  const countIs = (expected: number) =>
    expect(count).toHaveText(new RegExp(`^\\s*${expected.toLocaleString('en-US')} of 1,200`));
  const isRight = (place: number, image: number): boolean => predicted[place]![image] === labels[image];
  const countWhere = (test: (image: number) => boolean): number =>
    labels.filter((_label, image) => test(image)).length;

  await openEvaluate(page, address);
  await page.getByRole('button', { name: `Forgotten images (${forgotten})` }).click();
  await expect(page).toHaveURL(/#\/errors$/);
  await countIs(forgotten);
  await page
    .getByRole('grid', { name: /^Images/ })
    .getByRole('gridcell')
    .first()
    .click();
  const inspector = page.getByRole('complementary', { name: 'Image' });
  const most = Math.max(...forgettings);
  const first = forgettings.indexOf(most);
  await expect(inspector).toContainText(String(log.indices[first]));
  await expect(inspector).toContainText(most === 1 ? 'Forgotten once' : `Forgotten ${most} times`);
  const strip = inspector.getByRole('region', { name: 'Prediction after each epoch' }).getByRole('button');
  for (const [place, cell] of (await strip.all()).entries()) {
    const name = `Epoch ${place + 1}: ${predicted[place]![first]}, `;
    await expect(cell).toHaveAccessibleName(
      new RegExp(`^${name}.*${isRight(place, first) ? 'right' : 'wrong'}$`),
    );
  }

  // With wrong ones alone, an epoch at which it was right lists it no more, and it is still the one in view.
  await page.getByText('Only wrong').click();
  const wasRight = predicted.findIndex((_ofEpoch, place) => isRight(place, first));
  await strip.nth(wasRight).click();
  await countIs(countWhere((image) => forgettings[image]! > 0 && !isRight(wasRight, image)));
  const stayed = inspector.getByText('Not listed after this epoch');
  if (await stayed.isVisible()) await expect(inspector).toContainText(String(log.indices[first]));
  // The arrow keys go along the strip from where it was clicked, and the image stays.
  const [key, beside] = wasRight === 0 ? ['ArrowRight', 1] : ['ArrowLeft', wasRight - 1];
  await page.keyboard.press(key);
  await expect(page.locator('output')).toHaveText(`${beside + 1} of ${epochs}`);
  await expect(strip.nth(beside)).toBeFocused();
  await expect(inspector).toContainText(String(log.indices[first]));
  await page.keyboard.press('Escape');

  await page.getByRole('button', { name: 'Filters' }).click();
  await page.getByLabel('Past').selectOption('newly-wrong');
  await sliderOf(page).fill('2');
  await page.getByLabel('Since epoch').selectOption('epoch 2');
  await countIs(countWhere((image) => isRight(1, image) && !isRight(2, image)));
  await sliderOf(page).fill('3');
  await countIs(countWhere((image) => isRight(1, image) && !isRight(3, image)));
  await page.getByLabel('Past').selectOption('always-wrong');
  await countIs(countWhere((image) => predicted.every((_ofEpoch, place) => !isRight(place, image))));
  await page.getByLabel('Past').selectOption('flipped');
  await page.getByText('Only wrong').click();
  await countIs(
    countWhere(
      (image) =>
        predicted.filter((now, at) => at > 0 && now[image] !== predicted[at - 1]![image]).length >= 3,
    ),
  );
});

/** `2 P(X <= fewer)` of a fair coin, at most 1, in whole numbers. */
function exactPValue(one: number, other: number): number {
  const trials = BigInt(one + other);
  let ways = 1n;
  let tail = 1n;
  for (let k = 1n; k <= BigInt(Math.min(one, other)); k += 1n) {
    ways = (ways * (trials - k + 1n)) / k;
    tail += ways;
  }
  const digits = 10n ** 12n;
  return Math.min(1, Number((2n * tail * digits) / 2n ** trials) / Number(digits));
}

test('two models are compared image by image, and McNemar says in words how sure the difference is', async ({
  dataDirectory,
  page,
  address,
}) => {
  const [deep, plain] = ['deep', 'plain'].map((id) => readPredictions(dataDirectory, id));
  expect(plain!.indices).toEqual(deep!.indices);
  const counts = { '10': 0, '01': 0, '00': 0, '11': 0 };
  deep!.labels.forEach((label, image) => {
    const key = [deep!, plain!].map((log) => Number(log.predicted.at(-1)![image] === label)).join('');
    counts[key as keyof typeof counts] += 1;
  });
  await openEvaluate(page, address);
  const panel = page.getByRole('region', { name: 'Comparison' });
  await panel.getByLabel('Other model').selectOption('run:plain');
  await expect(panel.getByRole('row')).toHaveText([
    new RegExp(`Right here, wrong there\\s*${counts['10']}`),
    new RegExp(`Wrong here, right there\\s*${counts['01']}`),
    new RegExp(`Both wrong\\s*${counts['00']}`),
    new RegExp(`Both right\\s*${counts['11'].toLocaleString('en-US')}`),
  ]);
  const verdict = panel.getByRole('status');
  const pValue = exactPValue(counts['10'], counts['01']);
  await expect(verdict).toContainText(
    pValue < 0.001 ? 'less than 0.1 %' : `${(pValue * 100).toFixed(1)} % of such comparisons`,
  );
  const difference = Math.abs(counts['10'] - counts['01']) / deep!.labels.length;
  await expect(verdict).toContainText(`${(difference * 100).toFixed(2)} % more`);
  await panel.getByRole('button', { name: 'Wrong here, right there' }).click();
  await expect(page.getByRole('grid', { name: /^Images/ }).getByRole('gridcell')).toHaveCount(counts['01']);
});

test('other seeds are judged by validation, and their test images are looked at once somebody asks', async ({
  dataDirectory,
  page,
  address,
}) => {
  const spreadOf = (values: readonly number[]): string => {
    const mean = values.reduce((sum, one) => sum + one, 0) / values.length;
    const variance = values.reduce((sum, one) => sum + (one - mean) ** 2, 0) / (values.length - 1);
    const [shownMean, deviation] = [mean, Math.sqrt(variance)].map((one) => `${(one * 100).toFixed(2)} %`);
    return `${shownMean} ± ${deviation} over ${values.length} seeds`;
  };
  const listRuns = async () =>
    v.parse(v.array(runSchema), await weftObjects(dataDirectory, 'runs')).filter(({ id }) => id !== 'deep');

  await openEvaluate(page, address);
  await page.getByLabel('Model', { exact: true }).selectOption('run:plain');
  const panel = page.getByRole('region', { name: 'Seeds' });
  await panel.getByLabel('Further seeds').fill('2');
  await panel.getByRole('button', { name: 'Train again with them' }).click();
  await expect(panel.getByRole('status')).toContainText('of 2 seeds done');
  await expect(panel.getByRole('button', { name: 'Train again with them' })).toBeVisible({ timeout: 60_000 });
  const validated = await listRuns();
  expect(validated).toHaveLength(3);
  // The command line looked with the first one; training with other seeds looked with none.
  expect(validated.map(({ test: looked }) => looked?.looks ?? 0).sort()).toEqual([0, 0, 1]);
  await expect(panel).toContainText(
    spreadOf(validated.map(({ outcome }) => outcome.kept.validationAccuracy)),
  );
  await expect(panel).toContainText('with one seed');

  await panel.getByRole('button', { name: 'Look at the test set with 2 seeds' }).click();
  await expect(panel.getByRole('button', { name: /^Look at the test set/ })).toHaveCount(0);
  const tested = await listRuns();
  expect(tested.map(({ test: looked }) => looked?.looks)).toEqual([1, 1, 1]);
  await expect(panel).toContainText(spreadOf(tested.map(({ test: looked }) => looked!.accuracy)));
});

test('the matrix is walked through with the keyboard, and Enter opens the images of the cell', async ({
  dataDirectory,
  page,
  address,
}) => {
  const { labels, predicted } = readPredictions(dataDirectory, 'deep');
  const matrix = countMatrix(labels, predicted.at(-1)!);
  await openEvaluate(page, address);
  await matrixOf(page).focus();
  for (const key of ['ArrowDown', 'ArrowDown', 'ArrowDown', 'ArrowRight', 'ArrowUp', 'End', 'ArrowLeft'])
    await page.keyboard.press(key);
  const active = page.locator(`[id="${(await matrixOf(page).getAttribute('aria-activedescendant')) ?? ''}"]`);
  await expect(active).toHaveAccessibleName(new RegExp(`^${matrix[2]![8]} of \\d+ 2 images .*8`));
  await expect(active).toHaveText(String(matrix[2]![8]));
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/#\/errors$/);
  await expect(page.getByLabel('True class').locator('option:checked')).toContainText('2 (');
  await expect(page.getByLabel('Predicted class').locator('option:checked')).toContainText('8 (');
});

test('errors on the command line are the images that the page lists, in its order; the reliability diagram is its bins', async ({
  dataDirectory,
  page,
  address,
}) => {
  await openEvaluate(page, address);
  const where = ['deep', '--dataset', 'strokes', '--split', 'validation'];
  const [evaluated] = await weftObjects(dataDirectory, 'evaluate', ...where);
  const bins = evaluated!['reliability'] as Record<string, number>[];
  const lines = await downloadedLines(page, 'Save the diagram as a CSV table');
  expect(lines.slice(1)).toEqual(
    bins.map((bin) => [bin['low'], bin['high'], bin['count'], bin['confidence'], bin['accuracy']].join(',')),
  );
  interface Listed {
    trueClass: string;
    predictedClass: string;
    confidence: number;
  }
  await page.getByRole('link', { name: 'Errors' }).click();
  for (const [sort, order] of [
    ['loss', 'loss-descending'],
    ['margin', 'margin-ascending'],
  ] as const) {
    const [printed] = await weftObjects(dataDirectory, 'errors', ...where, '--sort', sort, '--limit', '10');
    await page.getByLabel('Order').selectOption(order);
    const names = (printed!['errors'] as Listed[]).map(
      (one) => `${one.trueClass}, predicted ${one.predictedClass}, ${(one.confidence * 100).toFixed(1)} %`,
    );
    const cells = page.getByRole('grid', { name: /^Images/ }).getByRole('gridcell');
    await expect
      .poll(async () =>
        (await cells.evaluateAll((all) => all.map((one) => one.getAttribute('aria-label')))).slice(0, 10),
      )
      .toEqual(names);
    await expect(page.getByRole('status').filter({ hasText: / of 1,200/ })).toContainText(
      `${Number(printed!['found'])} of`,
    );
  }
});
