// The moving line of a training run, of a download and of an import.
import type { DownloadProgress } from '../../../../src-shared/schemas/dataset.ts';
import type { ImportProgress } from '../../../../src-shared/schemas/datasetImport.ts';
import type { RunProgress } from '../../../../src-shared/schemas/run.ts';
import { formatBytes, formatCount, formatDuration } from './numbers.ts';

const barWidth = 24;

/** `[####----]`. */
export function bar(fraction: number): string {
  const filled = Math.round(Math.min(1, Math.max(0, fraction)) * barWidth);
  return `[${'#'.repeat(filled)}${'-'.repeat(barWidth - filled)}]`;
}

const left = (seconds: number | null): string =>
  seconds === null ? '' : `, ${formatDuration(seconds)} left`;

export function formatRunProgress(progress: RunProgress): string {
  const { epoch, epochs, batch, batches, stepProgress } = progress;
  const done = batches === 0 ? 0 : (epoch - 1 + (batch + stepProgress) / batches) / epochs;
  const speed = `${formatCount(Math.round(progress.imagesPerSecond))} images/s`;
  return `${bar(done)} epoch ${epoch}/${epochs}, batch ${batch}/${batches}, ${speed}${left(progress.secondsLeft)}`;
}

export function formatDownloadProgress(progress: DownloadProgress): string {
  const { receivedBytes, totalBytes, resumedBytes } = progress;
  const done = totalBytes === 0 ? 0 : receivedBytes / totalBytes;
  const speed = `${formatBytes(progress.bytesPerSecond)}/s`;
  const resumed = resumedBytes === 0 ? '' : ` (resumed at ${formatBytes(resumedBytes)})`;
  const amount = `${formatBytes(receivedBytes)} of ${formatBytes(totalBytes)}${resumed}`;
  return `${bar(done)} ${progress.fileName}, ${amount}, ${speed}${left(progress.secondsLeft)}`;
}

const stageVerbs: Record<ImportProgress['stage'], string> = {
  finding: 'looking for files',
  reading: 'reading',
  writing: 'writing',
};

export function formatImportProgress({
  stage,
  done,
  total,
  unit,
  perSecond,
  secondsLeft,
}: ImportProgress): string {
  const format = unit === 'bytes' ? formatBytes : formatCount;
  const suffix = unit === 'bytes' ? '' : ' files';
  const amount = total === null ? format(done) : `${format(done)} of ${format(total)}`;
  const speed = `${format(Math.round(perSecond))}${suffix}/s`;
  const begun = total === null || total === 0 ? '' : `${bar(done / total)} `;
  return `${begun}${stageVerbs[stage]}, ${amount}${suffix}, ${speed}${left(secondsLeft)}`;
}
