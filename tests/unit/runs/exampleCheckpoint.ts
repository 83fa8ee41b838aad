import type { Checkpoint } from '../../../src-main/runs/checkpoint.ts';
import type { NamedTensor } from '../../../src-main/engine/types.ts';
import { presets } from '../../../src-shared/presets.ts';
import { Random } from '../../../src-shared/random.ts';
import type { EpochRecord } from '../../../src-shared/schemas/run.ts';

const record: EpochRecord = {
  epoch: 1,
  trainLoss: 1 / 3,
  trainAccuracy: 0.1,
  validationLoss: 0.7,
  validationAccuracy: 2 / 3,
  learningRate: 0.001,
  seconds: 0.123456789,
  imagesPerSecond: 12_345.678,
};

/** A checkpoint with everything in it, after so many steps. */
export function exampleCheckpoint(step: number): Checkpoint {
  const random = Random.fromSeed(step, 'numbers');
  const tensors = (): NamedTensor[] => [
    {
      name: 'layers.0.weight',
      shape: [3, 5],
      data: Float32Array.from({ length: 15 }, () => random.normal()),
    },
    { name: 'layers.0.bias', shape: [3], data: Float32Array.from({ length: 3 }, () => random.normal()) },
  ];
  return {
    runId: 'run',
    weftVersion: '0.1.0',
    kernels: 'reference',
    datasetFingerprint: 'f00d',
    recipe: presets[0]!.recipe,
    trainer: {
      position: {
        step,
        epoch: 0,
        batch: step,
        baseLearningRate: 0.1 + 0.2,
        schedule: { bestLoss: Number.MAX_VALUE, badEpochs: 1, drops: 2 },
        random: {
          shuffle: Random.fromSeed(1, 'shuffle').state,
          dropout: Random.fromSeed(1, 'dropout').state,
          mixup: Random.fromSeed(1, 'mixup').state,
        },
      },
      tensors: tensors(),
      slots: [
        { name: 'mean', tensors: tensors() },
        { name: 'meanSquare', tensors: tensors() },
      ],
      averages: tensors(),
    },
    meter: {
      lossSum: 1.1,
      rightSum: 2.2,
      images: 3,
      stepsDone: step,
      epochMs: 4.4,
      trainingMs: 5.5,
      totalMs: 6.6,
    },
    lastEpoch: record,
    watch: { best: record, epochsWithoutImprovement: 2 },
    bestTensors: tensors(),
    best: { step: Math.min(step, 7), validationLoss: 0.7 },
    historyBytes: 0,
    predictionsBytes: 0,
  };
}
