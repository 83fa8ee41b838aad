/** The numbers of the images whose label is `classIndex`, in order; of all of them for null. */
export function indicesOfClass(labels: Uint8Array, classIndex: number | null): Uint32Array {
  if (classIndex === null) return Uint32Array.from(labels, (_, index) => index);
  const indices = new Uint32Array(labels.length);
  let count = 0;
  for (let index = 0; index < labels.length; index += 1) {
    if (labels[index] === classIndex) {
      indices[count] = index;
      count += 1;
    }
  }
  return indices.slice(0, count);
}
