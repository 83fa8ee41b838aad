// Project files: what they hold, and every fault that an import of one refuses. One file, as all faults are put into the
// same project.
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encodeCorrections, summarizeCorrections } from '../../../src-main/files/corrections.ts';
import { runFolder, runsFolder } from '../../../src-main/files/dataDirectory.ts';
import { decodeZip, encodeZip, type ZipFile } from '../../../src-main/formats/zip.ts';
import { exportProject } from '../../../src-main/runs/exportProject.ts';
import { makeImportFolder, sweepImportFolders } from '../../../src-main/files/importFolder.ts';
import { importProject } from '../../../src-main/runs/importProject.ts';
import { encodeManifest, type ProjectManifest } from '../../../src-main/runs/projectFormat.ts';
import { RunStore } from '../../../src-main/runs/runStore.ts';
import { exampleRunId, writeExampleRun } from './exampleRun.ts';

let here = '';
let there = '';
beforeEach(async () => {
  here = await mkdtemp(join(tmpdir(), 'weft-project-here-'));
  there = await mkdtemp(join(tmpdir(), 'weft-project-there-'));
});
afterEach(async () => {
  for (const folder of [here, there]) await rm(folder, { recursive: true, force: true });
});

async function exportRun(): Promise<Uint8Array> {
  const runs = await RunStore.open(here);
  const { chunks } = await exportProject(
    await runs.record(exampleRunId),
    runFolder(here, exampleRunId),
    '0.1.0',
  );
  const pieces: Uint8Array[] = [];
  for await (const piece of chunks) pieces.push(piece);
  return new Uint8Array(Buffer.concat(pieces));
}

