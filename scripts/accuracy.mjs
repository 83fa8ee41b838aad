// `npm run bench:accuracy`: the test accuracy of Weft's presets on Fashion-MNIST over several seeds, trained by the
// product's own command line, and the seconds that Weft and PyTorch take for them, in turns.
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { findPytorch, measurePytorch } from './accuracy/pytorch.mjs';
import {
  findRecord,
  formatMarkdown,
  formatNotes,
  readRecords,
  recipeToRun,
  summarise,
  wholeLinesOf,
} from './accuracy/results.mjs';
import { Weft } from './accuracy/weft.mjs';
import { prepare } from './prepare.mjs';

const usage = `npm run bench:accuracy -- [options]
  --preset ID …      only these presets instead of all
  --seeds N          how many seeds (5)
  --first-seed N     the first of them (1)
  --epochs N         instead of the recipes' own, for a quick try
  --node PATH        the Node that Weft runs in
  --data-dir DIR     Weft's data directory, which keeps the runs; else a temporary one
  --json-lines FILE  writes a JSON object for each run to a new file as it is done
  --resume FILE      goes on with such a file: what is in it is not run again
  --no-torch         leaves PyTorch out
  --no-build         takes the programs as they were built last
  --out FOLDER       takes the programs from another folder than out`;

const root = join(import.meta.dirname, '..');
/** PyTorch is measured after as many of Weft's runs, so that whatever else the machine does meets both. */
const pytorchRounds = 3;
const interruptedStatus = 130;

class UsageError extends Error {}

function readOptions() {
  const text = { type: 'string' };
  const flag = { type: 'boolean', default: false };
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      preset: { type: 'string', multiple: true, default: [] },
      seeds: { type: 'string', default: '5' },
      'first-seed': { type: 'string', default: '1' },
      epochs: text,
      node: { type: 'string', default: process.execPath },
      'data-dir': text,
      'json-lines': text,
      resume: text,
      'no-torch': flag,
      'no-build': flag,
      out: text,
      help: flag,
    },
  });
  const integer = (name, least) => {
    const number = Number(values[name]);
    if (values[name].trim() === '' || !Number.isInteger(number) || number < least)
      throw new UsageError(`--${name} is a whole number from ${least} on.`);
    return number;
  };
  if (positionals.length > 0 && values.preset.length === 0)
    throw new UsageError(`"${positionals[0]}" belongs to no option.`);
  // npm runs scripts in the package's folder; paths are meant from the person's own.
  const { npm_lifecycle_event: script, INIT_CWD: own } = process.env;
  const folder = script === 'bench:accuracy' && own ? own : process.cwd();
  const path = (name) => (values[name] === undefined ? undefined : resolve(folder, values[name]));
  const file = path('resume') ?? path('json-lines');
  if (values.resume !== undefined && values['json-lines'] !== undefined)
    throw new UsageError('--resume FILE appends to its file; --json-lines FILE is for a new one.');
  if (values.resume === undefined && file !== undefined && existsSync(file))
    throw new UsageError(`${file} exists already; --resume ${values['json-lines']} goes on with it.`);
  const firstSeed = integer('first-seed', 0);
  return {
    isHelp: values.help,
    presets: [...values.preset, ...positionals],
    seeds: Array.from({ length: integer('seeds', 1) }, (_, index) => firstSeed + index),
    epochs: values.epochs === undefined ? undefined : integer('epochs', 1),
    node: /[\\/]/.test(values.node) ? resolve(folder, values.node) : values.node,
    dataDirectory: path('data-dir'),
    file,
    withPytorch: !values['no-torch'],
    shallBuild: !values['no-build'] && values.out === undefined,
    out: path('out') ?? join(root, 'out'),
  };
}

/** The records of an interrupted benchmark, and a place to put more of them. */
function openRecords(file) {
  const text = file !== undefined && existsSync(file) ? readFileSync(file, 'utf8') : '';
  const records = readRecords(text);
  if (file !== undefined && wholeLinesOf(text) !== text) writeFileSync(file, wholeLinesOf(text));
  return {
    records,
    add(record) {
      records.push(record);
      if (file !== undefined) appendFileSync(file, `${JSON.stringify(record)}\n`);
    },
  };
}

async function choosePresets(weft, { presets: wanted, epochs }) {
  const known = await weft.presets();
  const unknown = wanted.find((id) => known.every((preset) => preset.id !== id));
  if (unknown !== undefined)
    throw new UsageError(
      `There is no preset "${unknown}". Known are ${known.map(({ id }) => id).join(', ')}.`,
    );
  return known
    .filter(({ id }) => wanted.length === 0 || wanted.includes(id))
    .map(({ id, recipe }) => ({ id, whole: recipe, recipe: recipeToRun(recipe, epochs) }));
}

function findPytorchIfWanted({ withPytorch }, problems) {
  if (!withPytorch) return undefined;
  try {
    return findPytorch();
  } catch (error) {
    problems.push(`PyTorch: ${error.message}`);
    return undefined;
  }
}

