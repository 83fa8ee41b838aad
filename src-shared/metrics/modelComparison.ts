// Two models on the same images: which of them one has and the other hasn't, and whether that could be chance.

/** Images by who is right about them. */
export interface Agreement {
  bothRight: number;
  /** Right with the first, wrong with the second. */
  onlyFirst: number;
  /** Wrong with the first, right with the second. */
  onlySecond: number;
  bothWrong: number;
}

/** Counts over the labels and both models' predicted classes, one an image each. */
export function countAgreement(
  labels: ArrayLike<number>,
  first: ArrayLike<number>,
  second: ArrayLike<number>,
): Agreement {
  const counts: Agreement = { bothRight: 0, onlyFirst: 0, onlySecond: 0, bothWrong: 0 };
  for (let image = 0; image < labels.length; image += 1) {
    const isFirst = first[image] === labels[image];
    const isSecond = second[image] === labels[image];
    if (isFirst && isSecond) counts.bothRight += 1;
    else if (isFirst) counts.onlyFirst += 1;
    else if (isSecond) counts.onlySecond += 1;
    else counts.bothWrong += 1;
  }
  return counts;
}

/** Where the images that both lists name stand in each of them, in the order of the first. */
export function findCommonImages(
  first: Uint32Array,
  second: Uint32Array,
): { inFirst: Uint32Array; inSecond: Uint32Array } {
  const places = new Map(Array.from(second, (image, place) => [image, place]));
  const inFirst = Uint32Array.from([...first.keys()].filter((place) => places.has(first[place]!)));
  return { inFirst, inSecond: inFirst.map((place) => places.get(first[place]!) ?? 0) };
}

/** How sure it is that one of two models is better, by the p-value: in words that claim no more. */
export function describeChance(pValue: number): string {
  if (pValue > 0.2) return 'this could easily be chance';
  if (pValue > 0.05) return 'this may well be chance';
  if (pValue > 0.01) return 'this is unlikely to be chance alone';
  return 'this is hardly chance';
}

/**
 * The exact two-sided p-value of McNemar's test (1947): if both models were equally good, each image that only one of
 * them has right would be a fair coin's throw; how likely is a split at least as uneven? `2 P(X <= fewer)`, X binomial,
 * at most 1.
 */
export function mcnemarPValue({
  onlyFirst,
  onlySecond,
}: Pick<Agreement, 'onlyFirst' | 'onlySecond'>): number {
  const trials = onlyFirst + onlySecond;
  const fewer = Math.min(onlyFirst, onlySecond);
  // P(X = count), as a logarithm: 2^-trials is below the smallest float64 from 1,075 trials on.
  let logTerm = -trials * Math.LN2;
  let tail = Math.exp(logTerm);
  for (let count = 1; count <= fewer; count += 1) {
    logTerm += Math.log((trials - count + 1) / count);
    tail += Math.exp(logTerm);
  }
  return Math.min(1, 2 * tail);
}
