import type { SplitRole } from './types.ts';

/**
 * What a file's or folder's own name says of its images: a hint where nothing else tells. Only the last name of a path
 * counts, so that a set that lies in a folder "tests" is not taken for test images.
 */
export function roleOfName(name: string): SplitRole | null {
  const last = name.slice(name.lastIndexOf('/') + 1).toLowerCase();
  const isTest = /(?:^|[^a-z])(?:t10k|test|testing|val|valid|validation|eval)(?:$|[^a-z])/.test(last);
  const isTrain = /(?:^|[^a-z])(?:train|training)(?:$|[^a-z])/.test(last);
  if (isTest === isTrain) return null;
  return isTest ? 'test' : 'train';
}
