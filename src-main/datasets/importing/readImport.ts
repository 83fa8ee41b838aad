// From a path to a set that lies staged, with a preview of it for the person. Runs in a process of its own: what it reads
// comes from anywhere.
import { dirname } from 'node:path';
import { WeftError } from '../../../src-shared/failure.ts';
import type {
  ImportOptions,
  ImportPreview,
  ImportProblem,
} from '../../../src-shared/schemas/datasetImport.ts';
import { datasetRecords, type FilesRecord } from '../catalogue.ts';
import { filesOfImported } from '../importedSource.ts';
import { assembleSet, type AssembledSet } from './assembleSet.ts';
import { createProgressReporter, type UnnamedProgress } from './progressReporter.ts';
import { readCsv } from './readCsv.ts';
import { findKnown, readIdx } from './readIdx.ts';
import { readImageFolder } from './readImageFolder.ts';
import { readNpz } from './readNpz.ts';
import { printableName, scanFiles, type ScannedFiles } from './scanFiles.ts';
import { sniffFile, type FileKind } from './sniffFile.ts';
import { stageSet } from './stageSet.ts';
import type { StagedImport } from './stagedImport.ts';
import type { FoundParts, ImportedPart, ReadingContext, SourceFile } from './types.ts';

/** Problems that are shown; the rest is counted. */
const problemsShown = 100;
const samplesShown = 40;
/** Files looked into to tell what a folder holds. */
const filesSniffed = 64;

export interface ImportRequest {
  path: string;
  /** Whose images are for the test; null for none. */
  testPath: string | null;
  /** What it is called in sentences, where the path is only where the page's files were put. */
  sentAs: string | null;
  options: ImportOptions;
  /** An empty folder on the disk of the datasets. */
  stagingFolder: string;
}

const supported =
  'IDX files, a .npz file with x_train and y_train, CSV files of pixels, or a folder with one folder of PNG or JPEG images for each class';

function nothingFound(name: string): WeftError {
  return new WeftError(
    'import.nothing-found',
    `"${name}" holds nothing that can be imported.`,
    `Choose ${supported}.`,
  );
}

/** Files of one kind, where the first files tell. Deeper files count only where there are none above them. */
async function sniffFiles(files: readonly SourceFile[]): Promise<Map<FileKind, SourceFile[]>> {
  const depthOf = ({ name }: SourceFile): number => name.split('/').length;
  const shallowest = Math.min(...files.map(depthOf));
  const byKind = new Map<FileKind, SourceFile[]>();
  for (const file of files.filter((one) => depthOf(one) === shallowest).slice(0, filesSniffed)) {
    const kind = await sniffFile(file).catch((): FileKind => 'other');
    byKind.set(kind, [...(byKind.get(kind) ?? []), file]);
  }
  return byKind;
}

/** The IDX files beside a chosen one: images and their labels lie in two files. */
async function findPartners(file: SourceFile): Promise<SourceFile[]> {
  const { files } = await scanFiles(dirname(file.path), () => undefined);
  const siblings = files.filter((one) => !one.name.includes('/'));
  const byKind = await sniffFiles(siblings);
  return [...(byKind.get('idx-images') ?? []), ...(byKind.get('idx-labels') ?? [])];
}

const isTable = /\.(?:csv|tsv)(?:\.gz)?$/i;

/** Whether one of the first files is an image. */
async function hasImages(files: readonly SourceFile[]): Promise<boolean> {
  for (const file of files.slice(0, filesSniffed)) {
    if ((await sniffFile(file).catch(() => 'other')) === 'image') return true;
  }
  return false;
}

/** Whether there are images in folders: a table beside them is about them. */
const hasNestedImages = (files: readonly SourceFile[]): Promise<boolean> =>
  hasImages(files.filter((file) => file.name.includes('/')));

async function readFound(
  scanned: ScannedFiles,
  known: readonly FilesRecord[],
  context: ReadingContext,
): Promise<FoundParts> {
  const { files, name } = scanned;
  if (files.length === 0) throw nothingFound(printableName(name));
  const byKind = await sniffFiles(files);
  const of = (kind: FileKind): SourceFile[] => byKind.get(kind) ?? [];
  const idxFiles = [...of('idx-images'), ...of('idx-labels')];
  if (idxFiles.length > 0) {
    const isAlone = !scanned.isFolder && idxFiles.length === 1;
    return readIdx(isAlone ? await findPartners(idxFiles[0]!) : idxFiles, known, context);
  }
  const [archive, ...others] = of('zip');
  if (archive !== undefined) {
    for (const other of others) {
      context.addProblem({
        file: printableName(other.name),
        message: 'It is one archive too many and is left out.',
      });
    }
    return readNpz(archive, context);
  }
  const tables = of('text').filter((file) => !scanned.isFolder || isTable.test(file.name));
  if (tables.length > 0 && !(await hasNestedImages(files))) return readCsv(tables, context);
  if (scanned.isFolder && (await hasImages(files))) return readImageFolder(scanned, context);
  const [image] = of('image');
  if (image !== undefined) {
    throw new WeftError(
      'import.one-image',
      `"${printableName(image.name)}" is a single image.`,
      'Choose the folder that holds one folder of images for each class.',
    );
  }
  throw nothingFound(printableName(name));
}

