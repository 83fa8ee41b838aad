// A disk that is full, and calls of the system that fail in the middle of a save.
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeCheckpoint } from '../../src-main/runs/checkpoint.ts';
import { checkpointFile, listCheckpoints } from '../../src-main/runs/runFiles.ts';
import { buildProgram, sourcePath } from '../buildProgram.ts';
import { extent, tell } from './extent.ts';
import { fillDisk } from './fillDisk.ts';
import { startHost, trainingProcessOf, type Host } from './host.ts';
import { datasetId, expectSame, readResult, recipe, type RunResult } from './runs.ts';

const hasStrace = spawnSync('strace', ['-V']).status === 0;
const diskBytes = 2 * 1024 * 1024;
/** Small enough that two checkpoints, the best one and the model fit on the disk. */
const smallRecipe = {
  ...recipe,
  layers: recipe.layers.map((layer) => ({ ...layer, ...('units' in layer ? { units: 16 } : {}) })),
};

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'weft-disk-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Resolves when the run under way says that something is wrong, and what; or when nothing is any more. */
function trouble(host: Host, isWanted: boolean): Promise<string> {
  return new Promise((resolve) => {
    const stopListening = host.client.on('run.progressed', (progress) => {
      if ((progress.trouble !== null) !== isWanted) return;
      stopListening();
      resolve(progress.trouble === null ? '' : `${progress.trouble.code} ${progress.trouble.message}`);
    });
  });
}

/** Every checkpoint of the run can be gone on from. */
async function expectWholeCheckpoints(dataDirectory: string, runId: string): Promise<void> {
  const runFolder = join(dataDirectory, 'runs', runId);
  const steps = await listCheckpoints(runFolder);
  expect(steps.length).toBeGreaterThan(0);
  for (const step of steps) {
    const file = join(runFolder, checkpointFile(step));
    await decodeCheckpoint(readFileSync(file), file);
  }
}

async function runUndisturbed(dataDirectory: string, ofRecipe: typeof recipe): Promise<RunResult> {
  const host = await startHost(dataDirectory);
  const { id } = await host.client.call('run.start', { recipe: ofRecipe, datasetId });
  await host.reaches(id, 'finished');
  await host.end();
  return readResult(dataDirectory, id);
}

