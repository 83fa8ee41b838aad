import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createApp } from '../../../src-main/app/app.ts';
import { openSettingsStore } from '../../../src-main/app/settingsStore.ts';
import type { App, AppOptions } from '../../../src-main/app/types.ts';
import { RunStore } from '../../../src-main/runs/runStore.ts';
import { commands, type CommandName } from '../../../src-shared/contract.ts';
import { callHandler } from '../../../src-shared/protocol.ts';
import type { DirectoryAccess } from '../../../src-shared/schemas/directory.ts';
import { defaultPreset } from '../../../src-shared/presets.ts';
import { trainInProcess } from '../../inProcessTraining.ts';

let dataDirectory: string;
const opened: App[] = [];
beforeEach(async () => {
  dataDirectory = await mkdtemp(join(tmpdir(), 'weft-directory-'));
});
afterEach(async () => {
  for (const app of opened.splice(0)) await app.close();
  await rm(dataDirectory, { recursive: true, force: true });
});

async function open(options: Partial<AppOptions> = {}): Promise<App> {
  const app = await createApp({
    host: 'browser',
    address: 'http://127.0.0.1:4000',
    version: '0.1.0',
    dataDirectory,
    openSettings: openSettingsStore,
    spawnTraining: trainInProcess,
    ...options,
  });
  opened.push(app);
  return app;
}
const ask = (app: App, command: CommandName, input: unknown = {}): Promise<unknown> =>
  callHandler(app.handlers, command, input);
const access = async (app: App): Promise<DirectoryAccess> =>
  (await ask(app, 'directory.describe')) as DirectoryAccess;

const createRun = async (): Promise<string> =>
  (
    await (
      await RunStore.open(dataDirectory)
    ).create({
      name: 'left behind',
      datasetId: 'strokes',
      recipe: defaultPreset.recipe,
      state: 'running',
      weftVersion: '0.1.0',
      classes: ['0', '1'],
      shape: { height: 28, width: 28, channels: 1 },
    })
  ).id;

describe('a second Weft on a data directory', () => {
  it('is told who uses it, and where', async () => {
    await open();
    await expect(open({ host: 'electron' })).rejects.toMatchObject({
      code: 'directory.held',
      message: expect.stringContaining(
        `is in use by the browser host of Weft at http://127.0.0.1:4000 (process ${process.pid} since `,
      ) as string,
    });
  });

  it('may read: it is refused every command that changes something, and only those', async () => {
    await open();
    const reader = await open({ isReadOnly: true });
    for (const name of Object.keys(commands) as CommandName[]) {
      const handler = reader.handlers[name] as (input: unknown) => unknown;
      const error: unknown = await Promise.resolve()
        .then(() => handler({}))
        .then(
          () => undefined,
          (reason: unknown) => reason,
        );
      const code = error instanceof Error && 'code' in error ? error.code : undefined;
      if (commands[name].changes) expect([name, code]).toEqual([name, 'directory.read-only']);
      else expect([name, code]).not.toEqual([name, 'directory.read-only']);
    }
    expect(await access(reader)).toMatchObject({
      isReadOnly: true,
      owner: { host: 'browser', processId: process.pid, machine: hostname() },
    });
  });

  it('writes nothing while it reads, not even a folder', async () => {
    const reader = await open({ isReadOnly: true });
    await ask(reader, 'run.list');
    await ask(reader, 'model.list');
    await ask(reader, 'settings.read');
    expect(await readdir(dataDirectory)).toEqual([]);
  });

  it('hears that the owner has ended, takes over, marks what was left, and may then change things', async () => {
    const owner = await open();
    const reader = await open({ isReadOnly: true });
    const runId = await createRun();
    expect(await ask(reader, 'run.list')).toMatchObject([{ id: runId, state: 'running' }]);
    await expect(ask(reader, 'directory.takeOver')).rejects.toMatchObject({ code: 'directory.held' });

    const heard = new Promise((resolve) => {
      reader.subscribe(({ event, payload }) => event === 'directory.changed' && resolve(payload));
    });
    await owner.close();
    expect(await heard).toEqual({ isReadOnly: true, owner: null });
    const takeOvers = [ask(reader, 'directory.takeOver'), ask(reader, 'directory.takeOver')];
    const owned = { isReadOnly: false, owner: null };
    expect(await Promise.all(takeOvers)).toEqual([owned, owned]);
    expect(await ask(reader, 'run.list')).toMatchObject([{ id: runId, state: 'interrupted' }]);
    expect(await readFile(join(dataDirectory, 'runs', runId, 'run.json'), 'utf8')).toContain('"interrupted"');
    expect(await ask(reader, 'run.rename', { runId, name: 'mine now' })).toMatchObject({ name: 'mine now' });
    await expect(open()).rejects.toMatchObject({ code: 'directory.held' });
  });
});

describe('settings that cannot be read', () => {
  beforeEach(() => writeFile(join(dataDirectory, 'settings.json'), '{"theme":'));

  it('are set aside, and the person is told until the notice is dismissed', async () => {
    const app = await open();
    expect(app.notices).toMatchObject([{ id: 1, code: 'settings.set-aside' }]);
    expect(await ask(app, 'app.describe')).toMatchObject({ notices: [{ id: 1 }] });
    await ask(app, 'app.dismissNotice', { noticeId: 1 });
    expect(await ask(app, 'app.describe')).toMatchObject({ notices: [] });
  });

  it('stay as they are where the directory is only read', async () => {
    const app = await open({ isReadOnly: true });
    expect(app.notices).toMatchObject([{ code: 'settings.unreadable' }]);
    expect(await ask(app, 'settings.read')).toMatchObject({ theme: 'system' });
    expect(await readFile(join(dataDirectory, 'settings.json'), 'utf8')).toBe('{"theme":');
  });
});
