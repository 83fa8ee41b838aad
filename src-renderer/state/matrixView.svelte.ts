// How the confusion matrix is read; kept while other screens are visited.
import type { MatrixMeasure, MatrixView } from '../ui/matrix/matrixCells.ts';

class MatrixViewState implements MatrixView {
  measure = $state<MatrixMeasure>('counts');
  hidesDiagonal = $state(false);
}

export const matrixView = new MatrixViewState();
