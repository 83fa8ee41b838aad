// The pure part of the benchmark: what a program's lines say, medians, ratios and the tables that are printed.

/** V8 compiles well what runs often, and takes more than an epoch to find out: so many epochs are left out of everyone. */
export const warmUpEpochs = 2;

/** The median of numbers; the mean of the middle two where their count is even. Undefined of none. */
export function medianOf(numbers) {
  if (numbers.length === 0) return undefined;
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * What one run of a contestant measured, from the JSON lines it printed. The first epochs warm the program up and are
 * left out. A contestant that was asked for `steps` timed steps (0: for epochs) has warmed up by itself, and must say
 * that it took them: a program that doesn't know of steps would have trained something else.
 */
export function readRun(output, steps) {
  const lines = output
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line));
  const timed = steps === 0 ? lines.slice(warmUpEpochs) : lines.filter((line) => line.steps === steps);
  const last = timed.at(-1);
  if (last === undefined)
    throw new Error(
      steps === 0
        ? `it printed no epoch after the first ${warmUpEpochs}`
        : `it doesn't measure ${steps} steps`,
    );
  const { testAccuracy, residentBytes, kernels, note } = last;
  return { seconds: timed.map((line) => line.seconds), testAccuracy, residentBytes, note: note ?? kernels };
}

/** All runs of one contestant with one batch size as one row of the results. */
export function combineRuns(contestant, runs) {
  const known = (key) => runs.map((run) => run[key]).filter((value) => typeof value === 'number');
  return {
    ...contestant,
    seconds: medianOf(runs.flatMap((run) => run.seconds)),
    testAccuracy: medianOf(known('testAccuracy')),
    residentBytes: medianOf(known('residentBytes')),
    note: runs.map((run) => run.note).find((note) => note !== undefined),
  };
}

/** The row with the fewest seconds; undefined of none. */
export function fastestOf(rows) {
  return rows.reduce(
    (best, row) => (best === undefined || row.seconds < best.seconds ? row : best),
    undefined,
  );
}

const fixed = (value, digits, unit = '') => (value === undefined ? '-' : `${value.toFixed(digits)}${unit}`);

/** Lines of a table: the columns named in `left` to the left, all others to the right. The first row is the heading. */
export function formatTable(rows, left) {
  const widths = rows[0].map((_cell, column) => Math.max(...rows.map((row) => row[column].length)));
  return rows.map((row) =>
    row
      .map((cell, column) =>
        left.includes(column) ? cell.padEnd(widths[column]) : cell.padStart(widths[column]),
      )
      .join('  ')
      .trimEnd(),
  );
}

/** The table of one batch size: a row a contestant, with its time relative to Weft's best. */
export function formatResults(rows) {
  const best = fastestOf(rows.filter(({ family }) => family === 'Weft'));
  const heading = ['contestant', 's an epoch', 'x Weft', 'memory', 'test accuracy', 'notes'];
  const cells = rows.map((row) => [
    row.name,
    fixed(row.seconds, 3),
    fixed(best && row.seconds / best.seconds, 2),
    fixed(row.residentBytes && row.residentBytes / 2 ** 20, 0, ' MiB'),
    fixed(row.testAccuracy && row.testAccuracy * 100, 2, ' %'),
    row.note ?? '',
  ]);
  return formatTable([heading, ...cells], [0, 5]);
}

/** One question of the summary: the fastest row that `accepts` keeps, over Weft's best. */
const questions = [
  {
    title: 'PyTorch as it comes',
    accepts: (row) => row.family === 'PyTorch' && row.asItComes,
  },
  {
    title: 'PyTorch at its best',
    accepts: (row) => row.family === 'PyTorch' && !row.flushes,
  },
  {
    title: 'PyTorch at its best, and flushing subnormal numbers',
    accepts: (row) => row.family === 'PyTorch' && row.flushes,
  },
  { title: 'NumPy as it comes', accepts: (row) => row.family === 'NumPy' && row.asItComes },
  { title: 'NumPy at its best', accepts: (row) => row.family === 'NumPy' },
  { title: 'scikit-learn as it comes', accepts: (row) => row.family === 'scikit-learn' && row.asItComes },
  { title: 'scikit-learn at its best', accepts: (row) => row.family === 'scikit-learn' },
  { title: 'TensorFlow.js, WebAssembly', accepts: (row) => row.name === 'TensorFlow.js, WebAssembly' },
  { title: 'TensorFlow.js, CPU', accepts: (row) => row.name === 'TensorFlow.js, CPU' },
];

