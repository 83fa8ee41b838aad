import { rm } from 'node:fs/promises';
import { projectPartBytes, type Handlers } from '../../src-shared/contract.ts';
import { runFolder, runsFolder } from '../files/dataDirectory.ts';
import { makeImportFolder } from '../files/importFolder.ts';
import { exportProject } from '../runs/exportProject.ts';
import { toIdentifier } from '../runs/identifier.ts';
import { importProject } from '../runs/importProject.ts';
import { projectExtension } from '../runs/projectFormat.ts';
import type { Core } from './core.ts';

type ProjectCommand =
  | 'project.export'
  | 'project.read'
  | 'project.begin'
  | 'project.append'
  | 'project.import'
  | 'project.cancel';

export function projectHandlers({
  runs,
  transfers,
  emit,
  options: { dataDirectory, version },
}: Core): Pick<Handlers, ProjectCommand> {
  return {
    'project.export': async ({ runId }) => {
      const record = await runs.record(runId);
      const { chunks, sizeBytes } = await exportProject(record, runFolder(dataDirectory, runId), version);
      const fileName = `${toIdentifier(record.name, 'run')}${projectExtension}`;
      return { transferId: transfers.startOutgoing(chunks), fileName, sizeBytes };
    },
    'project.read': ({ transferId }) => transfers.read(transferId, projectPartBytes),
    'project.begin': async ({ fileName, sizeBytes }) => {
      const folder = await makeImportFolder(runsFolder(dataDirectory));
      try {
        return { transferId: await transfers.startIncoming(fileName, sizeBytes, folder) };
      } catch (error) {
        await rm(folder, { recursive: true, force: true });
        throw error;
      }
    },
    'project.append': async ({ transferId, bytes }) => {
      await transfers.append(transferId, bytes);
      return {};
    },
    'project.import': ({ transferId }) =>
      transfers.receive(transferId, async ({ fileName, folder, path }) => {
        const runId = await importProject(path, fileName, folder, dataDirectory);
        const run = await runs.summary(runId);
        emit('run.changed', run);
        return run;
      }),
    'project.cancel': async ({ transferId }) => {
      await transfers.end(transferId);
      return {};
    },
  };
}
