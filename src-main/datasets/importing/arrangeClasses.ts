// Which class each file of a folder is of, and whether it is for training or for the test: both are in its path.
import { WeftError } from '../../../src-shared/failure.ts';
import type { ImportProblem } from '../../../src-shared/schemas/datasetImport.ts';
import { compareNames, printableName, type ScannedFiles } from './scanFiles.ts';
import { roleOfName } from './splitRole.ts';
import type { SourceFile, SplitRole } from './types.ts';

/** Images that belong together: all of them, or those for training or for the test. */
export interface ImageGroup {
  name: string;
  role: SplitRole | null;
  /** In natural order; null for images without labels. */
  classes: string[] | null;
  files: { file: SourceFile; label: number }[];
}

/** A file, and the names of its path below what counts as the root. */
interface PlacedFile {
  file: SourceFile;
  names: string[];
}

/** Takes away folders around everything that hold nothing else. */
function withoutWrapping(files: readonly SourceFile[]): PlacedFile[] {
  let placed = files.map((file): PlacedFile => ({ file, names: file.name.split('/') }));
  const isWrapped = (): boolean =>
    placed.length > 0 && placed.every(({ names }) => names.length > 2 && names[0] === placed[0]!.names[0]);
  while (isWrapped()) placed = placed.map(({ file, names }) => ({ file, names: names.slice(1) }));
  return placed;
}

interface SplitFolders {
  /** By the name of the folder. */
  roles: Map<string, SplitRole>;
  notes: string[];
}

/** The folders of the splits, where all folders are such and one is for training; undefined elsewhere. */
function findSplitFolders(placed: readonly PlacedFile[]): SplitFolders | undefined {
  const folders = [...new Set(placed.filter(({ names }) => names.length > 1).map(({ names }) => names[0]!))];
  const roles = new Map(folders.map((folder) => [folder, roleOfName(folder)]));
  const train = folders.filter((folder) => roles.get(folder) === 'train');
  const others = folders.filter((folder) => roles.get(folder) === 'test');
  if (train.length !== 1 || others.length === 0 || others.length > 2) return undefined;
  if (train.length + others.length !== folders.length) return undefined;
  const isTest = (folder: string): boolean => /test/i.test(folder);
  const [first, second] = others;
  if (second === undefined)
    return {
      roles: new Map([
        [train[0]!, 'train'],
        [first!, 'test'],
      ]),
      notes: [],
    };
  if (isTest(first!) === isTest(second)) return undefined;
  const [test, validation] = isTest(first!) ? [first!, second] : [second, first!];
  return {
    roles: new Map([
      [train[0]!, 'train'],
      [validation, 'train'],
      [test, 'test'],
    ]),
    notes: [
      `The images in "${printableName(validation)}" are added to those for training: Weft holds out its own for validation.`,
    ],
  };
}

/** The group of files whose first name, now, is that of their class. */
function groupOf(
  name: string,
  role: SplitRole | null,
  placed: readonly PlacedFile[],
  addProblem: (problem: ImportProblem) => void,
): ImageGroup | undefined {
  const inClass = placed.filter(({ names }) => names.length > 1);
  if (inClass.length === 0 && role === 'test' && placed.length > 0) {
    return { name, role, classes: null, files: placed.map(({ file }) => ({ file, label: 0 })) };
  }
  for (const { file } of placed.filter(({ names }) => names.length === 1)) {
    addProblem({
      file: printableName(file.name),
      message: 'It lies in the folder of no class and is left out.',
    });
  }
  if (inClass.length === 0) return undefined;
  const classes = [...new Set(inClass.map(({ names }) => names[0]!))].sort(compareNames);
  const labels = new Map(classes.map((one, index) => [one, index]));
  return {
    ...{ name, role },
    classes: classes.map(printableName),
    files: inClass.map(({ file, names }) => ({ file, label: labels.get(names[0]!) ?? 0 })),
  };
}

/** Throws `import.no-classes` where no file lies in the folder of a class. */
export function arrangeClasses(
  { name, files }: ScannedFiles,
  addProblem: (problem: ImportProblem) => void,
): { groups: ImageGroup[]; notes: string[] } {
  const placed = withoutWrapping(files);
  const splits = findSplitFolders(placed);
  const folder = printableName(name);
  const below = (role: SplitRole): PlacedFile[] =>
    placed
      .filter(({ names }) => names.length > 1 && splits?.roles.get(names[0]!) === role)
      .map(({ file, names }) => ({ file, names: names.slice(1) }));
  const groups =
    splits === undefined
      ? [groupOf(folder, null, placed, addProblem)]
      : (['train', 'test'] as const).map((role) =>
          groupOf(`${folder}: ${role}`, role, below(role), addProblem),
        );
  const found = groups.filter((group) => group !== undefined);
  if (found.length === 0) {
    throw new WeftError(
      'import.no-classes',
      `The images in "${folder}" lie in no folders, so their classes can't be told.`,
      'Put the images of each class into a folder that is called as the class, and choose the folder around them.',
    );
  }
  return { groups: found, notes: splits?.notes ?? [] };
}
