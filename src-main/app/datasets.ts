import { WeftError } from '../../src-shared/failure.ts';
import type { CommandArguments, CommandOutput, Handlers } from '../../src-shared/contract.ts';
import { augmentCopies } from '../engine/augmentedCopies.ts';
import { removeSet } from '../datasets/importing/keepSet.ts';
import { writeImportedRecord } from '../datasets/importedRecord.ts';
import { datasetFolder } from '../files/dataDirectory.ts';
import type { Core } from './core.ts';

type DatasetCommand =
  | 'dataset.list'
  | 'dataset.describe'
  | 'dataset.images'
  | 'dataset.augment'
  | 'dataset.download'
  | 'dataset.cancelDownload'
  | 'dataset.info'
  | 'dataset.verify'
  | 'dataset.change'
  | 'dataset.remove';

const progressIntervalMs = 100;

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
  const {
    datasets,
    corrections,
    runs,
    supervisor,
    emit,
    options: { dataDirectory },
  } = core;
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
    'dataset.cancelDownload': async ({ datasetId }) => {
      await datasets.cancelDownload(datasetId);
      return {};
    },
    'dataset.info': ({ datasetId }) => datasets.info(datasetId),
    'dataset.verify': ({ datasetId }) => {
      let saidAt = -Infinity;
      return datasets.verify(datasetId, (doneBytes, totalBytes) => {
        const now = performance.now();
        if (now - saidAt < progressIntervalMs) return;
        saidAt = now;
        emit('dataset.verifying', { datasetId, doneBytes, totalBytes });
      });
    },
    'dataset.change': async ({ datasetId, name, licence }) => {
      const record = await datasets.importedRecord(datasetId);
      const changed = { ...record, name: name ?? record.name, licence: licence ?? record.licence };
      await writeImportedRecord(datasetFolder(dataDirectory, datasetId), changed);
      const summary = await datasets.summary(datasetId);
      emit('dataset.changed', summary);
      return summary;
    },
    'dataset.remove': async ({ datasetId }) => {
      const { name } = await datasets.importedRecord(datasetId);
      const current = supervisor.current();
      if (current !== null && (await runs.record(current.runId)).datasetId === datasetId) {
        throw new WeftError(
          'dataset.in-use',
          `${name} is being trained on.`,
          'Stop the run first, or wait until it has finished.',
        );
      }
      await removeSet(dataDirectory, datasetId);
      await corrections.remove(datasetId);
      core.duplicates.forget(datasetId);
      emit('dataset.removed', { datasetId });
      return {};
    },
  };
}
