// The pure part of the accuracy benchmark: what a run's lines say, what is done already, statistics and the table.
import { isDeepStrictEqual } from 'node:util';
import { medianOf } from '../bench/results.mjs';

const meanOf = (numbers) => numbers.reduce((sum, number) => sum + number, 0) / numbers.length;

/** The standard deviation of the distribution that the numbers are a sample of (n - 1); undefined of fewer than two. */
export function deviationOf(numbers) {
  if (numbers.length < 2) return undefined;
  const mean = meanOf(numbers);
  const squares = numbers.reduce((sum, number) => sum + (number - mean) ** 2, 0);
  return Math.sqrt(squares / (numbers.length - 1));
}

/**
 * The figures of a run from the lines that `weft train --json` printed; `readRecord(runId)` reads its run.json.
 * Throws when there is no result, or when the test images were looked at more than once: their accuracy is an honest
 * estimate only where nothing was chosen by it.
 */
export function readRun(lines, readRecord) {
  const events = lines.map((line) => JSON.parse(line));
  const done = events.find(({ event }) => event === 'done');
  if (done === undefined) throw new Error('it printed no result');
  const epochs = events.filter(({ event }) => event === 'epoch');
  const { parameters, threads, kernels, keptEpoch, test } = readRecord(done.runId);
  if (test?.looks !== 1)
    throw new Error(`the test images were looked at ${test?.looks ?? 0} times instead of once`);
  const kept = epochs.find(({ epoch }) => epoch === keptEpoch);
  if (kept === undefined) throw new Error(`it printed no epoch ${keptEpoch}, whose weights were kept`);
  return {
    parameters,
    epochs: epochs.length,
    keptEpoch,
    testAccuracy: done.testAccuracy,
    testLoss: done.testLoss,
    validationAccuracy: kept.validationAccuracy,
    epochSeconds: medianOf(epochs.map(({ seconds }) => seconds)),
    threads,
    kernels,
  };
}

/** The recipe as it is run, but for the seed, and for the name, which decides nothing. */
export function recipeToRun(recipe, epochs) {
  const known = Object.entries(recipe).filter(([key]) => key !== 'name' && key !== 'seed');
  return { ...Object.fromEntries(known), ...(epochs === undefined ? {} : { epochs }) };
}

/** The records of a file of JSON lines. A last line that was cut off when its writer was killed is left out. */
export function readRecords(text) {
  const lines = text.split('\n');
  const whole = lines.slice(0, -1);
  return whole.filter((line) => line.trim() !== '').map((line) => JSON.parse(line));
}

/** The file's text without a last line that was cut off: what can be appended to. */
export const wholeLinesOf = (text) => text.slice(0, text.lastIndexOf('\n') + 1);

/**
 * The records of a kind (`run` or `pytorch`) that are about this preset, seed and recipe; the last one counts. A preset
 * that has changed since is another recipe.
 */
export function findRecord(records, { kind, preset, seed, recipe }) {
  return records.findLast(
    (record) =>
      record.kind === kind &&
      record.preset === preset &&
      record.seed === seed &&
      isDeepStrictEqual(record.recipe, recipe),
  );
}

/** One preset's figures over its seeds. `runs` and `pytorch` are records; both may be fewer than the seeds. */
export function summarise({ preset, runs, pytorch }) {
  const accuracies = runs.map(({ testAccuracy }) => testAccuracy);
  const epochSeconds = medianOf(pytorch.map((record) => record.epochSeconds));
  return {
    preset,
    seeds: runs.map(({ seed }) => seed),
    parameters: runs[0].parameters,
    mean: meanOf(accuracies),
    deviation: deviationOf(accuracies),
    least: Math.min(...accuracies),
    most: Math.max(...accuracies),
    validation: meanOf(runs.map(({ validationAccuracy }) => validationAccuracy)),
    isValidatedOnTest: runs[0].recipe.validation.type === 'test',
    seconds: medianOf(runs.map(({ seconds }) => seconds)),
    epochSeconds: medianOf(runs.map((run) => run.epochSeconds)),
    pytorch:
      epochSeconds === undefined
        ? undefined
        : {
            epochSeconds,
            seconds: epochSeconds * medianOf(runs.map(({ epochs }) => epochs)),
            setups: [...new Set(pytorch.map(({ setup }) => setup))],
          },
  };
}

