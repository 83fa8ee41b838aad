import { formatCount } from '../../../format/quantities.ts';
import type { FoundPairs } from '../../../state/duplicates.svelte.ts';

/** How many pairs are identical, how many nearly so, and how many of them have two labels. */
export function describePairs(
  { first, second, identical }: FoundPairs,
  similarity: number,
  firstLabels: Uint8Array,
  secondLabels: Uint8Array,
): string {
  const near = first.length - identical;
  const differing = first.reduce(
    (count, image, place) => count + (firstLabels[image] === secondLabels[second[place] ?? 0] ? 0 : 1),
    0,
  );
  const identicalPairs = `${formatCount(identical)} ${identical === 1 ? 'pair is' : 'pairs are'} identical`;
  const nearPairs = `${formatCount(near)} more ${near === 1 ? 'correlates' : 'correlate'} by ${similarity.toFixed(3)} or more`;
  const labels = differing === 0 ? 'All pairs have one label.' : `${formatCount(differing)} have two labels.`;
  return `${identicalPairs}, ${nearPairs}. ${labels}`;
}

/** Rounded down, so that only what is equal is 1. */
export function formatSimilarity(similarity: number): string {
  return (Math.floor(similarity * 1e4) / 1e4).toFixed(4);
}
