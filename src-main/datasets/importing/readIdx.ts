// IDX files as a dataset: images and labels are brought together by their counts, and by their names only where several
// have the same; the files of a set that Weft knows are told by their hashes.
import { WeftError } from '../../../src-shared/failure.ts';
import { mostClasses } from '../../../src-shared/schemas/datasetImport.ts';
import type { FilesRecord, SetFiles } from '../catalogue.ts';
import { setParts, sha256 } from '../idxSet.ts';
import { gunzip, isGzip } from '../../formats/gunzip.ts';
import { decodeIdxImages, decodeIdxLabels, type IdxImages } from '../../formats/idx.ts';
import { printableName, readSourceFile } from './scanFiles.ts';
import { roleOfName } from './splitRole.ts';
import type { FoundParts, ImportedPart, ReadingContext, SourceFile, SplitRole } from './types.ts';

/** The largest IDX file that is taken, unpacked. */
const limitBytes = 2 ** 31;

interface ImagesFile {
  name: string;
  sha256: string;
  images: IdxImages;
}
interface LabelsFile {
  name: string;
  sha256: string;
  labels: Uint8Array;
}
interface Pair {
  images: ImagesFile;
  labels: LabelsFile | null;
  role: SplitRole | null;
}

async function readUnpacked(file: SourceFile): Promise<Uint8Array> {
  const bytes = await readSourceFile(file);
  const name = printableName(file.name);
  return isGzip(bytes) || file.name.toLowerCase().endsWith('.gz') ? gunzip(bytes, name, limitBytes) : bytes;
}

/** The name without what tells images from labels. */
const stemOf = (name: string): string =>
  name
    .slice(name.lastIndexOf('/') + 1)
    .toLowerCase()
    .replace(/\.gz$/, '')
    .replace(/images?|labels?|idx[1-4]|[^a-z0-9]+/g, '');

/** The labels of these images, among those of the same number. Throws `import.ambiguous` where several could be. */
function labelsOf(
  file: ImagesFile,
  all: readonly ImagesFile[],
  labels: readonly LabelsFile[],
): LabelsFile | null {
  const { count } = file.images;
  const fitting = labels.filter((one) => one.labels.length === count);
  const sameCount = all.filter((one) => one.images.count === count);
  if (fitting.length === 1 && sameCount.length === 1) return fitting[0]!;
  const alike = fitting.filter((one) => stemOf(one.name) === stemOf(file.name));
  if (alike.length === 1) return alike[0]!;
  if (fitting.length === 0) {
    const meant = labels.find((one) => stemOf(one.name) === stemOf(file.name));
    if (meant === undefined && (all.length > 1 || labels.length !== 1)) return null;
    const { name, labels: found } = meant ?? labels[0]!;
    throw new WeftError(
      'import.wrong-count',
      `"${file.name}" holds ${count} images but "${name}" holds ${found.length} labels.`,
      'Choose files that belong together.',
    );
  }
  throw new WeftError(
    'import.ambiguous',
    `Which labels are those of "${file.name}" can't be told: ${fitting.map(({ name }) => `"${name}"`).join(' and ')} have ${count} of them.`,
    'Put the images and labels that belong together into a folder of their own.',
  );
}

/** The pairs of a set that Weft knows, if all four of its files are here. */
function knownPairs(
  images: readonly ImagesFile[],
  labels: readonly LabelsFile[],
  known: readonly FilesRecord[],
): { record: FilesRecord; pairs: Pair[] } | undefined {
  for (const record of known) {
    const hashOf = (part: keyof SetFiles): string | null => record.files[part].sha256;
    const find = <F extends { sha256: string }>(files: readonly F[], part: keyof SetFiles): F | undefined =>
      files.find((one) => one.sha256 === hashOf(part));
    const trainImages = find(images, 'trainImages');
    const trainLabels = find(labels, 'trainLabels');
    const testImages = find(images, 'testImages');
    const testLabels = find(labels, 'testLabels');
    if (trainImages && trainLabels && testImages && testLabels) {
      return {
        record,
        pairs: [
          { images: trainImages, labels: trainLabels, role: 'train' },
          { images: testImages, labels: testLabels, role: 'test' },
        ],
      };
    }
  }
  return undefined;
}

function toPart({ images, labels, role }: Pair): ImportedPart {
  const { height, width, channels, pixels } = images.images;
  return {
    name: images.name,
    role,
    shape: { height, width, channels },
    pixels,
    labels: labels === null ? null : labels.labels,
    classes: null,
  };
}

/**
 * Throws the `idx.…` and `gzip.…` errors of the files, and `import.ambiguous`, `import.wrong-count`,
 * `import.no-labels` where they can't be brought together.
 */
export async function readIdx(
  files: readonly SourceFile[],
  known: readonly FilesRecord[],
  { addProblem, report }: ReadingContext,
): Promise<FoundParts> {
  const images: ImagesFile[] = [];
  const labels: LabelsFile[] = [];
  const failures: WeftError[] = [];
  for (const [index, file] of files.entries()) {
    report({ stage: 'reading', done: index, total: files.length, unit: 'files' });
    const name = printableName(file.name);
    try {
      const bytes = await readUnpacked(file);
      if (bytes[3] === 1) {
        labels.push({ name, sha256: await sha256(bytes), labels: decodeIdxLabels(bytes, name, mostClasses) });
      } else {
        images.push({ name, sha256: await sha256(bytes), images: decodeIdxImages(bytes, name) });
      }
    } catch (error) {
      if (!(error instanceof WeftError)) throw error;
      failures.push(error);
      addProblem({ file: name, message: error.message });
    }
  }
  const found = knownPairs(images, labels, known);
  let pairs: Pair[];
  try {
    pairs =
      found?.pairs ??
      images.map((file) => ({
        images: file,
        labels: labelsOf(file, images, labels),
        role: roleOfName(file.name),
      }));
  } catch (error) {
    // A file that could not be read is the likelier reason.
    throw failures[0] ?? error;
  }
  if (!pairs.some((pair) => pair.labels !== null)) {
    throw (
      failures[0] ??
      new WeftError(
        'import.no-labels',
        images.length === 0
          ? `"${labels[0]?.name ?? ''}" holds labels, but their images are not beside it.`
          : `"${images[0]!.name}" holds images, but their labels are not beside it.`,
        'Choose the folder that holds both, or put the missing file there.',
      )
    );
  }
  const used = new Set(pairs.flatMap((pair) => [pair.images.name, pair.labels?.name]));
  for (const { name } of [...images, ...labels]) {
    if (!used.has(name))
      addProblem({ file: name, message: 'It belongs to none of the other files and is left out.' });
  }
  return {
    kind: 'idx',
    parts: pairs.map(toPart),
    notes: found === undefined ? [] : [`These are the files of ${found.record.name}, byte for byte.`],
    isFitted: false,
  };
}

/** The parts of the set that these hashes are those of. */
export function findKnown(
  hashes: Readonly<Record<keyof SetFiles, string>>,
  known: readonly FilesRecord[],
): FilesRecord | undefined {
  return known.find((record) => setParts.every((part) => record.files[part].sha256 === hashes[part]));
}
