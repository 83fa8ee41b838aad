// The core inside this process, with a client that speaks to it as a page does, only without a wire.
import { createApp } from '../../app/app.ts';
import { openSettingsStore } from '../../app/settingsStore.ts';
import { forkTraining } from '../../training/forkChannel.ts';
import { answer, createClient } from '../../../src-shared/protocol.ts';
import type { OpenedApp } from './command.ts';
import { version } from '../../app/version.ts';

/** The training program, built beside this one. */
const trainingProgram = new URL('./training.js', import.meta.url);

export async function openApp(dataDirectory: string): Promise<OpenedApp> {
  const app = await createApp({
    host: 'cli',
    version,
    dataDirectory,
    settings: openSettingsStore(dataDirectory),
    spawnTraining: () => forkTraining(trainingProgram),
  });
  const end = createClient(
    (request) => void answer(app.handlers, request).then((response) => end.receive(response)),
  );
  app.subscribe((message) => end.receive(message));
  return { app, client: end.client };
}
