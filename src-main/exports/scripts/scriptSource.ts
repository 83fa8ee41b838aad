import type { LabelledImages } from '../../engine/types.ts';
import type { Model } from '../../runs/modelFile.ts';
import type { TrainedSplit } from '../exportFormat.ts';

/** The frameworks that scripts are written for. */
export type Framework = 'numpy' | 'pytorch' | 'keras';

/** The images that a model was trained on, as far as its scripts need them. */
export interface ScriptDataset {
  name: string;
  /** Folders in the web that hold its files; none where only Weft has them, and the archive must. */
  sources: readonly string[];
  train: LabelledImages;
  test: LabelledImages;
}

/** What scripts are written of. */
export interface ScriptSource {
  model: Model;
  /** Null where the images that the model was trained on are not on this computer. */
  training: { split: TrainedSplit; dataset: ScriptDataset } | null;
}
