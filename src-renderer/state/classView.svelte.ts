// How each class fared through the training of the run that is looked at, and which classes are drawn; kept while other
// screens are visited.
import { classCurves, type ClassCurves, type ClassMeasure } from '../../src-shared/metrics/classCurves.ts';
import { evaluation } from './evaluation.svelte.ts';

class ClassView {
  measure = $state<ClassMeasure>('recall');
  /** The classes that a person chose, by their places among the colours; null draws the hardest ones. */
  chosen = $state.raw<readonly (number | null)[] | null>(null);

  /** Null where no run's past is looked at. */
  readonly curves: ClassCurves | null = $derived.by(() => {
    const { past } = evaluation;
    return past === null ? null : classCurves(past.predicted, past.labels, past.classCount);
  });
}

export const classView = new ClassView();
