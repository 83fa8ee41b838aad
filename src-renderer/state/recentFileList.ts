import type { RecentFile } from '../../src-shared/schemas/settings.ts';
import { modelKey } from './modelKey.ts';

const mostKept = 12;

export const isSameFile = (one: RecentFile, other: RecentFile): boolean =>
  one.fileName === other.fileName && modelKey(one.model) === modelKey(other.model);

/** The list with the file at its top, once. */
export function withRecentFile(files: readonly RecentFile[], file: RecentFile): RecentFile[] {
  return [file, ...files.filter((one) => !isSameFile(one, file))].slice(0, mostKept);
}
