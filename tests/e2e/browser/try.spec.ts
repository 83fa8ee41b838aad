// Drawing an image and trying a model on it: pixels, probabilities and breaks compared with what is computed here and on
// the command line. One file, as its tests share the model that is tried.
import { join } from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { encode } from 'fast-png';
import { runProgram } from '../../program.ts';
import { expect, test } from './weft.ts';

interface Grey {
  width: number;
  height: number;
  values: number[];
}

/** Both sides round to whole numbers, and sum in another order. */
const pixelTolerance = 1;
/** A bar's width has six digits. */
const barTolerance = 2e-6;

async function weft(dataDirectory: string, ...args: string[]): Promise<Record<string, unknown>> {
  const program = await runProgram('cli.js', [...args, '--json', '--data-dir', dataDirectory]);
  expect(program.status, program.stderr).toBe(0);
  return JSON.parse(program.stdout.trimEnd().split('\n').at(-1) ?? '') as Record<string, unknown>;
}

const padOf = (page: Page): Locator => page.getByRole('application', { name: /^Drawing pad/ });
const seenBy = (page: Page): Locator =>
  page.getByLabel('What the network sees', { exact: true }).locator('canvas');
const answersOf = (page: Page): Locator => page.getByRole('table', { name: 'Probability of each class' });

/** What a canvas shows, by its red channel. */
const greyOf = (canvas: Locator): Promise<Grey> =>
  canvas.first().evaluate((element) => {
    if (!(element instanceof HTMLCanvasElement)) throw new Error('This is not a canvas.');
    const { width, height } = element;
    const data = element.getContext('2d')!.getImageData(0, 0, width, height).data;
    return { width, height, values: Array.from({ length: width * height }, (_value, at) => data[at * 4]!) };
  });

async function openPad(page: Page, address: string): Promise<void> {
  await page.goto(address);
  await page.getByRole('link', { name: 'Draw & try' }).click();
  await expect(answersOf(page).getByRole('row')).toHaveCount(10);
}

/** Draws along points given as parts of the pad's size. */
async function stroke(page: Page, ...points: [x: number, y: number][]): Promise<void> {
  const box = (await padOf(page).boundingBox())!;
  const [first, ...rest] = points.map(([x, y]): [number, number] => [
    box.x + x * box.width,
    box.y + y * box.height,
  ]);
  await page.mouse.move(...first!);
  await page.mouse.down();
  for (const point of rest) await page.mouse.move(...point, { steps: 10 });
  await page.mouse.up();
}

const drawSeven = (page: Page): Promise<void> => stroke(page, [0.3, 0.2], [0.72, 0.2], [0.45, 0.85]);

/** The weights with which a row of pixels becomes one of `size`: triangles, as wide as what is averaged. */
function weightsOf(length: number, size: number): number[][] {
  const scale = length / size;
  const reach = Math.max(1, scale);
  return Array.from({ length: size }, (_value, place) => {
    const middle = (place + 0.5) * scale - 0.5;
    const weights = Array.from({ length }, (_one, at) => Math.max(0, 1 - Math.abs(at - middle) / reach));
    const sum = weights.reduce((total, one) => total + one, 0);
    return weights.map((one) => one / sum);
  });
}

/** As MNIST's digits were made of drawings in black and white: cropped, fitted into 20 x 20, their mass in the middle. */
function likeDigits({ width, values }: Grey): number[] {
  const inked = values.flatMap((value, at) =>
    value >= 0.15 * 255 ? [[at % width, Math.floor(at / width)]] : [],
  );
  const left = Math.min(...inked.map(([x]) => x!));
  const right = Math.max(...inked.map(([x]) => x!)) + 1;
  const top = Math.min(...inked.map(([, y]) => y!));
  const bottom = Math.max(...inked.map(([, y]) => y!)) + 1;
  const scale = 20 / Math.max(right - left, bottom - top);
  const columns = weightsOf(right - left, Math.round((right - left) * scale));
  const rows = weightsOf(bottom - top, Math.round((bottom - top) * scale));
  const small = rows.map((down) =>
    columns.map((across) => {
      let sum = 0;
      down.forEach((weight, y) => {
        if (weight === 0) return;
        across.forEach((other, x) => (sum += weight * other * values[(top + y) * width + left + x]!));
      });
      return Math.round(sum);
    }),
  );
  const mass = small.flat().reduce((sum, value) => sum + value, 0);
  const meanX =
    small.flatMap((row) => row.map((value, x) => value * (x + 0.5))).reduce((a, b) => a + b) / mass;
  const meanY =
    small.flatMap((row, y) => row.map((value) => value * (y + 0.5))).reduce((a, b) => a + b) / mass;
  const shiftX = Math.round(14 - meanX);
  const shiftY = Math.round(14 - meanY);
  return Array.from({ length: 784 }, (_value, at) => {
    return small[Math.floor(at / 28) - shiftY]?.[(at % 28) - shiftX] ?? 0;
  });
}

