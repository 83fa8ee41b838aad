// Finds the data set that was asked for, and says how to get it where it isn't there.
import { WeftError } from '../../../src-shared/failure.ts';
import type { Client } from '../../../src-shared/protocol.ts';
import type { DatasetSummary } from '../../../src-shared/schemas/dataset.ts';
import { didYouMean } from './suggestion.ts';
import { UsageError } from './usageError.ts';

/** Throws a UsageError when there is no such data set. */
export async function chooseDataset(client: Client, datasetId: string): Promise<DatasetSummary> {
  const list = await client.call('dataset.list', {});
  const dataset = list.find((one) => one.id === datasetId);
  if (dataset !== undefined) return dataset;
  const known = list.map((one) => one.id);
  throw new UsageError(
    `There is no data set "${datasetId}".${didYouMean(datasetId, known)} Known are ${known.join(', ')}.`,
  );
}

/** The same, of sets whose images are at hand. Throws `dataset.absent` for one that must be downloaded first. */
export async function chooseReadyDataset(client: Client, datasetId: string): Promise<DatasetSummary> {
  const dataset = await chooseDataset(client, datasetId);
  if (dataset.state === 'ready' || dataset.state === 'built-in') return dataset;
  throw new WeftError(
    'dataset.absent',
    `${dataset.name} is not on this machine.`,
    `Get it with "weft datasets download ${dataset.id}", or use a set that needs no network: --dataset strokes.`,
  );
}
