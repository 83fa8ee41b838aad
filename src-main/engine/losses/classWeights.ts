/**
 * What an image of each class counts for so that all classes count the same:
 * `images / (classes * images of the class)`, over the classes that have images (scikit-learn's `balanced`). The mean
 * over the images is 1. A class without images has 0.
 */
export function balancedClassWeights(labels: Uint8Array, classCount: number): Float64Array {
  const counts = new Float64Array(classCount);
  for (const label of labels) counts[label] = counts[label]! + 1;
  const present = counts.reduce((sum, count) => sum + (count > 0 ? 1 : 0), 0);
  return counts.map((count) => (count === 0 ? 0 : labels.length / (present * count)));
}
