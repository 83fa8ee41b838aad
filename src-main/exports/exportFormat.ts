// What a format of exports is. The table of all of them is makers.ts; people choose from src-shared/exportFormats.ts.
import type { ExportCheck } from '../../src-shared/schemas/export.ts';
import type { Split } from '../../src-shared/schemas/dataset.ts';
import type { Architecture, LabelledImages, NamedTensor } from '../engine/types.ts';
import type { Model } from '../runs/modelFile.ts';

/** A file of an archive. */
export interface ArchiveFile {
  /** With `/` between folders, below the archive's own folder: `predict.py`. */
  path: string;
  bytes: Uint8Array;
}

/** Which images a model was trained on and which were held out. */
export interface TrainedSplit {
  /** Indices into the train split, ascending. */
  trainIndices: Uint32Array;
  /** Which split the validation images come from. */
  validationSplit: Split;
  /** Indices into that split, ascending. */
  validationIndices: Uint32Array;
}

/** The images that a model was trained on, and which of them. */
export interface TrainingData {
  split: TrainedSplit;
  /** What people call the set. */
  name: string;
  /** Folders in the web that hold its files; none where only Weft has them. */
  sources: readonly string[];
  train: LabelledImages;
  test: LabelledImages;
}

/** What exports are made of. */
export interface ExportSource {
  model: Model;
  /** Null where the images that the model was trained on are not on this computer. */
  data: TrainingData | null;
  /** The bytes of the file that examples.ts makes, for archives; null where it was not asked for. */
  examples: Uint8Array<ArrayBuffer> | null;
}

/** What decides the predictions: all that is read back from an export. */
export interface Network {
  architecture: Architecture;
  tensors: readonly NamedTensor[];
}

/** Makes one format. */
export interface ExportMaker {
  /** Whether the file is an archive with a place for the examples; they are a file of their own otherwise. */
  holdsExamples?: true;
  /** Whether the file says a model's temperature by itself; the others get tensors that have it in them. */
  keepsTemperature?: true;
  /** What `readBack` reads of the file: scripts beside the weights are not run. */
  covers: ExportCheck['covers'];
  /** The bytes of the file. Throws a typed error for a model that the format can't hold. */
  make(source: ExportSource): Uint8Array<ArrayBuffer>;
  /**
   * Rebuilds the network from nothing but the file's bytes, so that it can be compared with the model that was exported.
   * `fileName` is for the errors. Throws a typed error for a file that is not whole.
   */
  readBack(bytes: Uint8Array, fileName: string): Network;
}
