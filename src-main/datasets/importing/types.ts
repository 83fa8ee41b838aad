// What the steps of an import hand to one another.
import type { ImageShape } from '../../../src-shared/schemas/dataset.ts';
import type {
  ImportKind,
  ImportOptions,
  ImportProblem,
  ImportProgress,
} from '../../../src-shared/schemas/datasetImport.ts';

/** A regular file below what was chosen. */
export interface SourceFile {
  /** Relative, with slashes, whatever the system writes. */
  name: string;
  path: string;
  sizeBytes: number;
}

export type SplitRole = 'train' | 'test';

/** Images that came together: a pair of IDX files, a CSV file, a folder of classes. */
export interface ImportedPart {
  /** The file or folder, for the person. */
  name: string;
  /** What its name or key says it is for; null where it says nothing. */
  role: SplitRole | null;
  shape: ImageShape;
  /** `(images, height, width, channels)` */
  pixels: Uint8Array;
  /** One index into `classes` an image, or where there are none, the class itself; null for images without labels. */
  labels: Uint8Array | null;
  /** The names of its classes; null where they are only numbered. */
  classes: readonly string[] | null;
}

/** What a reader of one kind of source found. */
export interface FoundParts {
  kind: ImportKind;
  parts: ImportedPart[];
  /** How it was read, a sentence each. */
  notes: string[];
  /** Whether images were fitted to the size and colours of the options. */
  isFitted: boolean;
}

/** How far a stage is; the reporter adds the rate. */
export type ImportStep = Pick<ImportProgress, 'stage' | 'done' | 'total' | 'unit'>;

/** What readers share while they read. */
export interface ReadingContext {
  options: ImportOptions;
  /** Notes something that is left out. */
  addProblem: (problem: ImportProblem) => void;
  report: (step: ImportStep) => void;
}