/**
 * What the benchmark is for, as ratios: how many times the seconds of Weft's best each peer takes, and how many times
 * faster Weft is with all threads than with one, for each Node. `results` has the rows of each batch size.
 */
export function summarise(results) {
  const columns = results.map(({ rows }) => {
    const weft = rows.filter(({ family }) => family === 'Weft');
    return { rows, weft, best: fastestOf(weft) };
  });
  const ratios = questions.map(({ title, accepts }) => ({
    title: `${title} / Weft's best`,
    values: columns.map(({ rows, best }) => {
      const peer = fastestOf(rows.filter(accepts));
      return best && peer && { ratio: peer.seconds / best.seconds, name: peer.name };
    }),
  }));
  const versions = new Set(columns.flatMap(({ weft }) => weft.map(({ node }) => node)));
  const sharing = [...versions].map((version) => ({
    title: `Weft, 1 thread / all threads, Node ${version}`,
    values: columns.map(({ weft }) => {
      const ofNode = weft.filter(({ node }) => node === version);
      const one = ofNode.find(({ threads }) => threads === 1);
      const all = ofNode.find(({ threads }) => threads > 1);
      return one && all && { ratio: one.seconds / all.seconds, name: all.name };
    }),
  }));
  return [...ratios, ...sharing].filter(({ values }) => values.some((value) => value !== undefined));
}

/** The summary as a table: a column of ratios for each batch size, and which contestants were the fastest. */
export function formatSummary(results) {
  const heading = ['times as long', ...results.map(({ batchSize }) => `batch ${batchSize}`), 'measured'];
  const cells = summarise(results).map(({ title, values }) => [
    title,
    ...values.map((value) => fixed(value?.ratio, 2)),
    [...new Set(values.flatMap((value) => value?.name ?? []))].join('; '),
  ]);
  return formatTable([heading, ...cells], [0, heading.length - 1]);
}

/**
 * The OpenBLAS kernels that may be faster than those it takes by itself, which for a processor younger than the library
 * are those of an older one: by the processor's features as Linux names them, undefined where it names none.
 * Undefined where OpenBLAS has no choice of kernels that surely run.
 */
export function fastestCoreType(architecture, features) {
  if (architecture !== 'x64') return undefined;
  if (features === undefined) return undefined;
  const has = (...names) => names.every((name) => features.includes(name));
  if (has('avx512f', 'avx512dq', 'avx512bw', 'avx512vl')) return 'SkylakeX';
  return has('avx2', 'fma') ? 'Haswell' : undefined;
}

/** The line about autosave: what tests/bench/weftAutosave.ts printed. */
export function formatAutosave({ kernels, threads, plainSeconds, savingSeconds, waitedShare }, node) {
  const more = fixed((savingSeconds / plainSeconds - 1) * 100, 1, ' %');
  const waited = fixed(waitedShare * 100, 2, ' %');
  const epochs = `epochs of ${fixed(plainSeconds, 3)} s without and ${fixed(savingSeconds, 3)} s with a checkpoint: ${more} more`;
  return `Autosave, ${kernels}, ${threads} threads, Node ${node}, batch 32: training waits for ${waited} of its time; ${epochs}`;
}

/** The table of single kernels: `lines` are what tests/bench/weftKernels.ts printed. */
export function formatKernels(lines) {
  const cells = lines.map(({ kernel, gigaflops, share }) => [
    kernel,
    fixed(gigaflops, 1),
    fixed(share * 100, 0, ' %'),
  ]);
  return formatTable([['kernel', 'GFLOP/s', 'of the peak'], ...cells], [0]);
}

/** The table of augmentation's cost: `lines` are what tests/bench/weftAugmentation.ts printed. */
export function formatAugmentation(lines) {
  const cells = lines.map(({ preset, changes, stepMs, share }) => [
    preset,
    changes,
    fixed(stepMs, 2),
    fixed(share * 100, 0, ' %'),
  ]);
  return formatTable([['preset', 'images changed by', 'ms a step', 'of the speed'], ...cells], [0, 1]);
}