describe('a full disk', () => {
  it('lets training wait with a sentence, the last checkpoint whole, and go on to the same bits once there is room (needs the right to mount a small disk)', async ({
    skip,
  }) => {
    const disk = join(folder, 'small');
    mkdirSync(disk);
    if (spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${diskBytes}`, 'none', disk]).status !== 0) {
      skip('this user may not mount a small disk');
    }
    let host: Host | undefined;
    try {
      const undisturbed = await runUndisturbed(join(folder, 'roomy'), smallRecipe);
      host = await startHost(disk);
      const { id } = await host.client.call('run.start', { recipe: smallRecipe, datasetId, paused: true });
      const filler = join(disk, 'filler');
      const told = trouble(host, true);
      await fillDisk(filler);
      await host.client.call('run.resume', { runId: id });
      expect(await told).toMatch(
        /^files\.disk-full Training waits: could not write ".*": the disk is full\.$/,
      );
      const waitingAt = host.progress()?.step;
      await delay(1000);
      expect(host.progress()?.step).toBe(waitingAt);
      await expectWholeCheckpoints(disk, id);
      const over = trouble(host, false);
      rmSync(filler);
      await over;
      await host.reaches(id, 'finished');
      expectSame(await readResult(disk, id), undisturbed);
      tell(
        `full disk: a ${diskBytes / 2 ** 20} MiB disk filled to its last page; training waited at step ${waitingAt}, then went on to the same bits`,
      );
    } finally {
      await host?.end();
      spawnSync('umount', [disk]);
    }
  });
});

describe.skipIf(!hasStrace)('calls of the system that fail (needs strace)', () => {
  it('leave the old file or the new one of a save, whole, whichever call it is', async () => {
    const place = join(folder, 'saves');
    mkdirSync(place);
    const writer = await buildProgram(
      folder,
      'writer',
      `
import { writeFileSafely } from ${sourcePath('src-main/files/safeWrite.ts')};
const half = new Uint8Array(100_000).fill(2);
await writeFileSafely(process.argv[2], [half, half]).then(() => console.log('written'), (error) => console.log(error.code));
`,
    );
    const path = join(place, 'file');
    const before = new Uint8Array(50_000).fill(1);
    const after = new Uint8Array(200_000).fill(2);
    const save = (...inject: string[]): string =>
      spawnSync('strace', ['-f', '-qq', '-o', '/dev/null', ...inject, process.execPath, writer, path], {
        encoding: 'utf8',
        // One thread makes all calls to the disk: they can be counted.
        env: { ...process.env, UV_THREADPOOL_SIZE: '1' },
      }).stdout.trim();
    // Two halves; the file and its folder.
    const calls = { pwrite64: 2, fsync: 2, rename: 1 } as const;
    let failures = 0;
    for (const [call, count] of Object.entries(calls)) {
      for (const error of ['ENOSPC', 'EIO']) {
        for (let which = 1; which <= count; which += 1) {
          writeFileSync(path, before);
          const said = save('-e', `trace=${call}`, '-e', `inject=${call}:error=${error}:when=${which}`);
          expect(said).toBe(error === 'ENOSPC' ? 'files.disk-full' : 'files.write-failed');
          const found = readFileSync(path);
          // The folder is made to last after the new file has taken its place.
          const isInPlace = call === 'fsync' && which === 2;
          expect(Buffer.compare(found, isInPlace ? after : before), `${call} ${which} ${error}`).toBe(0);
          expect(readdirSync(place)).toEqual(['file']);
          failures += 1;
        }
      }
    }
    writeFileSync(path, before);
    expect(save('-e', 'trace=rename')).toBe('written');
    tell(
      `failing calls: ${failures} saves with one failing write, fsync or rename each; the old file or the new one, whole, ${failures} times`,
    );
  });

  it.skipIf(process.platform !== 'linux')(
    'let a run wait and then go on to the same bits',
    async ({ skip }) => {
      const dataDirectory = join(folder, 'failing');
      const undisturbed = await runUndisturbed(dataDirectory, recipe);
      const host = await startHost(dataDirectory);
      let strace: ChildProcess | undefined;
      let count = 0;
      try {
        for (const call of extent.failingCalls) {
          for (const error of extent.errors) {
            const { id } = await host.client.call('run.start', { recipe, datasetId, paused: true });
            const training = String(trainingProcessOf(host));
            const inject = ['-e', `trace=${call}`, '-e', `inject=${call}:error=${error}:when=1+`];
            const tracer = spawn('strace', ['-f', '-p', training, '-o', '/dev/null', ...inject], {
              stdio: ['ignore', 'ignore', 'pipe'],
            });
            strace = tracer;
            const attached = await new Promise<boolean>((resolve) => {
              tracer.stderr.on('data', (text: Buffer) => resolve(text.includes('attached')));
              tracer.once('exit', () => resolve(false));
            });
            if (!attached) skip('this user may not trace a process');
            const told = trouble(host, true);
            await host.client.call('run.resume', { runId: id });
            expect(await told).toMatch(error === 'ENOSPC' ? /^files\.disk-full / : /^files\.write-failed /);
            await expectWholeCheckpoints(dataDirectory, id);
            const over = trouble(host, false);
            tracer.kill('SIGINT');
            await over;
            await host.reaches(id, 'finished');
            expectSame(await readResult(dataDirectory, id), undisturbed);
            count += 1;
          }
        }
        tell(
          `failing calls in a run: ${count} runs with ${extent.failingCalls.join(', ')} failing until the person had seen it; the same bits ${count} times`,
        );
      } finally {
        strace?.kill('SIGKILL');
        await host.end();
      }
    },
  );
});
