// Images that are the same byte for byte.
import type { ImageRows } from './imageRows.ts';

/** FNV-1a over the bytes: equal images have equal hashes, and the few others that do are told apart afterwards. */
function hashOf(row: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < row.length; index += 1) hash = Math.imul(hash ^ row[index]!, 0x01000193);
  return hash;
}

function isEqual(one: Uint8Array, other: Uint8Array): boolean {
  for (let index = 0; index < one.length; index += 1) if (one[index] !== other[index]) return false;
  return true;
}

/** For each image the first one that is equal to it; itself where it is the first. `(images)` */
export function findFirstEqual(images: ImageRows): Uint32Array {
  const firsts = Uint32Array.from({ length: images.count }, (_value, image) => image);
  const byHash = new Map<number, number[]>();
  for (let image = 0; image < images.count; image += 1) {
    const row = images.row(image);
    const hash = hashOf(row);
    const candidates = byHash.get(hash);
    if (candidates === undefined) {
      byHash.set(hash, [image]);
      continue;
    }
    const first = candidates.find((one) => isEqual(images.row(one), row));
    if (first === undefined) candidates.push(image);
    else firsts[image] = first;
  }
  return firsts;
}
