// Downloads the four files of a set, one after the other, into the set's folder. What has arrived of them lies in
// `download/` within it until the set is whole.
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { WeftError } from '../../src-shared/failure.ts';
import type { DownloadProgress } from '../../src-shared/schemas/dataset.ts';
import type { Owner } from '../../src-shared/schemas/directory.ts';
import { freeBytesOn } from '../files/diskSpace.ts';
import { takeOwnership, type Ownership } from '../files/ownership.ts';
import type { FileRecord, FilesRecord, SetFiles } from './catalogue.ts';
import { fetchFromMirrors } from './download.ts';
import { DownloadMeter } from './downloadMeter.ts';
import type { Fetch } from './fetch.ts';
import { setParts } from './idxSet.ts';
import { PartFile } from './partFile.ts';
import { unpackDownload } from './unpackDownload.ts';
import { finishVerifiedSet, isFileKept } from './verifiedFolder.ts';

export interface SetDownload {
  record: FilesRecord;
  /** To recognise a file that belongs to another set. */
  known: readonly FilesRecord[];
  /** The set's folder. */
  folder: string;
  fetch: Fetch;
  idleTimeoutMs: number;
  signal: AbortSignal;
  onProgress: (progress: DownloadProgress) => void;
  /** Bytes free on the disk of a folder; undefined where that isn't known. */
  freeBytesOn?: ((folder: string) => Promise<number | undefined>) | undefined;
}

/** A packed file can be this much larger than what is in it, when it can't be compressed at all. */
const packingOverhead = { factor: 1.01, bytes: 1024 };
/** For the states of the parts, and for others who write on the same disk. */
const spareBytes = 1024 * 1024;
/** How often it is looked whether another process has ended its download of the same set. */
const lookEveryMs = 300;

const packedName = (file: FileRecord): string => `${file.name}.gz`;
const partsFolder = (folder: string): string => join(folder, 'download');
const partOf = (folder: string, file: FileRecord): PartFile =>
  new PartFile(join(partsFolder(folder), `${packedName(file)}.part`));

export const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

/** Of all packed files together, as far as it can be known before the servers have said. */
export const downloadBytes = ({ files }: FilesRecord): number =>
  setParts.reduce((total, part) => total + files[part].packedBytes, 0);

/**
 * Waits until no other Weft downloads into the folder. Throws the signal's reason when it was aborted, and `files.…`.
 */
export async function lockDownload(
  folder: string,
  host: Owner['host'],
  signal: AbortSignal,
): Promise<Ownership> {
  for (;;) {
    const found = await takeOwnership(partsFolder(folder), { host, address: null });
    if ('ownership' in found) return found.ownership;
    await delay(lookEveryMs, undefined, { signal });
    signal.throwIfAborted();
  }
}

/** Throws `download.no-space`, with what is needed and what there is. */
async function checkSpace(download: SetDownload, missing: readonly FileRecord[]): Promise<void> {
  const { record, folder } = download;
  const free = await (download.freeBytesOn ?? freeBytesOn)(folder);
  if (free === undefined) return;
  let needed = spareBytes;
  for (const file of missing) {
    const kept = (await partOf(folder, file).kept())?.receivedBytes ?? 0;
    needed += file.sizeBytes + Math.max(0, file.packedBytes - kept);
  }
  if (free >= needed) return;
  throw new WeftError(
    'download.no-space',
    `${record.name} needs ${megabytes(needed)} on the disk of "${folder}", where ${megabytes(free)} are free.`,
    'Free some space and try again.',
  );
}

/**
 * Downloads what is missing of the set and marks it as whole. To be called under `lockDownload`. Throws
 * `download.no-space`, `download.failed` with what each mirror said, `files.…`, and the signal's reason when it was
 * aborted; what has arrived is then kept for the next call.
 */
export async function downloadSet(download: SetDownload): Promise<void> {
  const { record, known, folder, fetch, idleTimeoutMs, signal, onProgress } = download;
  const { files } = record;
  const meter = new DownloadMeter(
    record.id,
    new Map(setParts.map((part) => [packedName(files[part]), files[part].packedBytes])),
  );
  const missing: (keyof SetFiles)[] = [];
  for (const part of setParts) {
    if (await isFileKept(folder, part, record)) meter.have(packedName(files[part]));
    else missing.push(part);
  }
  await checkSpace(
    download,
    missing.map((part) => files[part]),
  );
  const hashes = { trainImages: '', trainLabels: '', testImages: '', testLabels: '' };
  let mirrors = [...record.mirrors];
  for (const part of setParts) {
    const file = files[part];
    const fileName = packedName(file);
    if (!missing.includes(part)) {
      hashes[part] = file.sha256 ?? '';
      continue;
    }
    const partFile = partOf(folder, file);
    const { accepted, mirror } = await fetchFromMirrors({
      ...{ fileName, mirrors, fetch, idleTimeoutMs, signal, part: partFile },
      maximumBytes: Math.ceil(file.sizeBytes * packingOverhead.factor) + packingOverhead.bytes,
      onBegun: (from, atBytes, totalBytes) => onProgress(meter.begin(fileName, from, atBytes, totalBytes)),
      onReceived: (from, receivedBytes) => {
        const progress = meter.receive(fileName, from, receivedBytes);
        if (progress !== undefined) onProgress(progress);
      },
      accept: () => unpackDownload(partFile.path, folder, { record, part, path: fileName, known }),
    });
    hashes[part] = accepted;
    // Where only the packed file has a known hash it stays until the set is whole: the other can't be checked again.
    if (file.sha256 !== null) await partFile.discard();
    // The mirror that worked is asked first for the next file.
    mirrors = [mirror, ...mirrors.filter((other) => other !== mirror)];
    meter.finish(fileName);
  }
  await finishVerifiedSet(folder, record, {
    origin: `Downloaded from ${new URL(mirrors[0] ?? '').host}`,
    hashes,
  });
  for (const part of setParts) await partOf(folder, files[part]).discard();
}
