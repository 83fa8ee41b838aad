// In which order classes stand in a confusion matrix: alike ones side by side make blocks of what is mixed up.

/** A cluster of classes, from end to end in the order they are to stand in. */
type Leaves = readonly number[];

/**
 * How alike two classes are to the network, `(classes, classes)`, from 0 to 1: the mean of the shares in which each is
 * taken for the other. The diagonal is left at 0.
 */
export function classSimilarities(matrix: readonly (readonly number[])[]): number[][] {
  const totals = matrix.map((row) => row.reduce((sum, count) => sum + count, 0));
  const share = (row: number, column: number): number =>
    totals[row] === 0 ? 0 : matrix[row]![column]! / totals[row]!;
  return matrix.map((_, one) =>
    matrix.map((_row, other) => (one === other ? 0 : (share(one, other) + share(other, one)) / 2)),
  );
}

/** The mean similarity between the members of two clusters (average linkage; Sokal & Michener 1958). */
function linkage(similarities: readonly (readonly number[])[], one: Leaves, other: Leaves): number {
  let sum = 0;
  for (const a of one) for (const b of other) sum += similarities[a]![b]!;
  return sum / (one.length * other.length);
}

/** Joins two clusters, each turned so that the likest of their ends meet (Gruvaeus & Wainer 1972). */
function join(similarities: readonly (readonly number[])[], one: Leaves, other: Leaves): Leaves {
  const turns: readonly (readonly [Leaves, Leaves])[] = [
    [one, other],
    [one, other.toReversed()],
    [one.toReversed(), other],
    [one.toReversed(), other.toReversed()],
  ];
  const meeting = ([left, right]: readonly [Leaves, Leaves]): number =>
    similarities[left.at(-1)!]![right[0]!]!;
  const [left, right] = turns.reduce((best, turn) => (meeting(turn) > meeting(best) ? turn : best));
  return [...left, ...right];
}

/**
 * The classes ordered so that those which are mixed up stand together: agglomerative clustering of `classSimilarities`
 * by average linkage, the leaves of the tree turned so that like ends meet. The first class stands in the first half,
 * so that the order doesn't flip from one evaluation to the next.
 */
export function orderBySimilarity(matrix: readonly (readonly number[])[]): number[] {
  const similarities = classSimilarities(matrix);
  let clusters: Leaves[] = matrix.map((_, index) => [index]);
  while (clusters.length > 1) {
    let best: { one: Leaves; other: Leaves; similarity: number } | undefined;
    for (const [index, one] of clusters.entries()) {
      for (const other of clusters.slice(index + 1)) {
        const similarity = linkage(similarities, one, other);
        if (best === undefined || similarity > best.similarity) best = { one, other, similarity };
      }
    }
    if (best === undefined) break;
    const { one, other } = best;
    const joined = join(similarities, one, other);
    clusters = clusters.flatMap((cluster) =>
      cluster === one ? [joined] : cluster === other ? [] : [cluster],
    );
  }
  const order = [...(clusters[0] ?? [])];
  return order.indexOf(0) >= order.length / 2 ? order.reverse() : order;
}

/** The matrix with its rows and its columns in another order of the classes. */
export function rearrange(matrix: readonly (readonly number[])[], order: readonly number[]): number[][] {
  return order.map((row) => order.map((column) => matrix[row]![column]!));
}
