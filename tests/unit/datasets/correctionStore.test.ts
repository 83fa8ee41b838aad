import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CorrectionStore } from '../../../src-main/datasets/correctionStore.ts';
import { fingerprintOfContent } from '../../../src-main/datasets/idxSet.ts';
import type { DatasetCorrections } from '../../../src-shared/schemas/correction.ts';
import { makeSmallMachine, putFiles, small, type SmallMachine } from './storeFixture.ts';

let machine: SmallMachine;
let file: string;
const seen: DatasetCorrections[] = [];

function open(isReadOnly = false): CorrectionStore {
  const { dataDirectory } = machine;
  return new CorrectionStore({
    dataDirectory,
    datasets: machine.open(),
    isReadOnly,
    onChange: (one) => seen.push(one),
  });
}
const inFolder = async (): Promise<string[]> =>
  (await readdir(join(machine.dataDirectory, 'datasets'))).filter((name) => name !== 'small').sort();

beforeEach(async () => {
  machine = await makeSmallMachine();
  await putFiles(join(machine.systemFolder, 'small'), small, true);
  await mkdir(join(machine.dataDirectory, 'datasets'), { recursive: true });
  file = join(machine.dataDirectory, 'datasets', 'small.corrections.json');
  seen.length = 0;
});
afterEach(() => machine.remove());

describe('the corrections of a dataset', () => {
  it('lie in a readable file beside the set, which stays as it is, and are there after a new start', async () => {
    const dataset = await machine.open().load('small');
    const { corrections } = await open().change('small', [
      { index: 9, label: 2 },
      { index: 4, excluded: true },
    ]);
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual({
      format: 'weft-corrections',
      version: 1,
      dataset: { id: 'small', fingerprint: dataset.fingerprint },
      corrections: [
        { index: 4, excluded: true },
        { index: 9, label: 2 },
      ],
    });
    expect(await open().read('small')).toEqual(corrections);
    expect(seen).toEqual([corrections]);
    expect(await fingerprintOfContent(await machine.open().load('small'))).toBe(dataset.fingerprint);
    await open().clear('small');
    expect(await inFolder()).toEqual([]);
  });

  it('have a fingerprint of their own, the same for the same corrections however they came about', async () => {
    const store = open();
    const one = await store.change('small', [{ index: 1, label: 3 }]);
    const two = await store.change('small', [{ index: 2, excluded: true }]);
    const back = await store.change('small', two.undo);
    expect(back.corrections.summary).toEqual(one.corrections.summary);
    expect(two.corrections.summary?.fingerprint).not.toBe(one.corrections.summary?.fingerprint);
  });

  it('follow one another when they are changed at the same time', async () => {
    const store = open();
    await Promise.all([5, 3, 8].map((index) => store.change('small', [{ index, excluded: true }])));
    expect((await store.read('small')).list.map(({ index }) => index)).toEqual([3, 5, 8]);
  });

  it('are changed as a whole or not at all', async () => {
    const store = open();
    const changes = [
      { index: 1, excluded: true as const },
      { index: 20, excluded: true as const },
    ];
    await expect(store.change('small', changes)).rejects.toMatchObject({ code: 'corrections.no-such-image' });
    expect((await store.read('small')).list).toEqual([]);
  });

  it.each([
    ['corrections.damaged', () => '{"format":"weft-corrections"'],
    ['corrections.damaged', (good: string) => good.replace('"label":3', '"label":"3"')],
    ['corrections.damaged', (good: string) => good.replace('"index":7', '"index":1')],
    ['corrections.unknown-version', (good: string) => good.replace('"version": 1', '"version": 2')],
    [
      'corrections.other-images',
      (good: string) => good.replace(/"fingerprint":"[0-9a-f]{8}/, '"fingerprint":"00000000'),
    ],
    ['corrections.no-such-image', (good: string) => good.replace('"index":7', '"index":20')],
    ['corrections.no-such-class', (good: string) => good.replace('"label":3', '"label":5')],
  ])('are set aside with the reason when their file can not be used (%s)', async (code, damage) => {
    await open().change('small', [
      { index: 1, label: 3 },
      { index: 7, excluded: true },
    ]);
    const damaged = damage(await readFile(file, 'utf8'));
    await writeFile(file, damaged);

    const reading = await open(true).read('small');
    expect(reading).toMatchObject({ list: [], summary: null, problem: { code } });
    expect(await inFolder()).toEqual(['small.corrections.json']);

    const store = open();
    const set = await store.read('small');
    expect(set).toMatchObject({ list: [], problem: { code } });
    const [aside, ...others] = await inFolder();
    expect(others).toEqual([]);
    expect(aside).toMatch(/^small\.corrections\.unreadable-\d+\.json$/);
    expect(set.problem?.remedy).toContain(aside);
    expect(await readFile(join(machine.dataDirectory, 'datasets', aside!), 'utf8')).toBe(damaged);

    const after = await store.change('small', [{ index: 2, label: 0 }]);
    expect(after.corrections).toMatchObject({ list: [{ index: 2, label: 0 }], problem: null });
  });
});
