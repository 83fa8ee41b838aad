// Turns what the operating system says of a file into an error that a person can act on.
import { WeftError } from '../../src-shared/failure.ts';

export type FileAction = 'read' | 'write' | 'remove';

interface Explanation {
  code: string;
  because: string;
  remedy: string;
}

const denied = {
  code: 'files.not-allowed',
  because: 'Weft is not allowed to',
  remedy: 'Check the permissions of the file and its folder, or choose another place.',
};
const full = {
  code: 'files.disk-full',
  because: 'the disk is full',
  remedy: 'Free some space and try again. What was there before is unharmed.',
};
const tooLarge = {
  code: 'files.too-large',
  because: 'it grew past the size that a file may have here',
  remedy: 'Raise the file size limit or choose another disk. What was there before is unharmed.',
};
const missing = {
  code: 'files.not-found',
  because: 'it is not there',
  remedy: 'Check the path for a typing error.',
};
const notAFolder = { ...missing, because: 'a part of its path is not a folder' };
const folder = {
  code: 'files.is-a-folder',
  because: 'there is a folder of that name',
  remedy: 'Choose another name.',
};
const tooManyOpen = {
  code: 'files.too-many-open',
  because: 'too many files are open',
  remedy: 'Close other programs and try again.',
};

const explanations: Readonly<Record<string, Explanation>> = {
  EACCES: denied,
  EPERM: denied,
  EROFS: { ...denied, because: 'the disk is read-only' },
  ENOSPC: full,
  EDQUOT: { ...full, because: 'your disk quota is used up' },
  EFBIG: tooLarge,
  ENOENT: missing,
  ENOTDIR: notAFolder,
  EEXIST: notAFolder,
  EISDIR: folder,
  EMFILE: tooManyOpen,
  ENFILE: tooManyOpen,
};

/** The operating system's code of a failed call (`ENOENT`), if the error has one. */
export function systemErrorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** A `files.…` error that names the file. Errors that are a `WeftError` already stay what they are. */
export function toFileError(error: unknown, path: string, action: FileAction): WeftError {
  if (error instanceof WeftError) return error;
  const explanation = explanations[systemErrorCode(error) ?? ''];
  if (explanation === undefined) {
    const reason = error instanceof Error ? error.message : String(error);
    return new WeftError(`files.${action}-failed`, `Could not ${action} "${path}": ${reason}.`, undefined, {
      cause: error,
    });
  }
  const { code, because, remedy } = explanation;
  return new WeftError(code, `Could not ${action} "${path}": ${because}.`, remedy, { cause: error });
}
