import { WeftError } from '../../src-shared/failure.ts';
import type { CommandArguments, CommandOutput, Handlers } from '../../src-shared/contract.ts';
import { augmentCopies } from '../engine/augmentedCopies.ts';
import type { Core } from './core.ts';

type DatasetCommand =
  | 'dataset.list'
  | 'dataset.describe'
  | 'dataset.images'
  | 'dataset.augment'
  | 'dataset.download'
  | 'dataset.cancelDownload';

async function readImages(
  { datasets }: Core,
  { datasetId, split, indices }: CommandArguments<'dataset.images'>,
): Promise<CommandOutput<'dataset.images'>> {
  const { name, shape, [split]: images } = await datasets.load(datasetId);
  const imageBytes = shape.height * shape.width * shape.channels;
  const count = images.labels.length;
  const outside = indices.find((index) => index >= count);
  if (outside !== undefined) {
    throw new WeftError(
      'dataset.no-such-image',
      `${name} has no ${split} image ${outside}; they are numbered 0 to ${count - 1}.`,
    );
  }
  const pixels = new Uint8Array(indices.length * imageBytes);
  indices.forEach((index, place) => {
    pixels.set(images.pixels.subarray(index * imageBytes, (index + 1) * imageBytes), place * imageBytes);
  });
  return { shape, pixels };
}

export function datasetHandlers(core: Core): Pick<Handlers, DatasetCommand> {
  const { datasets } = core;
  return {
    'dataset.list': () => datasets.list(),
    'dataset.describe': ({ datasetId }) => datasets.describe(datasetId),
    'dataset.images': (input) => readImages(core, input),
    'dataset.augment': async ({ datasetId, index, ...options }) => {
      const { shape, pixels: image } = await readImages(core, {
        datasetId,
        split: 'train',
        indices: [index],
      });
      return { shape, pixels: augmentCopies({ ...options, image, shape }) };
    },
    'dataset.download': ({ datasetId }) => datasets.download(datasetId),
    'dataset.cancelDownload': ({ datasetId }) => {
      datasets.cancelDownload(datasetId);
      return {};
    },
  };
}
