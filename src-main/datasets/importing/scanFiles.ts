// Finds the files below a folder that a person chose. Links are not followed, and nothing but regular files is ever
// opened: a pipe would wait for ever, a link may lead anywhere.
import { constants } from 'node:fs';
import { lstat, open, opendir, realpath, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { WeftError } from '../../../src-shared/failure.ts';
import { mostFiles, type ImportProblem } from '../../../src-shared/schemas/datasetImport.ts';
import { systemErrorCode, toFileError } from '../../files/fileError.ts';
import { readPart } from '../../files/fileChunks.ts';
import type { SourceFile } from './types.ts';

/** Deeper folders are left out. */
const mostLevels = 16;
/** What systems and archive programs leave beside a person's files. */
const clutter = /^(?:\.|__MACOSX$|Thumbs\.db$|desktop\.ini$)/i;

export interface ScannedFiles {
  /** The name of what was chosen. */
  name: string;
  /** Whether a folder was chosen. */
  isFolder: boolean;
  /** In natural order of their names. */
  files: SourceFile[];
}

const byName = new Intl.Collator('en', { numeric: true }).compare;

/** Natural order: `image2` before `image10`; equal ones in the order of their characters, so that it never varies. */
export function compareNames(a: string, b: string): number {
  return byName(a, b) || (a < b ? -1 : a > b ? 1 : 0);
}

function reasonOf(error: unknown): string {
  const code = systemErrorCode(error);
  if (code === 'ENOENT') return 'was gone when it was to be read';
  if (code === 'EACCES' || code === 'EPERM') return 'may not be read by Weft: check its permissions';
  return `could not be read (${code ?? String(error)})`;
}

/** What is wrong with an entry that is neither a file nor a folder. */
function kindOf(entry: { isSymbolicLink(): boolean; isFIFO(): boolean; isSocket(): boolean }): string {
  if (entry.isSymbolicLink()) return 'is a link, which is not followed';
  if (entry.isFIFO()) return 'is a named pipe, which is not opened';
  if (entry.isSocket()) return 'is a socket, which is not opened';
  return 'is a device, which is not opened';
}

/** A name as it is shown: characters that would break a line are written as escapes. */
export function printableName(name: string): string {
  return name.replace(
    /\p{Cc}/gu,
    (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
}

/**
 * The file at `path`, or the files of the folder there and of those below it. Throws `files.…` errors for the path
 * itself and `import.too-many-files`; what can't be taken below it is a problem.
 */
export async function scanFiles(
  path: string,
  addProblem: (problem: ImportProblem) => void,
  onFound: (count: number) => void = () => undefined,
): Promise<ScannedFiles> {
  const files: SourceFile[] = [];
  const problem = (name: string, what: string): void =>
    addProblem({ file: printableName(name), message: `It ${what}.` });

  const visit = async (folder: string, prefix: string, level: number): Promise<void> => {
    if (level > mostLevels) {
      problem(prefix, `lies more than ${mostLevels} folders deep and is left out`);
      return;
    }
    try {
      for await (const entry of await opendir(folder)) {
        if (clutter.test(entry.name)) continue;
        const name = prefix === '' ? entry.name : `${prefix}/${entry.name}`;
        const place = join(folder, entry.name);
        if (entry.isDirectory()) {
          await visit(place, name, level + 1);
          continue;
        }
        const found = await lstat(place).catch((error: unknown) => problem(name, reasonOf(error)));
        if (found === undefined) continue;
        if (!found.isFile()) {
          problem(name, kindOf(found));
          continue;
        }
        files.push({ name, path: place, sizeBytes: found.size });
        onFound(files.length);
        if (files.length > mostFiles) {
          throw new WeftError(
            'import.too-many-files',
            `"${path}" holds more than ${mostFiles} files.`,
            'Choose the folder in which the images are.',
          );
        }
      }
    } catch (error) {
      if (error instanceof WeftError || prefix === '') throw error;
      problem(prefix, reasonOf(error));
    }
  };

  try {
    // The chosen path itself may be a link: the person chose what it points at.
    const root = await realpath(path);
    const found = await stat(root);
    if (found.isFile()) {
      const name = basename(root);
      return { name, isFolder: false, files: [{ name, path: root, sizeBytes: found.size }] };
    }
    if (!found.isDirectory()) {
      throw new WeftError('import.not-a-file', `"${path}" ${kindOf(found)}.`, 'Choose a file or a folder.');
    }
    await visit(root, '', 0);
    files.sort((a, b) => compareNames(a.name, b.name));
    return { name: basename(root), isFolder: true, files };
  } catch (error) {
    throw toFileError(error, path, 'read');
  }
}

/** Never through a link that has taken a file's place meanwhile. Windows has none of the last two, which count as 0. */
const openFlags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/**
 * The bytes of a scanned file from its start, at most `limitBytes`. Throws `import.file-unreadable` where it is no
 * longer the file that it was, or can't be read.
 */
export async function readSourceFile(
  file: SourceFile,
  limitBytes = Infinity,
): Promise<Uint8Array<ArrayBuffer>> {
  try {
    const handle = await open(file.path, openFlags);
    try {
      const found = await handle.stat();
      if (!found.isFile()) throw unreadable(file, kindOf(found));
      return await readPart(handle, 0, Math.min(found.size, limitBytes));
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (error instanceof WeftError) throw error;
    throw unreadable(file, systemErrorCode(error) === 'ELOOP' ? 'has become a link' : reasonOf(error));
  }
}

function unreadable({ name }: SourceFile, what: string): WeftError {
  return new WeftError('import.file-unreadable', `"${printableName(name)}" ${what}.`, 'Check the file.');
}