const isTerminal = process.stderr.isTTY;
function say(text) {
  console.error(isTerminal ? `\r\u001b[K${text}` : text);
}

/** Runs what is missing of a preset and seed. A failure is a problem to tell of at the end, and the rest goes on. */
async function runPair(
  { preset, seed, round },
  { options, weft, facts, python, store, problems, ...context },
) {
  const { signal, dataDirectory } = context;
  const key = { preset: preset.id, seed, recipe: preset.recipe };
  const place = `${preset.id}, seed ${seed}`;
  const attempt = async (kind, name, work) => {
    if (signal.aborted || findRecord(store.records, { kind, ...key }) !== undefined) return;
    try {
      const figures = await work();
      store.add({ kind, ...key, ...figures, ...facts });
      const accuracy = kind === 'run' ? `${(figures.testAccuracy * 100).toFixed(2)} %, ` : '';
      const seconds = kind === 'run' ? figures.seconds : figures.epochSeconds;
      say(`${place}: ${name} ${accuracy}${seconds.toFixed(2)} s${kind === 'run' ? '' : ' an epoch'}`);
    } catch (error) {
      if (signal.aborted) return;
      problems.push(`${place}: ${name}: ${error.message}`);
      say(`${place}: ${name} failed`);
    }
  };
  const onEpoch = (epoch) => {
    if (isTerminal) process.stderr.write(`\r\u001b[K${place}: epoch ${epoch} of ${preset.recipe.epochs}`);
  };
  await attempt('run', 'Weft', () =>
    weft.train({ preset: preset.id, seed, epochs: options.epochs }, { dataDirectory, signal, onEpoch }),
  );
  if (python === undefined || round >= pytorchRounds) return;
  await attempt('pytorch', 'PyTorch', () =>
    measurePytorch(preset.whole, { root, python, dataDirectory, signal }),
  );
}

/** Says what of an older benchmark is not used because the presets have changed since. */
function sayWhatIsOutdated(presets, { seeds }, records) {
  const outdated = records.filter(({ kind, preset, seed }) => {
    const now = presets.find(({ id }) => id === preset);
    if (now === undefined || !seeds.includes(seed)) return false;
    return findRecord(records, { kind, preset, seed, recipe: now.recipe }) === undefined;
  });
  const names = [...new Set(outdated.map(({ preset }) => preset))];
  if (names.length > 0)
    say(`Not used, as they are of another recipe: ${outdated.length} of ${names.join(', ')}`);
}

/** Prints what there is of the presets and seeds that were asked for. */
function printResults(presets, { seeds }, records, problems) {
  const found = presets.map(({ id, recipe }) => {
    const of = (kind) =>
      seeds.flatMap((seed) => findRecord(records, { kind, preset: id, seed, recipe }) ?? []);
    return { preset: id, runs: of('run'), pytorch: of('pytorch') };
  });
  const withRuns = found.filter(({ runs }) => runs.length > 0);
  for (const { preset, runs, pytorch } of withRuns)
    for (const { parameters, statistics } of pytorch)
      if (![parameters, parameters + statistics].includes(runs[0].parameters))
        problems.push(`${preset}: PyTorch trained ${parameters} parameters, Weft ${runs[0].parameters}`);
  const summaries = withRuns.map(summarise);
  if (summaries.length === 0) return;
  console.log(formatMarkdown(summaries).join('\n'));
  const used = withRuns.flatMap(({ runs, pytorch }) => [...runs, ...pytorch]);
  console.log(`\n${formatNotes(summaries, used).join('\n')}`);
}

async function run(options, signal) {
  await prepare({ build: options.shallBuild });
  const weft = new Weft(options);
  const facts = await weft.describe();
  const presets = await choosePresets(weft, options);
  const problems = [];
  const python = findPytorchIfWanted(options, problems);
  const store = openRecords(options.file);
  const dataDirectory = options.dataDirectory ?? mkdtempSync(join(tmpdir(), 'weft-accuracy-'));
  sayWhatIsOutdated(presets, options, store.records);
  const context = { options, weft, facts, python, store, problems, signal, dataDirectory };
  try {
    for (const preset of presets)
      for (const [round, seed] of options.seeds.entries()) await runPair({ preset, seed, round }, context);
  } finally {
    if (options.dataDirectory === undefined) rmSync(dataDirectory, { recursive: true, force: true });
  }
  printResults(presets, options, store.records, problems);
  for (const problem of problems) console.error(problem);
  if (signal.aborted) return interruptedStatus;
  return problems.some((problem) => !problem.startsWith('PyTorch: ')) ? 1 : 0;
}

const interruption = new AbortController();
process.on('SIGINT', () => interruption.abort());
process.on('SIGTERM', () => interruption.abort());
try {
  const options = readOptions();
  if (options.isHelp) console.log(usage);
  else process.exitCode = await run(options, interruption.signal);
} catch (error) {
  const isUsage = error instanceof UsageError || error.code?.startsWith('ERR_PARSE_ARGS');
  console.error(isUsage ? `${error.message}\n\n${usage}` : error.message);
  process.exitCode = isUsage ? 2 : 1;
}
