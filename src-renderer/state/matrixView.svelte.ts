// How the confusion matrix is read; kept while other screens are visited.
import type { MatrixMeasure, MatrixView } from '../ui/matrix/matrixCells.ts';

class MatrixViewState implements MatrixView {
  measure = $state<MatrixMeasure>('counts');
  hidesDiagonal = $state(false);
  /** Whether classes that are mixed up stand together; else they stand as in the dataset. */
  sortsBySimilarity = $state(false);
}

export const matrixView = new MatrixViewState();
