// A core with real training processes, on which faults are worked; and the run that they are worked on: dropout, batch
// normalization, shuffling, Adam.
import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { createApp } from '../../src-main/app/app.ts';
import { openSettingsStore } from '../../src-main/app/settingsStore.ts';
import type { App } from '../../src-main/app/types.ts';
import { forkTraining } from '../../src-main/training/forkChannel.ts';
import { presets } from '../../src-shared/presets.ts';
import { answer, createClient, type Client } from '../../src-shared/protocol.ts';
import type { Recipe } from '../../src-shared/schemas/recipe.ts';
import { isActiveState, type RunProgress, type RunSummary } from '../../src-shared/schemas/run.ts';

const trainingProgram = resolve(import.meta.dirname, '../../out/main/training.js');

export const faultRecipe: Recipe = {
  ...presets[0]!.recipe,
  layers: [
    { type: 'dense', units: 24, activation: 'linear' },
    { type: 'batch-norm' },
    { type: 'activation', activation: 'relu' },
    { type: 'dropout', rate: 0.3 },
  ],
  optimizer: { type: 'adam', learningRate: 0.002 },
  batchSize: 16,
  epochs: 4,
};

/** The processes of a program's training, as Linux knows them. */
export function childrenOf(processId: number): number[] {
  return readdirSync(`/proc/${processId}/task`).flatMap((thread) =>
    readFileSync(`/proc/${processId}/task/${thread}/children`, 'utf8')
      .trim()
      .split(' ')
      .filter(Boolean)
      .map(Number),
  );
}

/** A core over a data directory, with a page on it. */
export interface FaultyTraining {
  app: App;
  page: Client;
  /** Kills the training process with SIGKILL. */
  killTraining: () => void;
  /** The latest word on the run under way. */
  progress: () => RunProgress | undefined;
  /** Resolves when a run has ended, whichever way. */
  whenEnded: (runId: string) => Promise<RunSummary>;
  /** Resolves to the first progress from now on that fits. */
  whenProgress: (fits: (progress: RunProgress) => boolean) => Promise<RunProgress>;
}

export async function openFaultyTraining(dataDirectory: string): Promise<FaultyTraining> {
  let kill: () => void = () => undefined;
  let latest: RunProgress | undefined;
  const app = await createApp({
    host: 'browser',
    version: '0.1.0',
    dataDirectory,
    openSettings: openSettingsStore,
    spawnTraining: () => {
      const channel = forkTraining(trainingProgram);
      kill = () => channel.kill();
      return channel;
    },
  });
  const end = createClient((request) => {
    void answer(app.handlers, request).then((response) => end.receive(response));
  });
  app.subscribe((message) => end.receive(message));
  const page = end.client;
  page.on('run.progressed', (progress) => (latest = progress));
  return {
    app,
    page,
    killTraining: () => kill(),
    progress: () => latest,
    whenEnded: (runId) =>
      new Promise((found) => {
        const stop = page.on('run.changed', (run) => {
          if (run.id !== runId || isActiveState(run.state)) return;
          stop();
          found(run);
        });
      }),
    whenProgress: (fits) =>
      new Promise((found) => {
        const stop = page.on('run.progressed', (progress) => {
          if (!fits(progress)) return;
          stop();
          found(progress);
        });
      }),
  };
}
