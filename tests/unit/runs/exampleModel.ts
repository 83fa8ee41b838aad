// A small model with everything that a model file holds, for the tests.
import { presets } from '../../../src-shared/presets.ts';
import { Random } from '../../../src-shared/random.ts';
import { describeTensors } from '../../../src-main/engine/tensors.ts';
import type { Architecture } from '../../../src-main/engine/types.ts';
import type { Model } from '../../../src-main/runs/modelFile.ts';
import { pixelScale } from '../../../src-main/runs/modelMetadata.ts';

const shape = { height: 4, width: 3, channels: 1 };
const classes = ['cat', 'dog', 'Straße'];
const layers = [{ type: 'dense', units: 5, activation: 'tanh' }];
const architecture: Architecture = { shape, classCount: classes.length, layers };

export function exampleModel(): Model {
  const random = Random.fromSeed(7, 'example-model');
  return {
    name: 'Example',
    createdAt: '2026-03-01T10:00:00.000Z',
    weftVersion: '0.1.0',
    architecture: { shape, classCount: classes.length, layers },
    preprocessing: { scale: pixelScale },
    classes,
    recipe: { ...presets[0]!.recipe, layers },
    dataset: { id: 'strokes', fingerprint: 'ab12' },
    results: {
      epoch: 3,
      trainLoss: 0.5,
      trainAccuracy: 0.75,
      validationLoss: 0.625,
      validationAccuracy: 0.7,
      test: null,
    },
    tensors: describeTensors(architecture).map(({ name, shape: tensorShape }) => {
      const length = tensorShape.reduce((product, size) => product * size, 1);
      return {
        name,
        shape: tensorShape,
        data: Float32Array.from({ length }, () => random.normal()),
      };
    }),
  };
}
