// The core inside this process, with a client that speaks to it as a page does, only without a wire.
import { createApp } from '../../app/app.ts';
import { directoryHeldCode } from '../../app/directory.ts';
import { openSettingsStore } from '../../app/settingsStore.ts';
import type { App } from '../../app/types.ts';
import { forkTraining } from '../../training/forkChannel.ts';
import { WeftError } from '../../../src-shared/failure.ts';
import { answer, createClient } from '../../../src-shared/protocol.ts';
import type { DirectoryUse, OpenedApp } from './command.ts';
import { version } from '../../app/version.ts';

/** The training program, built beside this one. */
const trainingProgram = new URL('./training.js', import.meta.url);

async function openCore(dataDirectory: string, use: DirectoryUse): Promise<App> {
  const open = (isReadOnly: boolean): Promise<App> =>
    createApp({
      host: 'cli',
      version,
      dataDirectory,
      isReadOnly,
      openSettings: openSettingsStore,
      spawnTraining: () => forkTraining(trainingProgram),
    });
  if (use === 'reads') return open(true);
  try {
    return await open(false);
  } catch (error) {
    const isHeld = error instanceof WeftError && error.code === directoryHeldCode;
    if (use === 'changes' || !isHeld) throw error;
    return open(true);
  }
}

/** Throws `directory.held` when another Weft owns the directory and the command has to change something in it. */
export async function openApp(dataDirectory: string, use: DirectoryUse): Promise<OpenedApp> {
  const app = await openCore(dataDirectory, use);
  const end = createClient(
    (request) => void answer(app.handlers, request).then((response) => end.receive(response)),
  );
  app.subscribe((message) => end.receive(message));
  return { app, client: end.client };
}
