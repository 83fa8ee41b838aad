// What a project file says that it holds, checked before anything of it is unpacked to the disk.
import type { FileHandle } from 'node:fs/promises';
import { readPart, readParts } from '../files/fileChunks.ts';
import {
  checkZipLayout,
  findZipDirectory,
  readZipDirectory,
  zipDataOffset,
  zipEndBytes,
  zipLocalHeaderBytes,
  type ZipEntry,
} from '../formats/zipDirectory.ts';
import { unpackStream } from './projectArchive.ts';
import {
  decodeManifest,
  manifestLimitBytes,
  manifestName,
  projectFileOf,
  refuseProject,
  type ProjectManifest,
} from './projectFormat.ts';

/** Names and sizes of some hundred files take a few kilobytes. */
const directoryLimitBytes = 1024 * 1024;

/** A project whose directory was read; its files are read as they are asked for. */
export interface ProjectArchive {
  handle: FileHandle;
  fileName: string;
  entries: Map<string, { entry: ZipEntry; dataOffset: number }>;
}

async function readArchive(handle: FileHandle, fileName: string): Promise<ProjectArchive> {
  const { size } = await handle.stat();
  const tailBytes = Math.min(size, zipEndBytes);
  const place = findZipDirectory(await readPart(handle, size - tailBytes, tailBytes), size, fileName);
  if (place.sizeBytes > directoryLimitBytes) {
    throw refuseProject('wrong-manifest', fileName, `its directory takes ${place.sizeBytes} bytes`);
  }
  const directory = await readPart(handle, place.offset, place.sizeBytes);
  const entries = readZipDirectory(directory, place.entryCount, fileName);
  const dataOffsets: number[] = [];
  for (const entry of entries) {
    const header = await readPart(handle, entry.headerOffset, zipLocalHeaderBytes);
    dataOffsets.push(zipDataOffset(header, entry, fileName));
  }
  checkZipLayout(entries, dataOffsets, place.offset, fileName);
  const byName = entries.map((entry, index): [string, { entry: ZipEntry; dataOffset: number }] => [
    entry.name,
    { entry, dataOffset: dataOffsets[index]! },
  ]);
  return { handle, fileName, entries: new Map(byName) };
}

/** The unpacked bytes of a file. Throws `project.missing-file` and the errors of `unpackStream`. */
export function contentOf(
  { handle, fileName, entries }: ProjectArchive,
  name: string,
): AsyncGenerator<Uint8Array, void> {
  const found = entries.get(name);
  if (found === undefined) throw refuseProject('missing-file', fileName, `it has no "${name}"`);
  const { entry, dataOffset } = found;
  return unpackStream(readParts(handle, dataOffset, entry.packedBytes), entry, fileName);
}

async function readManifest(archive: ProjectArchive): Promise<ProjectManifest> {
  const { entries, fileName } = archive;
  const size = entries.get(manifestName)?.entry.sizeBytes;
  if (size === undefined) {
    throw refuseProject(
      'not-a-project',
      fileName,
      `it is a zip archive without a ${manifestName}`,
      'Choose a file that Weft exported from a run.',
    );
  }
  if (size > manifestLimitBytes) {
    throw refuseProject('wrong-manifest', fileName, `its ${manifestName} takes ${size} bytes`);
  }
  const pieces: Uint8Array[] = [];
  for await (const piece of contentOf(archive, manifestName)) pieces.push(piece);
  return decodeManifest(Buffer.concat(pieces), fileName);
}

/** The archive must hold what the manifest lists, no more and no less, and nothing that no run has. */
function checkManifest({ files }: ProjectManifest, { entries, fileName }: ProjectArchive): void {
  const listed = new Set(files.map(({ name }) => name));
  if (listed.size !== files.length) throw refuseProject('wrong-manifest', fileName, 'it lists a file twice');
  for (const name of entries.keys()) {
    if (name !== manifestName && !listed.has(name)) {
      throw refuseProject(
        'unknown-file',
        fileName,
        `it holds ${JSON.stringify(name)}, which it doesn't list`,
      );
    }
  }
  for (const { name, sizeBytes } of files) {
    const kind = projectFileOf(name);
    if (kind === undefined) {
      throw refuseProject('unknown-file', fileName, `no run has a file ${JSON.stringify(name)}`);
    }
    if (sizeBytes > kind.limitBytes) {
      throw refuseProject(
        'too-large',
        fileName,
        `its "${name}" takes ${sizeBytes} bytes, at most ${kind.limitBytes} are allowed`,
      );
    }
    const found = entries.get(name)?.entry.sizeBytes;
    if (found === undefined) throw refuseProject('missing-file', fileName, `it has no "${name}"`);
    if (found !== sizeBytes) {
      throw refuseProject(
        'wrong-size',
        fileName,
        `its "${name}" has ${found} bytes, but should have ${sizeBytes}`,
      );
    }
  }
}

/**
 * The project in an open file and the list of what it holds, which agree with each other. Throws `project.…` and `zip.…`
 * errors.
 */
export async function openArchive(
  handle: FileHandle,
  fileName: string,
): Promise<{ archive: ProjectArchive; manifest: ProjectManifest }> {
  const archive = await readArchive(handle, fileName);
  const manifest = await readManifest(archive);
  checkManifest(manifest, archive);
  return { archive, manifest };
}
