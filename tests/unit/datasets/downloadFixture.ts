// One file on the mirrors of a test, and a place for what arrives of it.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import {
  fetchFromMirrors,
  type MirrorAnswer,
  type MirrorRequest,
} from '../../../src-main/datasets/download.ts';
import { environmentFetch } from '../../../src-main/datasets/fetch.ts';
import { PartFile } from '../../../src-main/datasets/partFile.ts';
import { gunzip } from '../../../src-main/formats/gunzip.ts';

export const content = Uint8Array.from({ length: 5000 }, (_, index) => index * 7 + (index >> 8));
export const packed = gzipSync(content);

export interface DownloadPlace {
  part: PartFile;
  /** What the mirror gave, unpacked; where on the file each mirror began. */
  fetchFile(
    mirrors: readonly string[],
    changes?: Partial<MirrorRequest<Uint8Array>>,
  ): Promise<MirrorAnswer<Uint8Array> & { begun: number[] }>;
  remove(): Promise<void>;
}

export async function makeDownloadPlace(): Promise<DownloadPlace> {
  const folder = await mkdtemp(join(tmpdir(), 'weft-download-'));
  const part = new PartFile(join(folder, 'parts', 'file.gz.part'));
  return {
    part,
    async fetchFile(mirrors, changes = {}) {
      const begun: number[] = [];
      const answer = await fetchFromMirrors({
        fileName: 'file.gz',
        mirrors,
        part,
        fetch: environmentFetch,
        idleTimeoutMs: 10_000,
        maximumBytes: 20_000,
        signal: new AbortController().signal,
        onBegun: (_mirror, atBytes) => begun.push(atBytes),
        onReceived: () => undefined,
        accept: async () => gunzip(await readFile(part.path), 'file.gz', content.length),
        ...changes,
      });
      return { ...answer, begun };
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
