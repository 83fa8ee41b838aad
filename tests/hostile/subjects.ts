// The files that come from anywhere: a valid one of each kind, how it is repaired on the outside after a mutation inside,
// so that the mutation is reached at all, and how it is read.
import { createHash } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeNpz, encodeNpz } from '../../src-main/formats/npz.ts';
import { encodeNpy } from '../../src-main/formats/npy.ts';
import { encodeZip } from '../../src-main/formats/zip.ts';
import { recogniseModel } from '../../src-main/imports/foreignModel.ts';
import { decodeCheckpoint, encodeCheckpoint } from '../../src-main/runs/checkpoint.ts';
import { importProject } from '../../src-main/runs/importProject.ts';
import { decodeModel, encodeModel } from '../../src-main/runs/modelFile.ts';
import { encodeManifest } from '../../src-main/runs/projectFormat.ts';
import { datasetSubjects } from './datasetSubjects.ts';
import { exampleCheckpoint } from '../unit/runs/exampleCheckpoint.ts';
import { exampleModel } from '../unit/runs/exampleModel.ts';
import { exampleRunFiles } from '../unit/runs/exampleRun.ts';

export interface Subject {
  name: string;
  /** What is mutated: the file itself, or a part of it that `wrap` then makes a file of. */
  valid: Uint8Array;
  wrap: (bytes: Uint8Array) => Uint8Array | Promise<Uint8Array>;
  /** Names in the file. */
  names: readonly string[];
  /** Reads it as the app does. */
  read: (bytes: Uint8Array<ArrayBuffer>) => unknown;
}

const asItIs = (bytes: Uint8Array): Uint8Array => bytes;
const sha256 = (bytes: Uint8Array): Uint8Array => createHash('sha256').update(bytes).digest();

const random = (length: number): Float32Array => Float32Array.from({ length }, (_, index) => Math.sin(index));
const arrays = [
  { name: '0.weight', dtype: 'float32' as const, shape: [5, 12], data: random(60) },
  { name: '0.bias', dtype: 'float32' as const, shape: [5], data: random(5) },
  { name: '1.weight', dtype: 'float32' as const, shape: [5], data: random(5) },
  { name: '1.bias', dtype: 'float32' as const, shape: [5], data: random(5) },
  { name: '1.running_mean', dtype: 'float32' as const, shape: [5], data: random(5) },
  { name: '1.running_var', dtype: 'float32' as const, shape: [5], data: random(5) },
  { name: '3.weight', dtype: 'float64' as const, shape: [3, 5], data: Float64Array.from(random(15)) },
];
const arrayNames = arrays.map(({ name }) => name);
const readArrays = (bytes: Uint8Array): unknown => recogniseModel(bytes, 'file.npz', {}, [], '0.1.0').sketch;

function projectOf(files: ReadonlyMap<string, Uint8Array>): Uint8Array {
  const entries = [...files].map(([name, bytes]) => ({ name, bytes }));
  const manifest = encodeManifest({
    format: 'weft-project',
    version: 1,
    weftVersion: '0.1.0',
    createdAt: '2026-03-01T10:00:00.000Z',
    files: entries.map(({ name, bytes }) => {
      return { name, sizeBytes: bytes.byteLength, sha256: Buffer.from(sha256(bytes)).toString('hex') };
    }),
  });
  return encodeZip([...entries, { name: 'project.json', bytes: manifest }], true);
}

/** Imports into a data directory in `folder` and takes the run away again. */
async function readProject(bytes: Uint8Array, folder: string): Promise<void> {
  const work = join(folder, 'work');
  await rm(folder, { recursive: true, force: true });
  await mkdir(join(folder, 'runs'), { recursive: true });
  await mkdir(work);
  await writeFile(join(work, 'received'), bytes);
  await importProject(join(work, 'received'), 'file.weft', work, folder);
}

/** Every kind of file; those that are unpacked lie in `folder` meanwhile. */
export async function hostileSubjects(folder: string): Promise<Subject[]> {
  const model = encodeModel(exampleModel());
  const modelNames = [
    'layers.0.weight',
    'layers.1.bias',
    '__metadata__',
    'weftFormat',
    'architecture',
    'recipe',
  ];
  const checkpoint = new Uint8Array(Buffer.concat(await encodeCheckpoint(exampleCheckpoint(12))));
  const body = checkpoint.subarray(0, -32);
  const files = exampleRunFiles({}, 6);
  files.set('checkpoint-12.safetensors', checkpoint);
  const fileNames = [...files.keys(), 'project.json'];
  const project = { names: fileNames, read: (bytes: Uint8Array) => readProject(bytes, folder) };
  const insideProject = (name: string, names: readonly string[]): Subject => ({
    name: `${name} of a project`,
    valid: files.get(name)!,
    wrap: (bytes) => projectOf(new Map([...files, [name, bytes]])),
    names,
    read: project.read,
  });
  const recordNames = [
    'recipe',
    'layers',
    'classes',
    'state',
    'keptEpoch',
    '2026-03-01-example-1',
    'Example',
  ];
  return [
    {
      name: 'model',
      valid: model,
      wrap: asItIs,
      names: modelNames,
      read: (bytes) => decodeModel(bytes, 'file'),
    },
    { name: 'foreign safetensors', valid: model, wrap: asItIs, names: modelNames, read: readArrays },
    { name: 'npz', valid: encodeNpz(arrays), wrap: asItIs, names: arrayNames, read: readArrays },
    {
      name: 'compressed npz',
      valid: encodeNpz(arrays, true),
      wrap: asItIs,
      names: arrayNames,
      read: (bytes) => decodeNpz(bytes, 'file'),
    },
    {
      name: 'array of an npz',
      valid: encodeNpy(arrays[0]!),
      wrap: (bytes) =>
        encodeZip(
          arrays.map((array, index) => ({
            name: `${array.name}.npy`,
            bytes: index === 0 ? bytes : encodeNpy(array),
          })),
          false,
        ),
      names: ['descr', 'fortran_order', 'shape', '<f4', 'False'],
      read: readArrays,
    },
    { name: 'project', valid: projectOf(files), wrap: asItIs, ...project },
    insideProject('run.json', recordNames),
    insideProject('predictions.bin', ['WEFTPRED']),
    insideProject('model.safetensors', modelNames),
    {
      name: 'checkpoint',
      valid: checkpoint,
      wrap: asItIs,
      names: ['sha256', 'state', 'optimizer.', 'best.'],
      read: (bytes) => decodeCheckpoint(bytes, 'file'),
    },
    {
      name: 'checkpoint with the right hash',
      valid: body,
      wrap: (bytes) => Buffer.concat([bytes, sha256(bytes)]),
      names: ['sha256', 'state', 'optimizer.', 'best.', 'layers.0.weight'],
      read: (bytes) => decodeCheckpoint(bytes, 'file'),
    },
    ...datasetSubjects(folder),
  ];
}
