import type { EvaluationSplit } from '../../state/evaluationSubject.ts';

const splitNames: Readonly<Record<EvaluationSplit, string>> = {
  validation: 'validation images',
  test: 'test images',
  train: 'training images',
};

/** `keras-split on the validation images of Fashion-MNIST` */
export function describeEvaluation(modelName: string, datasetName: string, split: EvaluationSplit): string {
  return `${modelName} on the ${splitNames[split]} of ${datasetName}`;
}
