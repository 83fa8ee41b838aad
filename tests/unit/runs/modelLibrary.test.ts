import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as v from 'valibot';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { modelSummarySchema } from '../../../src-shared/schemas/model.ts';
import { encodeModel } from '../../../src-main/runs/modelFile.ts';
import { ModelLibrary } from '../../../src-main/runs/modelLibrary.ts';
import { exampleModel } from './exampleModel.ts';

let dataDirectory: string;
let library: ModelLibrary;
beforeEach(async () => {
  dataDirectory = await mkdtemp(join(tmpdir(), 'weft-model-library-'));
  library = new ModelLibrary(dataDirectory);
});
afterEach(() => rm(dataDirectory, { recursive: true, force: true }));

const bytes = encodeModel(exampleModel());
const folder = (): string => join(dataDirectory, 'models');

describe('the model library', () => {
  it('keeps the file as it came, and lists it with its network', async () => {
    const added = await library.add(bytes, 'example.safetensors', 'My model');
    expect(added).toMatchObject({ id: 'my-model', name: 'My model', datasetId: 'strokes' });
    expect(added.network.parameters).toBe(83);
    expect(v.safeParse(modelSummarySchema, added).success).toBe(true);
    expect(new Uint8Array(await readFile(library.path('my-model')))).toEqual(bytes);
    expect(await library.list()).toEqual([added]);
    expect(await new ModelLibrary(dataDirectory).list()).toEqual([added]);
  });

  it('never writes over a model: the same name gets another id', async () => {
    const added = await Promise.all([1, 2, 3].map(() => library.add(bytes, 'example.safetensors')));
    expect(added.map(({ id }) => id).sort()).toEqual(['example', 'example-2', 'example-3']);
  });

  it('keeps nothing of a file that it refuses', async () => {
    await expect(library.add(bytes.slice(0, 100), 'cut.safetensors')).rejects.toMatchObject({
      code: 'safetensors.header-past-end',
    });
    expect(await readdir(folder()).catch(() => [])).toEqual([]);
  });

  it('reads the label of a model from before there were tags and notes', async () => {
    const { id } = await library.add(bytes, 'example.safetensors');
    await writeFile(join(folder(), `${id}.json`), JSON.stringify({ name: 'Old', test: null }));
    const reopened = new ModelLibrary(dataDirectory);
    expect(await reopened.summary(id)).toMatchObject({ name: 'Old', tags: [], notes: '' });
    await reopened.annotate(id, { tags: ['found'] });
    expect(await reopened.summary(id)).toMatchObject({ name: 'Old', tags: ['found'], notes: '' });
  });

  it('remembers a new name and a test result beside the file, which stays as it is', async () => {
    const { id } = await library.add(bytes, 'example.safetensors');
    await library.rename(id, 'Better name');
    await library.recordTest(id, { loss: 0.5, accuracy: 0.9 });
    expect(new Uint8Array(await readFile(library.path(id)))).toEqual(bytes);
    const reopened = new ModelLibrary(dataDirectory);
    expect(await reopened.summary(id)).toMatchObject({
      id,
      name: 'Better name',
      test: { loss: 0.5, accuracy: 0.9, looks: 1 },
    });
  });

  it('loses neither a name nor a look at the test set when they come at the same time', async () => {
    const { id } = await library.add(bytes, 'example.safetensors');
    const look = { loss: 0.5, accuracy: 0.9 };
    await Promise.all([
      library.recordTest(id, look),
      library.rename(id, 'Better name'),
      library.recordTest(id, look),
    ]);
    const reopened = new ModelLibrary(dataDirectory);
    expect(await reopened.summary(id)).toMatchObject({ name: 'Better name', test: { ...look, looks: 2 } });
  });

  it('leaves out files that are no models', async () => {
    const { id } = await library.add(bytes, 'example.safetensors');
    await writeFile(join(folder(), 'broken.safetensors'), 'no model');
    await writeFile(join(folder(), 'notes.txt'), 'no model');
    expect((await library.list()).map((model) => model.id)).toEqual([id]);
  });

  it('removes a model and all that belongs to it', async () => {
    const { id } = await library.add(bytes, 'example.safetensors');
    await library.remove(id);
    expect(await readdir(folder())).toEqual([]);
    await expect(library.summary(id)).rejects.toMatchObject({ code: 'model.unknown' });
  });

  it('knows no model by a path', async () => {
    await writeFile(join(dataDirectory, 'outside.safetensors'), bytes);
    await expect(library.summary('../outside')).rejects.toMatchObject({ code: 'model.unknown' });
  });
});