/** The first images of each class in turn, as many as are shown. */
function chooseSamples({ shape, train, classes }: AssembledSet): ImportPreview['samples'] {
  const ofClass = classes.map((): number[] => []);
  const each = Math.ceil(samplesShown / classes.length);
  train.labels.forEach((label, image) => {
    if (ofClass[label]!.length < each) ofClass[label]!.push(image);
  });
  const chosen: number[] = [];
  for (let round = 0; round < each; round += 1) {
    for (const images of ofClass) {
      if (images[round] !== undefined && chosen.length < samplesShown) chosen.push(images[round]!);
    }
  }
  const imageBytes = shape.height * shape.width * shape.channels;
  const pixels = new Uint8Array(chosen.length * imageBytes);
  chosen.forEach((image, place) =>
    pixels.set(train.pixels.subarray(image * imageBytes, (image + 1) * imageBytes), place * imageBytes),
  );
  return { labels: Uint8Array.from(chosen, (image) => train.labels[image]!), pixels };
}

function countsOf(labels: Uint8Array, classCount: number): number[] {
  const counts = new Array<number>(classCount).fill(0);
  for (const label of labels) counts[label] = counts[label]! + 1;
  return counts;
}

/** A name for the set: the file's without its endings, or the folder's. */
const suggestName = (name: string): string =>
  printableName(name)
    .replace(/(?:\.(?:gz|npz|csv|tsv|idx))+$/i, '')
    .trim()
    .slice(0, 120) || 'My images';

/**
 * Reads what is at the path and writes the set's files into the staging folder. Throws `import.…` errors, those of the
 * formats and `files.…`.
 */
export async function readImport(
  request: ImportRequest,
  send: (progress: UnnamedProgress) => void,
  known: readonly FilesRecord[] = datasetRecords.filter((record) => record.kind === 'files'),
): Promise<StagedImport> {
  const { path, testPath, options, stagingFolder } = request;
  const problems: ImportProblem[] = [];
  let problemCount = 0;
  const report = createProgressReporter(send);
  const addProblem = (problem: ImportProblem): void => {
    problemCount += 1;
    if (problems.length < problemsShown) problems.push(problem);
  };
  const context: ReadingContext = { options, addProblem, report };
  const read = async (place: string): Promise<FoundParts & { name: string }> => {
    const scanned = await scanFiles(place, addProblem, (count) =>
      report({ stage: 'finding', done: count, total: null, unit: 'files' }),
    );
    const named = request.sentAs === null ? scanned : { ...scanned, name: request.sentAs };
    return { ...(await readFound(named, known, context)), name: named.name };
  };
  const found = await read(path);
  const forTest = testPath === null ? null : await read(testPath);
  const testParts = (forTest?.parts ?? []).map((part): ImportedPart => ({ ...part, role: 'test' }));
  // Where the test images are given, everything else is for training.
  const parts =
    forTest === null ? found.parts : found.parts.map((part): ImportedPart => ({ ...part, role: 'train' }));
  const set = assembleSet([...parts, ...testParts], options.heldOut);
  const files = await stageSet(set, stagingFolder, report);
  const hashes = {
    trainImages: files.trainImages.sha256,
    trainLabels: files.trainLabels.sha256,
    testImages: files.testImages.sha256,
    testLabels: files.testLabels.sha256,
  };
  const knownSet = findKnown(hashes, known);
  const trainCounts = countsOf(set.train.labels, set.classes.length);
  const testCounts = countsOf(set.test.labels, set.classes.length);
  const names = knownSet?.classes ?? set.classes;
  const counts = {
    trainCount: set.train.labels.length,
    testCount: set.test.labels.length,
    unlabelledCount: set.unlabelled.length / (set.shape.height * set.shape.width * set.shape.channels),
  };
  const preview: ImportPreview = {
    kind: found.kind,
    name: knownSet?.name ?? suggestName(found.name),
    shape: set.shape,
    classes: names.map((name, index) => ({
      name,
      trainCount: trainCounts[index]!,
      testCount: testCounts[index]!,
    })),
    ...counts,
    testOrigin: set.testOrigin,
    isFitted: found.isFitted,
    notes: [...found.notes, ...(forTest?.notes ?? []), ...set.notes],
    problems,
    problemCount,
    samples: chooseSamples(set),
    known: knownSet === undefined ? null : { id: knownSet.id, name: knownSet.name },
    sizeBytes: filesOfImported({ files }).reduce((sum, file) => sum + file.sizeBytes, 0),
  };
  return { preview, record: { shape: set.shape, sourceLabels: set.classes, ...counts, files } };
}
