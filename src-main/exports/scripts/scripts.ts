// The Python scripts of a model: which modules they consist of, and what the model and its recipe put into each.
import type { ImageShape } from '../../../src-shared/schemas/dataset.ts';
import { encodeIdxImages, encodeIdxLabels } from '../../formats/idx.ts';
import { encodeNpz } from '../../formats/npz.ts';
import { placeLayers } from '../../engine/architecture.ts';
import { initialTensors } from '../../engine/initialTensors.ts';
import type { LabelledImages, NamedTensor } from '../../engine/types.ts';
import type { Model } from '../../runs/modelFile.ts';
import type { ArchiveFile, TrainedSplit, TrainingData } from '../exportFormat.ts';
import { findObstacles } from './obstacles.ts';
import { kerasNetwork, numpyNetwork, torchNetwork, type PythonNetwork } from './networkInPython.ts';
import { cutModule, type Choices } from './pythonModule.ts';
import { bracketed, literal, longText, wrap } from './pythonText.ts';
import { writeReadme } from './readme.ts';
import { augmentationConstants, completeChoices, featuresOf, recipeConstants } from './recipeFeatures.ts';
import { numpyOptimizer, scheduleInPython, torchOptimizer } from './recipeInPython.ts';
import type { Framework, ScriptSource } from './scriptSource.ts';
import { templates } from './templates.ts';

/** A module of the archive: its name is that of its file. */
interface ModulePlan {
  name: string;
  template: string;
  /** What it is asked for by no other module. */
  roots?: readonly string[];
  docstring?: string;
}

const toBytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Cuts modules one after the other, those first that import others; each keeps what the ones before import of it. */
function cutModules(plans: readonly ModulePlan[], choices: Choices): ArchiveFile[] {
  const ownModules = plans.map(({ name }) => name);
  const wanted = new Map(plans.map(({ name, roots }) => [name, new Set(roots)]));
  return plans.flatMap(({ name, template, roots, docstring }) => {
    const names = wanted.get(name) ?? new Set<string>();
    // Nothing is run by a module that only others use.
    if (roots === undefined && names.size === 0) return [];
    const { text, imports } = cutModule({ template, roots: names, ownModules, docstring, ...choices });
    for (const [module, imported] of imports) for (const one of imported) wanted.get(module)?.add(one);
    return [{ path: `${name}.py`, bytes: toBytes(text) }];
  });
}

