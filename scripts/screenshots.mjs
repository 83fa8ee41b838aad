// `npm run screenshots [-- FOLDER]`: trains a network through the page in a real browser and takes pictures of every
// screen, light and dark, at two sizes, for looking at. `--readme` renews the README's two pictures in docs/ as well.
import { chromium } from 'playwright-core';
import { spawn } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { findChromium } from './findChromium.mjs';
import { prepare } from './prepare.mjs';

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { readme: { type: 'boolean', default: false } },
});
const root = join(import.meta.dirname, '..');
const folder = resolve(positionals[0] ?? join(root, 'test-results/screenshots'));
/** The README's pictures, and what they are taken from. */
const readmePictures = { train: 'train-light-1280', evaluate: 'evaluate-light-1280' };
/** A line to draw on the pad, in pixels of the window. */
const trousers = [
  [340, 160],
  [330, 340],
  [380, 240],
  [430, 340],
  [420, 160],
];
const sizes = [
  { width: 1280, height: 800 },
  { width: 1920, height: 1080 },
];

async function startWeft(dataDirectory) {
  const program = join(root, 'out/main/browser.js');
  const weft = spawn(process.execPath, [program, '--data-dir', dataDirectory], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface({ input: weft.stdout })) {
    const address = /^Weft is at (\S+)$/.exec(line)?.[1];
    if (address !== undefined) return { weft, address };
  }
  throw new Error('Weft ended before it was ready.');
}

/** Clicks through the app as a person would; `picture` is called at each thing to see. */
async function tour(page, picture) {
  const open = (screen) => page.getByRole('link', { name: screen, exact: true }).click();
  await open('Data');
  await page
    .getByRole('option', { name: /Fashion-MNIST/ })
    .or(page.getByRole('button', { name: /Fashion-MNIST/ }))
    .first()
    .click();
  await page.getByText('Ankle boot').first().waitFor();
  await picture('data');
  await open('Train');
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await page
    .getByText(/Epoch 3/)
    .first()
    .waitFor();
  await picture('train');
  await page
    .getByText(/finished/i)
    .first()
    .waitFor({ timeout: 600_000 });
  await picture('trained');
  await open('Evaluate');
  await page.getByRole('grid').first().waitFor();
  await picture('evaluate');
  await open('Errors');
  await page.waitForTimeout(1500);
  await picture('errors');
  await open('Draw & try');
  await page.getByRole('table', { name: 'Probability of each class' }).getByRole('row').first().waitFor();
  await page.mouse.move(420, 160);
  await page.mouse.down();
  for (const [x, y] of trousers) await page.mouse.move(x, y, { steps: 10 });
  await page.mouse.up();
  await page.waitForTimeout(2000);
  await picture('try');
  await open('Models & runs');
  await page.waitForTimeout(500);
  await picture('models');
}

await prepare({ build: true });
const dataDirectory = mkdtempSync(join(tmpdir(), 'weft-screenshots-'));
const { weft, address } = await startWeft(dataDirectory);
const browser = await chromium.launch({
  executablePath: findChromium(),
  args: [
    '--no-first-run',
    '--disable-background-networking',
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  ],
});
try {
  mkdirSync(folder, { recursive: true });
  mkdirSync(join(root, 'docs'), { recursive: true });
  const page = await browser.newPage({ viewport: sizes[0] });
  page.setDefaultTimeout(30_000);
  await page.goto(address);
  await tour(page, async (name) => {
    for (const colorScheme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme });
      for (const size of sizes) {
        await page.setViewportSize(size);
        await page.waitForTimeout(600);
        await page.screenshot({ path: join(folder, `${name}-${colorScheme}-${size.width}.png`) });
      }
    }
    await page.emulateMedia({ colorScheme: 'light' });
    await page.setViewportSize(sizes[0]);
  });
  if (options.readme) {
    for (const [name, source] of Object.entries(readmePictures)) {
      copyFileSync(join(folder, `${source}.png`), join(root, 'docs', `${name}.png`));
    }
  }
} finally {
  await browser.close();
  weft.kill('SIGTERM');
  rmSync(dataDirectory, { recursive: true, force: true });
}
