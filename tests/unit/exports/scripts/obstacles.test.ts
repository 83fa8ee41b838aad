import { describe, expect, it } from 'vitest';
import { writeScripts } from '../../../../src-main/exports/scripts/scripts.ts';
import type { Framework, ScriptSource } from '../../../../src-main/exports/scripts/scriptSource.ts';
import { indicesUpTo, smallClassCount, smallShape, bandedImages } from '../../engine/samples.ts';
import { exampleModel } from '../../runs/exampleModel.ts';
import { baseRecipe } from '../../../python/scriptCases.ts';

const layers = [{ type: 'dense', units: 4, activation: 'linear' }, { type: 'batch-norm' }];

/** A model with the data of its training, of which 31 images are trained on: the last batch of 30 has one. */
function source(): ScriptSource {
  const images = bandedImages(40, 1);
  const architecture = { shape: smallShape, classCount: smallClassCount, layers };
  return {
    model: { ...exampleModel(), architecture, recipe: { ...baseRecipe, layers, batchSize: 30 } },
    data: {
      split: {
        trainIndices: indicesUpTo(31),
        validationSplit: 'train',
        validationIndices: Uint32Array.of(31, 32),
      },
      ...{ name: 'Bands', sources: [], train: images, test: images },
    },
  };
}

/** What train.py and README.txt say of the training, their line breaks and quotes left out. */
function textsOf(framework: Framework, given: ScriptSource): { train: string; readme: string } {
  const files = writeScripts(framework, given);
  const textOf = (path: string): string =>
    new TextDecoder().decode(files.find((file) => file.path === path)?.bytes).replace(/["\s]+/g, ' ');
  return { train: textOf('train.py'), readme: textOf('README.txt') };
}

describe('a training that scripts can not repeat exactly is refused, in train.py and in README.txt,', () => {
  const { model, data } = source();
  it.each<[string, Framework, ScriptSource, string]>([
    ['without its images', 'numpy', { model, data: null }, 'Weft did not have the images'],
    [
      'of a network made elsewhere',
      'numpy',
      { model: { ...model, dataset: { id: 'bands', fingerprint: '' } }, data },
      'The network was made elsewhere',
    ],
    [
      'with corrections',
      'numpy',
      { model: { ...model, corrections: [{ index: 3, label: 1 }] }, data },
      'The network was trained with corrections',
    ],
    [
      'of another recipe',
      'numpy',
      { model: { ...model, recipe: { ...model.recipe, layers: [] } }, data },
      'not trained by the recipe that came with it',
    ],
    [
      'that normalizes a single image',
      'pytorch',
      { model, data },
      "PyTorch can't normalize the last batch of an epoch",
    ],
  ])('%s', (_name, framework, given, reason) => {
    const { train, readme } = textsOf(framework, given);
    expect(train).toContain(reason);
    expect(train).not.toContain('def train(');
    expect(readme).toContain(reason);
  });

  it('and only there: NumPy normalizes a single image as Weft does', () => {
    expect(textsOf('numpy', { model, data }).train).toContain('def train(');
  });
});
