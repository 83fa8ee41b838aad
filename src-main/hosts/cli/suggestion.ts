// "Did you mean": the nearest of the known names, when it is near enough to be a slip.

/** Letters to insert, remove, replace or swap with the neighbour (Damerau and Levenshtein, restricted). */
export function editDistance(a: string, b: string): number {
  const rows = [Array.from({ length: b.length + 1 }, (_, column) => column)];
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const replaced = rows[row - 1]![column - 1]! + (a[row - 1] === b[column - 1] ? 0 : 1);
      let least = Math.min(replaced, rows[row - 1]![column]! + 1, current[column - 1]! + 1);
      if (row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]) {
        least = Math.min(least, rows[row - 2]![column - 2]! + 1);
      }
      current.push(least);
    }
    rows.push(current);
  }
  return rows[a.length]![b.length]!;
}

/** The known name that was probably meant; undefined when none is near. */
export function nearest(given: string, known: readonly string[]): string | undefined {
  const limit = Math.max(1, Math.floor(given.length / 2.5));
  const completed = known.filter((name) => given.length >= 3 && name.startsWith(given));
  if (completed.length === 1) return completed[0];
  let best: string | undefined;
  let bestDistance = limit + 1;
  for (const name of known) {
    const distance = editDistance(given.toLowerCase(), name.toLowerCase());
    if (distance < bestDistance) {
      best = name;
      bestDistance = distance;
    }
  }
  return best;
}

/** ` Did you mean "train"?`, or nothing. */
export function didYouMean(given: string, known: readonly string[]): string {
  const name = nearest(given, known);
  return name === undefined ? '' : ` Did you mean "${name}"?`;
}
