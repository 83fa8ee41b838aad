// Identical and nearly identical images within the train split, and between it and the test split.
import { performance } from 'node:perf_hooks';
import { bytesOf } from '../../../src-shared/schemas/bytes.ts';
import type { DuplicatePairs, Duplicates } from '../../../src-shared/schemas/duplicates.ts';
import type { Dataset } from '../types.ts';
import { findFirstEqual } from './exactDuplicates.ts';
import { ImageRows } from './imageRows.ts';
import { findNearDuplicates, type NearPair } from './nearDuplicates.ts';

/** Near duplicates listed at most, the most similar ones: nobody looks through more. */
const mostNearPairs = 20_000;

export interface DuplicateSearchOptions {
  /** The least correlation of near duplicates. */
  similarity: number;
  onProgress: (share: number) => Promise<void>;
}

/** `identical` and `near` as the contract has them. */
function listPairs(
  identical: readonly NearPair[],
  near: readonly NearPair[],
  secondFrom: number,
): DuplicatePairs {
  const pairs = [...identical, ...near];
  return {
    first: bytesOf(Uint32Array.from(pairs, ({ one }) => one)),
    second: bytesOf(Uint32Array.from(pairs, ({ other }) => other - secondFrom)),
    similarities: bytesOf(Float32Array.from(pairs, ({ similarity }) => similarity)),
    identical: identical.length,
  };
}

/**
 * Each image that an earlier one is equal to makes a pair with the first of its equals; a test image only where that is a
 * training image. Nearly identical images are looked for among the first of equals.
 */
export async function findDuplicates(
  dataset: Dataset,
  { similarity, onProgress }: DuplicateSearchOptions,
): Promise<Duplicates> {
  const started = performance.now();
  const images = new ImageRows(dataset);
  const { trainCount } = images;
  const firsts = findFirstEqual(images);
  const identical: NearPair[] = [];
  firsts.forEach((one, other) => {
    if (one !== other && one < trainCount) identical.push({ one, other, similarity: 1 });
  });
  const near = await findNearDuplicates(images, {
    candidates: Uint32Array.from(firsts.keys()).filter((image) => firsts[image] === image),
    similarity,
    limit: mostNearPairs,
    matters: (one) => one < trainCount,
    onProgress,
  });
  const isWithinTrain = ({ other }: NearPair): boolean => other < trainCount;
  const isAcross = (pair: NearPair): boolean => !isWithinTrain(pair);
  const isFull = near.length === mostNearPairs;
  return {
    datasetId: dataset.id,
    similarity: isFull ? (near.at(-1)?.similarity ?? similarity) : similarity,
    trainImages: trainCount,
    testImages: images.count - trainCount,
    withinTrain: listPairs(identical.filter(isWithinTrain), near.filter(isWithinTrain), 0),
    acrossSplits: listPairs(identical.filter(isAcross), near.filter(isAcross), trainCount),
    seconds: (performance.now() - started) / 1000,
  };
}
