// Whether a model can be run over a dataset, and what to say where it can't: the core refuses with the sentence that the
// page shows beforehand.
import { WeftError } from './failure.ts';
import type { ImageShape } from './schemas/dataset.ts';

/** What of a model, or of a dataset, decides whether they fit. */
export interface FitSide {
  name: string;
  shape: ImageShape;
  /** Names in the order of the outputs, or of the labels. */
  classes: readonly string[];
}

const sidesOf = ({ height, width, channels }: ImageShape): string => `${height} x ${width} x ${channels}`;

/** Names that differ in case and spaces only are of one class. */
const plain = (name: string): string => name.trim().toLowerCase();

function wrongClasses(model: FitSide, dataset: FitSide): WeftError | null {
  if (model.classes.length !== dataset.classes.length) {
    return new WeftError(
      'model.wrong-classes',
      `"${model.name}" tells ${model.classes.length} classes apart, but ${dataset.name} has ${dataset.classes.length}.`,
      'Choose a dataset with the classes that the model was trained on, or train a model on this one.',
    );
  }
  const place = model.classes.findIndex((name, index) => plain(name) !== plain(dataset.classes[index] ?? ''));
  if (place < 0) return null;
  const sorted = (classes: readonly string[]): string => classes.map(plain).toSorted().join('\n');
  const isReordered = sorted(model.classes) === sorted(dataset.classes);
  return new WeftError(
    'model.wrong-classes',
    `Class ${place} of "${model.name}" is "${model.classes[place]}", but class ${place} of ${dataset.name} is "${dataset.classes[place]}".`,
    isReordered
      ? 'Both have the same classes in another order: bring those of the dataset into the order of the model.'
      : 'Choose a dataset with the classes that the model was trained on, or train a model on this one.',
  );
}

/** `model.wrong-shape` or `model.wrong-classes`, not thrown; null where the model takes the dataset's images. */
export function findMisfit(model: FitSide, dataset: FitSide): WeftError | null {
  if (sidesOf(model.shape) === sidesOf(dataset.shape)) return wrongClasses(model, dataset);
  return new WeftError(
    'model.wrong-shape',
    `"${model.name}" takes images of ${sidesOf(model.shape)}, but those of ${dataset.name} are ${sidesOf(dataset.shape)}.`,
    'Choose a dataset of the same shape.',
  );
}
