// The benchmark's program for loading data: does one task in a process of its own and prints one JSON object, its seconds
// and the most memory that the process held. Arguments: the task, then
//   make FOLDER DATA     writes the files of the others: a table of 42,000 images (Kaggle's size) and a folder of 10,000 PNGs
//   load FOLDER DATA     loads Fashion-MNIST in FOLDER's data directory: from gzip files the first time, then from its copy
//   import FOLDER NAME   reads FOLDER/NAME as an import does, up to the files that a set consists of
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { gunzipSync } from 'node:zlib';
import { encode } from 'fast-png';
import { readImport } from '../../src-main/datasets/importing/readImport.ts';
import { DatasetStore } from '../../src-main/datasets/store.ts';
import { decodeIdxImages, decodeIdxLabels } from '../../src-main/formats/idx.ts';

const [task = '', folder = '', other = ''] = process.argv.slice(2);
const tableRows = 42_000;
const pngs = 10_000;

function make(): void {
  const read = (name: string): Uint8Array => gunzipSync(readFileSync(join(other, name)));
  const { pixels, height, width } = decodeIdxImages(read('train-images-idx3-ubyte.gz'), 'images');
  const labels = decodeIdxLabels(read('train-labels-idx1-ubyte.gz'), 'labels', 10);
  const imageBytes = height * width;
  const image = (index: number): Uint8Array => pixels.subarray(index * imageBytes, (index + 1) * imageBytes);
  const header = ['label', ...Array.from({ length: imageBytes }, (_, index) => `pixel${index}`)].join(',');
  const rows = Array.from({ length: tableRows }, (_, row) => `${labels[row]},${image(row).join(',')}`);
  writeFileSync(join(folder, 'table.csv'), [header, ...rows, ''].join('\n'));
  for (let label = 0; label < 10; label += 1)
    mkdirSync(join(folder, 'pngs', String(label)), { recursive: true });
  for (let index = 0; index < pngs; index += 1) {
    const png = encode({ width, height, channels: 1, depth: 8, data: image(index) });
    writeFileSync(join(folder, 'pngs', String(labels[index]), `${index}.png`), png);
  }
}

async function load(): Promise<void> {
  const dataDirectory = join(folder, 'data');
  mkdirSync(dataDirectory, { recursive: true });
  await new DatasetStore({ dataDirectory, systemFolders: [dirname(other)] }).load('fashion-mnist');
}

async function importFiles(): Promise<void> {
  const request = {
    path: join(folder, other),
    testPath: null,
    sentAs: null,
    options: { size: null, channels: null, heldOut: 0 },
    stagingFolder: mkdtempSync(join(folder, 'staging-')),
  };
  await readImport(request, () => undefined);
}

const tasks = new Map<string, () => unknown>([
  ['make', make],
  ['load', load],
  ['import', importFiles],
]);
const start = performance.now();
await tasks.get(task)?.();
const seconds = (performance.now() - start) / 1000;
process.stdout.write(
  `${JSON.stringify({ seconds, residentBytes: process.resourceUsage().maxRSS * 1024 })}\n`,
);