/** Imports the bytes on the other machine; the folder of the import is gone afterwards, as a transfer leaves it. */
async function importBytes(bytes: Uint8Array): Promise<string> {
  const folder = await makeImportFolder(runsFolder(there));
  const path = join(folder, 'received');
  await writeFile(path, bytes);
  try {
    return await importProject(path, 'p.weft', folder, there);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function filesIn(folder: string): Promise<Map<string, Uint8Array>> {
  const names = (await readdir(folder)).sort();
  return new Map(
    await Promise.all(
      names.map(async (name): Promise<[string, Uint8Array]> => [
        name,
        new Uint8Array(await readFile(join(folder, name))),
      ]),
    ),
  );
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** A project of these files, with what is to be wrong in its list of them. */
function projectOf(
  files: ReadonlyMap<string, Uint8Array>,
  change: (manifest: ProjectManifest) => unknown = (manifest) => manifest,
  more: readonly ZipFile[] = [],
): Uint8Array {
  const listed = [...files].map(([name, bytes]) => {
    return { name, sizeBytes: bytes.byteLength, sha256: sha256(bytes) };
  });
  const manifest = change({
    format: 'weft-project',
    version: 1,
    weftVersion: '0.1.0',
    createdAt: '2026-03-01T10:00:00.000Z',
    files: listed,
  }) as ProjectManifest;
  const entries = [...files].map(([name, bytes]) => ({ name, bytes }));
  return encodeZip([...entries, ...more, { name: 'project.json', bytes: encodeManifest(manifest) }], true);
}

describe('a project file', () => {
  it('opens on another machine as the same run, byte for byte', async () => {
    const files = await writeExampleRun(runFolder(here, exampleRunId));
    const project = await exportRun();
    expect(project.byteLength).toBeLessThan(
      [...files.values()].reduce((sum, one) => sum + one.byteLength, 0) / 3,
    );
    expect(await importBytes(project)).toBe(exampleRunId);

    const moved = await filesIn(runFolder(there, exampleRunId));
    expect([...moved.keys()]).toEqual([...files.keys()]);
    for (const name of ['history.ndjson', 'model.safetensors', 'predictions.bin']) {
      expect(moved.get(name)).toEqual(files.get(name));
    }
    const [summary] = await (await RunStore.open(there)).list();
    const [original] = await (await RunStore.open(here)).list();
    expect(summary).toEqual(original);
    expect(await readdir(runsFolder(there))).toEqual([exampleRunId]);
  });

  it('takes along the corrections that the run was trained with', async () => {
    const corrections = { dataset: { id: 'strokes', fingerprint: 'ab12' }, list: [{ index: 7, label: 2 }] };
    const summary = summarizeCorrections(corrections);
    const files = await writeExampleRun(runFolder(here, exampleRunId), { corrections: summary });
    const text = new TextEncoder().encode(encodeCorrections(corrections));
    await writeFile(join(runFolder(here, exampleRunId), 'corrections.json'), text);
    expect(await importBytes(await exportRun())).toBe(exampleRunId);
    expect((await filesIn(runFolder(there, exampleRunId))).get('corrections.json')).toEqual(text);
    expect((await (await RunStore.open(there)).summary(exampleRunId)).corrections).toEqual(summary);

    const others = new TextEncoder().encode(encodeCorrections({ ...corrections, list: [] }));
    for (const damaged of [files, new Map([...files, ['corrections.json', others]])]) {
      const error: unknown = await importBytes(projectOf(damaged)).catch((reason: unknown) => reason);
      expect(error).toMatchObject({ code: 'project.wrong-corrections' });
    }
  });

  it('is a plain zip archive of the folder, with a list of its files and their hashes', async () => {
    const files = await writeExampleRun(runFolder(here, exampleRunId));
    await writeFile(join(runFolder(here, exampleRunId), 'notes.txt'), 'not a file of a run');
    const entries = [...decodeZip(await exportRun(), 'p.weft')];
    expect(entries.map(({ name }) => name)).toEqual([...files.keys(), 'project.json']);
    const manifest = JSON.parse(new TextDecoder().decode(entries.at(-1)!.bytes)) as ProjectManifest;
    expect(manifest.files).toEqual(
      [...files].map(([name, bytes]) => ({ name, sizeBytes: bytes.byteLength, sha256: sha256(bytes) })),
    );
  });

  it('becomes a run of another id where its own is taken', async () => {
    await writeExampleRun(runFolder(here, exampleRunId));
    const project = await exportRun();
    expect([await importBytes(project), await importBytes(project)]).toEqual([
      exampleRunId,
      `${exampleRunId}-2`,
    ]);
    const list = await (await RunStore.open(there)).list();
    expect(list.map(({ id, name }) => [id, name])).toEqual([
      [`${exampleRunId}-2`, 'Example'],
      [exampleRunId, 'Example'],
    ]);
  });

  it('is not made of a run under way, and one that was becomes interrupted', async () => {
    const files = await writeExampleRun(runFolder(here, exampleRunId), {
      state: 'running',
      createdAt: new Date().toISOString(),
      processId: process.pid,
    });
    const id = await importBytes(projectOf(files));
    expect((await (await RunStore.open(there)).summary(id)).state).toBe('interrupted');
    const record = JSON.parse(new TextDecoder().decode(files.get('run.json'))) as never;
    await expect(exportProject(record, here, '0.1.0')).rejects.toMatchObject({ code: 'run.active' });
  });

  it('leaves a damaged checkpoint behind', async () => {
    const files = await writeExampleRun(runFolder(here, exampleRunId));
    const id = await importBytes(projectOf(withFile(files, 'checkpoint-4.safetensors', 'damaged')));
    expect((await filesIn(runFolder(there, id))).has('checkpoint-4.safetensors')).toBe(false);
  });

  const without = (files: ReadonlyMap<string, Uint8Array>, name: string): Map<string, Uint8Array> =>
    new Map([...files].filter(([one]) => one !== name));
  const withFile = (
    files: ReadonlyMap<string, Uint8Array>,
    name: string,
    text: string,
  ): Map<string, Uint8Array> => new Map([...files, [name, new TextEncoder().encode(text)]]);
  type Files = ReadonlyMap<string, Uint8Array>;
  const record = async (changes: Record<string, unknown>): Promise<Files> =>
    writeExampleRun(join(here, 'other'), changes);

  it.each<[string, string, (files: Files) => Uint8Array | Promise<Uint8Array>]>([
    [
      'zip.not-zip',
      'another kind of file',
      () => new TextEncoder().encode('no archive at all, but long enough'),
    ],
    ['zip.not-zip', 'a file that is cut off', (files) => projectOf(files).subarray(0, -30)],
    [
      'project.not-a-project',
      'another archive',
      () => encodeZip([{ name: 'a', bytes: new Uint8Array(3) }], false),
    ],
    [
      'project.wrong-manifest',
      'a list that is not JSON',
      (files) =>
        encodeZip(
          [...files]
            .map(([name, bytes]) => ({ name, bytes }))
            .concat({ name: 'project.json', bytes: new Uint8Array(3) }),
          false,
        ),
    ],
    [
      'project.wrong-manifest',
      'a list without files',
      (files) => projectOf(files, (manifest) => ({ ...manifest, files: undefined })),
    ],
    [
      'project.wrong-manifest',
      'a file that is listed twice',
      (files) =>
        projectOf(files, (manifest) => ({ ...manifest, files: [...manifest.files, manifest.files[0]] })),
    ],
    [
      'project.unknown-version',
      'a version to come',
      (files) => projectOf(files, (manifest) => ({ ...manifest, version: 2 })),
    ],
    [
      'project.unknown-file',
      'a file that is not listed',
      (files) => projectOf(files, (manifest) => manifest, [{ name: 'extra', bytes: new Uint8Array(3) }]),
    ],
    [
      'project.unknown-file',
      'a file that no run has',
      (files) => projectOf(withFile(files, 'install.sh', 'rm')),
    ],
    [
      'project.unknown-file',
      'a checkpoint of an odd name',
      (files) => projectOf(withFile(files, 'checkpoint-007.safetensors', '')),
    ],
    [
      'project.missing-file',
      'a file that is listed but not there',
      (files) =>
        projectOf(without(files, 'predictions.bin'), (manifest) => ({
          ...manifest,
          files: [...manifest.files, { name: 'predictions.bin', sizeBytes: 3, sha256: 'a'.repeat(64) }],
        })),
    ],
    ['project.missing-file', 'no run.json', (files) => projectOf(without(files, 'run.json'))],
    [
      'project.missing-file',
      'no weights of a run that keeps some',
      (files) => projectOf(without(files, 'model.safetensors')),
    ],
    [
      'project.wrong-size',
      'a wrong size',
      (files) =>
        projectOf(files, (manifest) => {
          manifest.files[0]!.sizeBytes += 1;
          return manifest;
        }),
    ],
    [
      'project.too-large',
      'a size beyond any',
      (files) =>
        projectOf(files, (manifest) => {
          manifest.files[0]!.sizeBytes = 2 ** 52;
          return manifest;
        }),
    ],
    [
      'project.wrong-hash',
      'another hash',
      (files) =>
        projectOf(files, (manifest) => {
          manifest.files[2]!.sha256 = 'a'.repeat(64);
          return manifest;
        }),
    ],
    [
      'project.wrong-record',
      'a run.json that is not JSON',
      (files) => projectOf(withFile(files, 'run.json', '{')),
    ],
    [
      'project.wrong-record',
      'a state that no run has',
      async () => projectOf(await record({ state: 'flying' })),
    ],
    [
      'project.mismatch',
      'weights of other images',
      async () => projectOf(await record({ shape: { height: 9, width: 9, channels: 1 } })),
    ],
    [
      'safetensors.header-not-json',
      'weights that are none',
      (files) => projectOf(withFile(files, 'model.safetensors', '\u0003\0\0\0\0\0\0\0abc')),
    ],
    [
      'zip.wrong-name',
      'a path that leads out of the folder',
      (files) => {
        const project = Buffer.from(projectOf(withFile(files, 'aa.bb.cc', '')));
        return new Uint8Array(
          Buffer.from(project.toString('latin1').replaceAll('aa.bb.cc', '../../cc'), 'latin1'),
        );
      },
    ],
  ])('is refused with %s: %s; nothing of it stays', async (code, _description, make) => {
    const files = await writeExampleRun(runFolder(here, exampleRunId));
    const project = await make(files);
    await expect(importBytes(project)).rejects.toMatchObject({
      code,
      message: expect.stringContaining('p.weft') as string,
    });
    expect(await readdir(runsFolder(there))).toEqual([]);
  });

  it('that was cut or changed anywhere is refused, or was not changed where it matters', async () => {
    await writeExampleRun(runFolder(here, exampleRunId));
    const project = await exportRun();
    for (let at = 0; at < project.byteLength; at += Math.floor(project.byteLength / 40)) {
      const changed = project.slice();
      changed[at]! ^= 0x55;
      const error: unknown = await importBytes(changed).then(
        () => undefined,
        (reason: unknown) => reason,
      );
      if (error !== undefined) expect(error).toMatchObject({ name: 'WeftError' });
      await expect(importBytes(project.subarray(0, at))).rejects.toMatchObject({ name: 'WeftError' });
    }
  });

  it('leaves nothing of an import that a kill interrupted', async () => {
    await mkdir(join(runsFolder(there), '.import-999999-0123456789abcdef', 'run'), { recursive: true });
    const own = await makeImportFolder(runsFolder(there));
    await sweepImportFolders(runsFolder(there));
    expect(await readdir(runsFolder(there))).toEqual([]);
    expect(own).toContain('.import-');
  });
});
