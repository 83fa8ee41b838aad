// Writes a run's folder as a project file.
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { WeftError } from '../../src-shared/failure.ts';
import { isActiveState } from '../../src-shared/schemas/run.ts';
import { readFileChunks } from '../files/fileChunks.ts';
import { listFiles } from '../files/folderContents.ts';
import { packStream, type StreamedFile } from './projectArchive.ts';
import {
  encodeManifest,
  manifestName,
  projectFileOf,
  projectVersion,
  type ProjectManifest,
} from './projectFormat.ts';
import type { RunRecord } from './runRecord.ts';

export interface ProjectExport {
  /** Of all files before they are packed: the project is about as large, or smaller. */
  sizeBytes: number;
  chunks: AsyncGenerator<Uint8Array, void>;
}

function* filesOf(
  folder: string,
  names: readonly { name: string; isDeflated: boolean }[],
  weftVersion: string,
): Generator<StreamedFile, void> {
  const files: ProjectManifest['files'] = [];
  for (const { name, isDeflated } of names) {
    const hash = createHash('sha256');
    let sizeBytes = 0;
    const chunks = async function* (): AsyncGenerator<Uint8Array, void> {
      for await (const chunk of readFileChunks(join(folder, name))) {
        hash.update(chunk);
        sizeBytes += chunk.byteLength;
        yield chunk;
      }
    };
    yield { name, isDeflated, chunks: chunks() };
    files.push({ name, sizeBytes, sha256: hash.digest('hex') });
  }
  const manifest = encodeManifest({
    format: 'weft-project',
    version: projectVersion,
    weftVersion,
    createdAt: new Date().toISOString(),
    files,
  });
  yield { name: manifestName, isDeflated: true, chunks: [manifest] };
}

/**
 * The run's folder as the bytes of a project, read as they are asked for. Throws `run.active` for a run under way, whose
 * files change meanwhile, and `files.…` errors.
 */
export async function exportProject(
  { name, state }: RunRecord,
  folder: string,
  weftVersion: string,
): Promise<ProjectExport> {
  if (isActiveState(state)) {
    throw new WeftError(
      'run.active',
      `Run "${name}" is being trained, so its files change all the time.`,
      'Stop it, or wait until it has finished.',
    );
  }
  const files = (await listFiles(folder)).flatMap(({ name: fileName, sizeBytes }) => {
    const kind = projectFileOf(fileName);
    return kind === undefined ? [] : [{ name: fileName, sizeBytes, isDeflated: kind.isDeflated }];
  });
  const sizeBytes = files.reduce((sum, file) => sum + file.sizeBytes, 0);
  return { sizeBytes, chunks: packStream(filesOf(folder, files, weftVersion)) };
}
