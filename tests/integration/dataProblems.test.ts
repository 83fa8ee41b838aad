// Data problems from the built command line, on a set whose faults were planted.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { plantedSet, writePlantedSet } from '../plantedSet.ts';
import { runProgram } from '../program.ts';

let folder = '';
let datasetId = '';

async function weftJson<Schema extends v.GenericSchema>(
  schema: Schema,
  ...args: string[]
): Promise<v.InferOutput<Schema>> {
  const environment = { WEFT_DATA_DIR: join(folder, 'data') };
  const { status, stdout, stderr } = await runProgram('cli.js', [...args, '--json'], { environment });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return v.parse(schema, JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? ''));
}

const image = v.object({ split: v.string(), index: v.number(), class: v.string() });
const part = v.object({
  identical: v.number(),
  identicalWithTwoLabels: v.number(),
  near: v.number(),
  pairs: v.array(v.object({ first: image, second: image, isIdentical: v.boolean() })),
});
const duplicatesAnswer = v.object({ trainImages: v.number(), withinTrain: part, acrossSplits: part });
const issuesAnswer = v.object({
  runs: v.array(v.string()),
  images: v.number(),
  found: v.number(),
  issues: v.array(v.object({ index: v.number(), label: v.string(), suggested: v.string() })),
});

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'weft-problems-'));
  await writePlantedSet(join(folder, 'planted'));
  const imported = await weftJson(
    v.object({ id: v.string() }),
    ...['datasets', 'import', join(folder, 'planted'), '--name', 'Planted'],
  );
  datasetId = imported.id;
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('weft duplicates', () => {
  it('finds the planted ones within train and across the splits, and says which have two labels', async () => {
    const { withinTrain, acrossSplits } = await weftJson(
      duplicatesAnswer,
      ...['duplicates', '--dataset', datasetId],
    );
    const pairs = withinTrain.pairs.map(({ first, second }) => [first.index, second.index]);
    expect(new Set(pairs.map(String))).toEqual(new Set(plantedSet.identical.map(String)));
    expect(withinTrain).toMatchObject({ identical: 3, identicalWithTwoLabels: 1, near: 0 });
    const [leak] = acrossSplits.pairs;
    expect(acrossSplits).toMatchObject({ identical: 1, identicalWithTwoLabels: 0, near: 0 });
    expect([leak?.first.index, leak?.second.index]).toEqual(plantedSet.leak);
    expect(leak).toMatchObject({ first: { split: 'train' }, second: { split: 'test' }, isIdentical: true });
  });
});

describe('weft label-issues', () => {
  it('lists the exchanged labels first, with the class that they had, and trains no fold twice', async () => {
    const ask = () => weftJson(issuesAnswer, ...['label-issues', '--dataset', datasetId, '--limit', '5']);
    const first = await ask();
    expect(first).toMatchObject({ images: plantedSet.trainCount });
    expect(first.runs).toHaveLength(5);
    expect(new Set(first.issues.map(({ index }) => index))).toEqual(
      new Set(plantedSet.flipped.map(({ index }) => index)),
    );
    for (const { index, label, suggested } of first.issues) {
      const planted = plantedSet.flipped.find((one) => one.index === index);
      expect(suggested).toBe(String(planted?.label));
      expect(label).not.toBe(suggested);
    }
    expect(await ask()).toEqual(first);
  });

  it('lists those that a run held out, of its own prediction log', async () => {
    const all = await weftJson(issuesAnswer, ...['label-issues', '--dataset', datasetId]);
    const [foldRun] = all.runs;
    const ofRun = await weftJson(issuesAnswer, 'label-issues', foldRun ?? '');
    expect(ofRun.images).toBe(plantedSet.trainCount / 5);
    const known = new Set(all.issues.map(({ index }) => index));
    expect(ofRun.issues.every(({ index }) => known.has(index))).toBe(true);
  });

  it('wants a run or a dataset, not both and not neither', async () => {
    for (const args of [[], ['some-run', '--dataset', datasetId]]) {
      const { status, stderr } = await runProgram('cli.js', ['label-issues', ...args]);
      expect(status).toBe(2);
      expect(stderr).toContain('needs either RUN or --dataset ID');
    }
  });
});
