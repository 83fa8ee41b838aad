// `npm run bench -- --screens`: how soon the Evaluate and Errors screens show what was asked for, in a real browser, over a
// run of 100 epochs with 10,000 validation images. The run is one of a single epoch whose predictions are repeated with
// changes: training a hundred would change nothing of what is measured.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { chromium } from 'playwright-core';
import { findChromium } from '../findChromium.mjs';
import { medianOf } from './results.mjs';
import { addPainted, timeOpening, timeScrolling, timeSlider } from './screensInPage.mjs';

const epochs = 100;
const images = 10_000;
const classCount = 10;
const runId = 'screens';
/** Places of the slider that are gone to, back and forth. */
const places = Array.from({ length: 40 }, (_, move) => (move * 37 + 1) % epochs);
const scrollMs = 3000;
/** Of predictions.bin, before the tables of its images. */
const fixedHeadBytes = 28;
const headBytes = fixedHeadBytes + images * 5;

const parseLines = (text) =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

/** Trains one epoch with so many images held out. Throws what the command line says. */
function trainOnce(out, dataDirectory) {
  const cli = (...args) => {
    const all = [join(out, 'main/cli.js'), ...args, '--data-dir', dataDirectory];
    const { status, stdout, stderr } = spawnSync(process.execPath, all, { encoding: 'utf8' });
    if (status !== 0) throw new Error(stderr.trim());
    return stdout;
  };
  const [preset] = parseLines(cli('presets', '--json'));
  const config = join(dataDirectory, 'recipe.json');
  const recipe = {
    ...preset.recipe,
    epochs: 1,
    batchSize: 128,
    validation: { type: 'first', count: images },
  };
  writeFileSync(config, JSON.stringify(recipe));
  cli('train', '--config', config, '--dataset', 'fashion-mnist', '--run-id', runId);
}

/** Makes a hundred epochs of the one: in each, a tenth of the images has the probabilities of two classes exchanged. */
function repeatEpochs(dataDirectory) {
  const folder = join(dataDirectory, 'runs', runId);
  const log = readFileSync(join(folder, 'predictions.bin'));
  const first = log.subarray(headBytes + 4);
  const blocks = Array.from({ length: epochs }, (_, index) => {
    const block = Buffer.alloc(4 + images * classCount);
    block.writeUInt32LE(index + 1, 0);
    first.copy(block, 4);
    for (let image = index % 10; image < images; image += 10) {
      const row = block.subarray(4 + image * classCount, 4 + (image + 1) * classCount);
      const [one, other] = [(image + index) % classCount, (image * 7 + index * 3) % classCount];
      [row[one], row[other]] = [row[other], row[one]];
    }
    return block;
  });
  writeFileSync(join(folder, 'predictions.bin'), Buffer.concat([log.subarray(0, headBytes), ...blocks]));
  const history = parseLines(readFileSync(join(folder, 'history.ndjson'), 'utf8'));
  const last = history.find((entry) => entry.epoch !== undefined);
  const repeated = Array.from({ length: epochs }, (_, index) => ({
    epoch: { ...last.epoch, epoch: index + 1 },
  }));
  writeFileSync(
    join(folder, 'history.ndjson'),
    repeated.map((entry) => `${JSON.stringify(entry)}\n`).join(''),
  );
}

async function startWeft(out, dataDirectory) {
  const args = [join(out, 'main/browser.js'), '--data-dir', dataDirectory];
  const weft = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  for await (const line of createInterface({ input: weft.stdout })) {
    const address = /^Weft is at (\S+)$/.exec(line)?.[1];
    if (address !== undefined) return { weft, address };
  }
  throw new Error('Weft ended before it was ready.');
}

/** Milliseconds of the searches for the training images most like some images, as the screen says them; not of the first. */
async function measureNeighbours(page) {
  await page.locator('[role=gridcell]').first().click();
  const inspector = page.getByRole('complementary', { name: 'Image' });
  await inspector.getByText('Most similar training images').click();
  const times = [];
  for (let image = 0; image < 6; image += 1) {
    const text = inspector.getByText(/training images .* outputs/s);
    await text.waitFor();
    times.push(Number(/([\d.]+) ms/.exec(await text.textContent())?.[1]));
    await page.keyboard.press('ArrowRight');
    await page.waitForTimeout(400);
  }
  return times.slice(1);
}

const ms = (value) => `${value.toFixed(1)} ms`;
const spread = (times) => `${ms(medianOf(times))} in the median, ${ms(Math.max(...times))} at most`;

/** Measures everything and prints a line for each; `out` is the folder of the built programs. */
export async function benchScreens(out) {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error('There is no Chromium or Chrome to measure in.');
  const dataDirectory = mkdtempSync(join(tmpdir(), 'weft-bench-screens-'));
  let weft;
  let browser;
  try {
    trainOnce(out, dataDirectory);
    repeatEpochs(dataDirectory);
    const started = await startWeft(out, dataDirectory);
    weft = started.weft;
    const args = ['--no-first-run', '--disable-background-networking'];
    if (process.getuid?.() === 0) args.push('--no-sandbox');
    browser = await chromium.launch({ executablePath, args });
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    await page.addInitScript(addPainted);
    await page.goto(started.address);
    const open = (screen) => page.getByRole('link', { name: screen, exact: true }).click();
    await open('Evaluate');
    await page.getByRole('group', { name: 'Time machine' }).waitFor();
    console.log(
      `${epochs} epochs, ${images.toLocaleString('en-US')} validation images, ${browser.version()}`,
    );
    const slider = await page.evaluate(timeSlider, places);
    console.log(`slider to the new matrix    ${spread(slider)} (goal: 50 ms)`);
    await open('Errors');
    await page.getByText('Only wrong').click();
    const opening = [];
    for (let time = 0; time < 5; time += 1) {
      await open('Evaluate');
      await page.waitForTimeout(300);
      opening.push(await page.evaluate(timeOpening));
    }
    console.log(`errors to the grid          ${spread(opening.map((one) => one.gridMs))} (goal: 100 ms)`);
    console.log(`errors to the first image   ${spread(opening.map((one) => one.imageMs))}`);
    await page.getByRole('button', { name: 'Filters' }).click();
    await page.getByLabel('Past').selectOption('newly-wrong');
    const sliderOnErrors = await page.evaluate(timeSlider, places);
    await page.getByLabel('Past').selectOption('any');
    console.log(`slider to the new grid      ${spread(sliderOnErrors)}`);
    const frames = await page.evaluate(timeScrolling, scrollMs);
    const late = frames.filter((frame) => frame > 25).length / frames.length;
    console.log(
      `scrolling                   ${(1000 / medianOf(frames)).toFixed(0)} frames/s in the median, ${(late * 100).toFixed(1)} % of the frames late (goal: 60 frames/s)`,
    );
    console.log(`nearest of 60,000 images    ${spread(await measureNeighbours(page))} (goal: 300 ms)`);
  } finally {
    await browser?.close();
    weft?.kill('SIGTERM');
    rmSync(dataDirectory, { recursive: true, force: true });
  }
}