const percent = (share) => `${(share * 100).toFixed(2)} %`;

/** Three digits, whatever the size: 0.0123 s, 1.23 s, 123 s. */
function formatSeconds(seconds) {
  if (seconds === undefined) return '-';
  const decimals = seconds > 0 ? Math.min(4, Math.max(0, 2 - Math.floor(Math.log10(seconds)))) : 0;
  return `${seconds.toFixed(decimals)} s`;
}

const heading = [
  'preset',
  'parameters',
  'test accuracy',
  'deviation',
  'least',
  'most',
  'validation',
  'run',
  'epoch',
  'PyTorch, epochs of a run',
  'PyTorch, epoch',
];

/** The summaries as lines of a Markdown table. */
export function formatMarkdown(summaries) {
  const cells = summaries.map((row) => [
    `\`${row.preset}\`${row.isValidatedOnTest ? ' (validated on test)' : ''}`,
    row.parameters.toLocaleString('en'),
    percent(row.mean),
    row.deviation === undefined ? '-' : (row.deviation * 100).toFixed(2),
    percent(row.least),
    percent(row.most),
    percent(row.validation),
    formatSeconds(row.seconds),
    formatSeconds(row.epochSeconds),
    formatSeconds(row.pytorch?.seconds),
    formatSeconds(row.pytorch?.epochSeconds),
  ]);
  const line = (words) => `| ${words.join(' | ')} |`;
  return [line(heading), `|---|${'---:|'.repeat(heading.length - 1)}`, ...cells.map((words) => line(words))];
}

function rangeOf(numbers) {
  const [least, most] = [Math.min(...numbers), Math.max(...numbers)];
  return least === most ? String(least) : `${least} to ${most}`;
}

const listOf = (records, key) => [...new Set(records.map((record) => String(record[key])))].join(' and ');

/** 1, 2 and 3 as "1 to 3". */
function formatSeeds(seeds) {
  const sorted = seeds.toSorted((a, b) => a - b);
  const isRow = sorted.length > 2 && sorted.at(-1) - sorted[0] === sorted.length - 1;
  return isRow ? `${sorted[0]} to ${sorted.at(-1)}` : sorted.join(', ');
}

/** What a reader must know beside the table; `records` are all that it was made of. */
export function formatNotes(summaries, records) {
  const runs = records.filter(({ kind }) => kind === 'run');
  const pytorch = records.filter(({ kind }) => kind === 'pytorch');
  const notes = summaries.map(
    ({ preset, seeds }) => `${preset}: seed${seeds.length === 1 ? '' : 's'} ${formatSeeds(seeds)}`,
  );
  notes.push(
    'Test accuracy: mean, standard deviation of a sample (in points), least and most over the seeds; the test images are looked at once, after training.',
    'Validation: mean accuracy after the epoch whose weights are kept. An epoch is its training and its validation.',
    'A run is the whole command: start, reading the images, all epochs, the test set, writing. Seconds are medians.',
    `Weft in Node ${listOf(runs, 'node')}, ${listOf(runs, 'kernels')} kernels; ${listOf(runs, 'machine')}`,
  );
  if (pytorch.length > 0) {
    notes.push(
      `PyTorch ${listOf(pytorch, 'torch')}: the fastest setup, from a share of an epoch (${rangeOf(pytorch.map(({ steps }) => steps))} steps), scaled; without start and test set`,
    );
    for (const row of summaries)
      if (row.pytorch !== undefined) notes.push(`  ${row.preset}: ${row.pytorch.setups.join('; ')}`);
  }
  if (new Set(runs.map(({ build }) => build)).size > 1)
    notes.push(`These runs are of several builds of Weft: ${listOf(runs, 'build')}`);
  if (new Set(records.map((record) => record.machine)).size > 1)
    notes.push('These seconds are of several machines.');
  return notes;
}