/** A person's text inside of a docstring. */
const inDocstring = (text: string): string => text.replace(/[\\"]/g, '_').replace(/\s+/g, ' ');

const titles: Record<Framework, string> = { numpy: 'NumPy', pytorch: 'PyTorch', keras: 'Keras' };
const networkTemplates: Record<Framework, string> = {
  numpy: templates.numpyNetwork,
  pytorch: templates.torchNetwork,
  keras: templates.kerasNetwork,
};
const networkWriters: Record<Framework, (network: PythonNetwork) => string> = {
  numpy: numpyNetwork,
  pytorch: torchNetwork,
  keras: kerasNetwork,
};

/** Tensors as an archive of NumPy. */
const encodeTensors = (tensors: readonly NamedTensor[]): Uint8Array =>
  encodeNpz(tensors.map(({ name, shape, data }) => ({ name, dtype: 'float32', shape, data })));

function encodeSplit({ trainIndices, validationIndices }: TrainedSplit): Uint8Array {
  return encodeNpz(
    [
      { name: 'train_indices', dtype: 'uint32', shape: [trainIndices.length], data: trainIndices },
      {
        name: 'validation_indices',
        dtype: 'uint32',
        shape: [validationIndices.length],
        data: validationIndices,
      },
    ],
    true,
  );
}

/** The four IDX files of the images, for a set that can't be had elsewhere. */
function encodeImages({ train, test }: TrainingData, shape: ImageShape): ArchiveFile[] {
  const images = ({ pixels, labels }: LabelledImages): Uint8Array =>
    encodeIdxImages({ count: labels.length, ...shape, pixels });
  return [
    { path: 'data/train-images-idx3-ubyte', bytes: images(train) },
    { path: 'data/train-labels-idx1-ubyte', bytes: encodeIdxLabels(train.labels) },
    { path: 'data/t10k-images-idx3-ubyte', bytes: images(test) },
    { path: 'data/t10k-labels-idx1-ubyte', bytes: encodeIdxLabels(test.labels) },
  ];
}

const predictModule: ModulePlan = { name: 'predict', template: templates.predict, roots: [] };
const imagesModule: ModulePlan = { name: 'images', template: templates.images };
const randomModule: ModulePlan = { name: 'weft_random', template: templates.weftRandom };

/** The network, and what it is made of. */
function networkModules(framework: Framework, { name }: Model): ModulePlan[] {
  const template = networkTemplates[framework];
  const [, own = ''] = /^"""([\s\S]*?)"""/.exec(template) ?? [];
  // Three quotes stand before it.
  const title = wrap(`The network "${inDocstring(name)}" in ${titles[framework]}.`, 3);
  const network = { name: 'network', template, docstring: `${title}\n\n${own.trimEnd()}\n` };
  if (framework !== 'numpy') return [network];
  return [
    network,
    { name: 'windows', template: templates.numpyWindows },
    { name: 'activations', template: templates.numpyActivations },
  ];
}

/** The modules that train, and those that predict, in the order in which they import each other. */
function trainingModules(framework: 'numpy' | 'pytorch', model: Model): ModulePlan[] {
  const learning = framework === 'numpy' ? templates.numpyLearning : templates.torchLearning;
  return [
    predictModule,
    { name: 'train', template: templates.train, roots: [] },
    { name: 'learning', template: learning },
    { name: 'recipe', template: templates.recipe },
    { name: 'augmentation', template: templates.augmentation },
    { name: 'data', template: templates.data },
    ...networkModules(framework, model),
    imagesModule,
    randomModule,
  ];
}

function dataConstants({ model, data }: ScriptSource): string {
  const { name = '', sources = [] } = data ?? {};
  return [
    `DATASET = ${literal(name)}`,
    '# Made of the SHA-256 of the four files, as Weft does.',
    `FINGERPRINT = (\n    ${literal(model.dataset.fingerprint)}\n)`,
    bracketed('SOURCES = ', sources.map(literal), '', 0, '[]'),
    '',
  ].join('\n');
}

/** What the recipe makes of the templates. */
function choicesOf(framework: Framework, source: ScriptSource): Choices {
  const { model, data } = source;
  const { architecture, classes, recipe } = model;
  const { height, width, channels } = architecture.shape;
  const network: PythonNetwork = {
    placed: placeLayers(architecture),
    shape: [height, width, channels],
    classes,
  };
  const sections: Record<string, string> = { network: networkWriters[framework](network) };
  if (data === null) return { features: new Set(), sections };
  const { learningRateChanges = [] } = model;
  const imageCount = data.split.trainIndices.length;
  const trained = { recipe, architecture, imageCount, learningRateChanges };
  const { optimizer, schedule } = completeChoices(recipe);
  return {
    features: featuresOf(trained),
    sections: {
      ...sections,
      data: dataConstants(source),
      constants: recipeConstants(trained),
      changes: augmentationConstants(recipe.augmentation),
      'learning rate': scheduleInPython(schedule, learningRateChanges.length > 0),
      optimizer: framework === 'pytorch' ? torchOptimizer(optimizer) : numpyOptimizer(optimizer),
    },
  };
}

/** The file that says why the training can't be repeated. */
function refusal(obstacles: readonly string[]): ArchiveFile {
  const { text } = cutModule({
    template: templates.noTraining,
    roots: [],
    ownModules: [],
    features: new Set(),
    sections: { reasons: `REASONS = (\n${obstacles.map((reason) => `${longText(reason, 4)},\n`).join('')})` },
  });
  return { path: 'train.py', bytes: toBytes(text) };
}

/**
 * The scripts of a model and what they need beside the model's weights: `weights.npz` is for the caller to add. Throws
 * `export.no-python` where the catalogue has something that Python was not written for.
 */
export function writeScripts(framework: Framework, source: ScriptSource): ArchiveFile[] {
  const { model, data } = source;
  const { architecture, recipe } = model;
  const choices = choicesOf(framework, source);
  const obstacles = framework === 'keras' ? [] : findObstacles(framework, source);
  const readme = (): ArchiveFile => ({
    path: 'README.txt',
    bytes: toBytes(writeReadme(framework, titles[framework], source, obstacles)),
  });
  if (framework === 'keras' || data === null || obstacles.length > 0) {
    const modules = [predictModule, ...networkModules(framework, model), imagesModule, randomModule];
    return [
      readme(),
      ...cutModules(modules, choices),
      ...(framework === 'keras' ? [] : [refusal(obstacles)]),
    ];
  }
  return [
    readme(),
    ...cutModules(trainingModules(framework, model), choices),
    { path: 'initial.npz', bytes: encodeTensors(initialTensors(architecture, recipe)) },
    { path: 'split.npz', bytes: encodeSplit(data.split) },
    ...(data.sources.length === 0 ? encodeImages(data, architecture.shape) : []),
  ];
}