/** The probabilities as the bars show them. */
const barsOf = (page: Page): Promise<number[]> =>
  answersOf(page)
    .locator('.bar')
    .evaluateAll((bars) => bars.map((bar) => Number.parseFloat((bar as HTMLElement).style.width) / 100));

async function settled(page: Page): Promise<void> {
  await expect(page.getByLabel('Where it breaks').locator('.strip:not(.stale) path')).toHaveCount(4);
}

const verdictOf = (page: Page): Locator =>
  page.getByLabel('What the network sees', { exact: true }).getByRole('status').locator('strong');

/** Drops a file made of these bytes on the window. */
async function drop(page: Page, name: string, bytes: Uint8Array, type = ''): Promise<void> {
  await page.evaluate(
    (file) => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([Uint8Array.from(file.bytes)], file.name, { type: file.type }));
      dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
    },
    { name, bytes: [...bytes], type },
  );
}

test.describe('with a model', () => {
  let runId = '';
  test.beforeEach(async ({ dataDirectory }) => {
    const order = 'train --preset keras-split --dataset strokes --epochs 2';
    runId = String((await weft(dataDirectory, ...order.split(' ')))['runId']);
  });

  test('a drawn digit becomes exactly the image that MNIST would have made of it, and the command line says the same of it', async ({
    dataDirectory,
    page,
    address,
  }) => {
    await openPad(page, address);
    await drawSeven(page);
    await settled(page);
    const seen = await greyOf(seenBy(page));
    const expected = likeDigits(await greyOf(padOf(page).locator('canvas')));
    expect(seen).toMatchObject({ width: 28, height: 28 });
    expect(Math.max(...expected)).toBeGreaterThan(200);
    const differences = seen.values.map((value, at) => Math.abs(value - expected[at]!));
    expect(Math.max(...differences)).toBeLessThanOrEqual(pixelTolerance);

    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Save as PNG' }).click();
    const saved = join(dataDirectory, 'seen.png');
    await (await download).saveAs(saved);
    const predicted = await weft(dataDirectory, 'predict', runId, saved);
    const ranked = predicted['probabilities'] as { class: string; probability: number }[];
    expect(predicted['class']).toBe(await verdictOf(page).textContent());
    (await barsOf(page)).forEach((shown, digit) => {
      const { probability } = ranked.find((one) => one.class === String(digit))!;
      expect(Math.abs(shown - probability)).toBeLessThan(barTolerance);
    });

    await test.step('undo takes a stroke away, the keyboard draws one', async () => {
      const before = await greyOf(padOf(page).locator('canvas'));
      await stroke(page, [0.1, 0.9], [0.9, 0.9]);
      expect(await greyOf(padOf(page).locator('canvas'))).not.toEqual(before);
      await page.keyboard.press('Control+z');
      expect(await greyOf(padOf(page).locator('canvas'))).toEqual(before);
      await padOf(page).focus();
      for (const key of ['Space', 'ArrowRight', 'ArrowRight', 'Space']) await page.keyboard.press(key);
      expect(await greyOf(padOf(page).locator('canvas'))).not.toEqual(before);
      await page.keyboard.press('Control+z');
      expect(await greyOf(padOf(page).locator('canvas'))).toEqual(before);
    });

    await test.step('the answer changes exactly where a slider says so', async () => {
      await settled(page);
      const rotation = page.getByLabel('Rotate', { exact: true });
      const answer = await verdictOf(page).textContent();
      const said = await page.getByLabel('Where it breaks').getByText(/°/).last().textContent();
      const [, sign, degrees] = /at ([+−])(\d+)°/.exec(said ?? '')!;
      const broken = Number(degrees) * (sign === '+' ? 1 : -1);
      await rotation.fill(String(broken - Math.sign(broken) * 5));
      await expect(verdictOf(page)).toHaveText(answer ?? '');
      await rotation.fill(String(broken));
      await expect(verdictOf(page)).not.toHaveText(answer ?? '');
      await expect(page.getByText(`before it was bent: ${answer}`)).toBeVisible();
      await page.getByRole('button', { name: 'Reset rotate' }).click();
      await expect(verdictOf(page)).toHaveText(answer ?? '');
    });

    await test.step('a step that is switched off changes what the network sees, and can be put back', async () => {
      await page.getByRole('switch', { name: 'Crop to the ink' }).uncheck();
      await expect.poll(() => greyOf(seenBy(page))).not.toEqual(seen);
      await page.getByRole('button', { name: 'Back to what suits it' }).click();
      await expect.poll(() => greyOf(seenBy(page))).toEqual(seen);
    });
  });

  test('an image of any kind is opened or refused with a sentence that names it, and nothing drawn is lost', async ({
    page,
    address,
  }) => {
    await openPad(page, address);
    await drawSeven(page);
    const drawn = await greyOf(padOf(page).locator('canvas'));

    const side = 40;
    const square = Uint8Array.from({ length: side * side }, (_value, at) => (at % side < 12 ? 30 : 250));
    const png = encode({ width: side, height: side, channels: 1, depth: 8, data: square });
    const huge = Uint8Array.from(png);
    new DataView(huge.buffer).setUint32(16, 60_000);
    new DataView(huge.buffer).setUint32(20, 60_000);
    const damaged = png.map((byte, at) => (at > 45 && at < 60 ? byte ^ 0xff : byte));
    const refusals: [string, Uint8Array, RegExp][] = [
      ['empty.png', new Uint8Array(), /“empty.png” is empty/],
      ['half.png', png.subarray(0, png.length - 20), /“half.png” is cut off/],
      ['damaged.png', damaged, /“damaged.png” is damaged/],
      ['huge.png', huge, /“huge.png” claims 60000 × 60000 pixels/],
      ['moving.gif', Buffer.from('GIF89a and more'), /“moving.gif” is a GIF/],
      ['notes.txt', Buffer.from('hello'), /“notes.txt” is not an image/],
    ];
    for (const [name, bytes, sentence] of refusals) {
      await drop(page, name, bytes);
      const alert = page
        .getByRole('list', { name: 'Messages' })
        .getByRole('listitem')
        .filter({ hasText: sentence });
      await expect(alert).toBeVisible();
      await expect(alert).toContainText(/Save (the image|a smaller)/);
      expect(await greyOf(padOf(page).locator('canvas'))).toEqual(drawn);
    }

    await drop(page, 'square.png', png);
    await expect(page.getByText('square.png')).toBeVisible();
    await expect
      .poll(() => greyOf(padOf(page).locator('canvas')))
      .toEqual({
        width: side,
        height: side,
        values: [...square],
      });
    await expect(page.getByText('The edge is light (250 of 255): inverted.')).toBeVisible();

    await test.step('a JPEG', async () => {
      const photograph = await page.evaluate(async () => {
        const canvas = new OffscreenCanvas(60, 40);
        const context = canvas.getContext('2d')!;
        context.fillStyle = '#f0f0f0';
        context.fillRect(0, 0, 60, 40);
        context.fillStyle = '#101010';
        context.fillRect(24, 8, 12, 24);
        const file = await canvas.convertToBlob({ type: 'image/jpeg' });
        return [...new Uint8Array(await file.arrayBuffer())];
      });
      await drop(page, 'photo.jpg', Uint8Array.from(photograph));
      await expect(page.getByText('JPEG, 60 × 40 pixels')).toBeVisible();
      // The box of the ink, 12 x 24, fitted into 20 x 20 and centred: ten columns in the middle.
      await expect
        .poll(async () =>
          (await greyOf(seenBy(page))).values.slice(14 * 28, 15 * 28).map((value) => value > 128),
        )
        .toEqual(Array.from({ length: 28 }, (_value, x) => x >= 9 && x < 19));
    });

    await test.step('from the clipboard, with 16 bits a channel', async () => {
      const deep = encode({
        width: 28,
        height: 28,
        channels: 1,
        depth: 16,
        data: new Uint16Array(784).fill(0x8080),
      });
      await page.evaluate(
        (bytes) => {
          const clipboardData = new DataTransfer();
          clipboardData.items.add(new File([Uint8Array.from(bytes)], 'pasted.png', { type: 'image/png' }));
          dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
        },
        [...deep],
      );
      await expect(page.getByText('16 bits a channel, read as 8')).toBeVisible();
      await expect.poll(async () => (await greyOf(seenBy(page))).values[300]).toBe(0x80);
    });

    await test.step('from the dataset, as it is; undo goes all the way back to the drawing', async () => {
      await page.getByRole('link', { name: 'Errors' }).click();
      await page
        .getByRole('grid', { name: /^Images/ })
        .getByRole('gridcell')
        .first()
        .click();
      const inspector = page.getByRole('complementary', { name: 'Image' });
      const image = await greyOf(inspector.locator('canvas'));
      await inspector.getByRole('button', { name: /^Try this image/ }).click();
      await expect.poll(() => greyOf(seenBy(page))).toEqual(image);
      for (let back = 0; back < 4; back += 1) await page.keyboard.press('Control+z');
      await expect.poll(() => greyOf(padOf(page).locator('canvas'))).toEqual(drawn);
    });
  });
});

test('without a model the screen says what to do', async ({ page, address }) => {
  await page.goto(address);
  await page.getByRole('link', { name: 'Draw & try' }).click();
  await page.getByRole('button', { name: 'Train a network' }).click();
  await expect(page).toHaveURL(/#\/train$/);
});
