// The models that a person saved or imported: `models/<id>.safetensors`, left as it is but for its temperature, and beside
// it `<id>.json` with what changes: its name, its tags and notes, and how it did on the test set.
import { open, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { toErrorData, WeftError } from '../../src-shared/failure.ts';
import {
  annotationEntries,
  changeAnnotation,
  type AnnotationChanges,
} from '../../src-shared/schemas/annotation.ts';
import { idPattern } from '../../src-shared/schemas/identifier.ts';
import type { ModelSummary } from '../../src-shared/schemas/model.ts';
import type { Provenance } from '../../src-shared/schemas/provenance.ts';
import { testResultSchema } from '../../src-shared/schemas/run.ts';
import { modelsFolder } from '../files/dataDirectory.ts';
import { systemErrorCode, toFileError } from '../files/fileError.ts';
import { listFiles } from '../files/folderContents.ts';
import { makeFolder } from '../files/makeFolder.ts';
import { writeFileSafely } from '../files/safeWrite.ts';
import { toIdentifier } from './identifier.ts';
import { changeModelFile, decodeModel, summarizeModel } from './modelFile.ts';
import { countLook, type TestLook } from './testLooks.ts';

const extension = '.safetensors';

const labelSchema = v.strictObject({
  name: v.string(),
  test: v.nullable(testResultSchema),
  ...annotationEntries,
});
type Label = v.InferOutput<typeof labelSchema>;

/** What a file says of itself, as long as it is the same file. */
interface KnownModel {
  summary: ModelSummary;
  modifiedMs: number;
}

export class ModelLibrary {
  readonly #folder: string;
  readonly #models = new Map<string, KnownModel>();
  /** The last change of a model, done or failed: each starts from what the one before it made. */
  #changing: Promise<unknown> = Promise.resolve();
  /** Files that were already said to be left out. */
  readonly #unreadable = new Set<string>();

  constructor(dataDirectory: string) {
    this.#folder = modelsFolder(dataDirectory);
  }

  /** Newest first. Files that can't be used as models are left out. */
  async list(): Promise<ModelSummary[]> {
    const names = await readdir(this.#folder).catch(() => []);
    const ids = names
      .filter((name) => name.endsWith(extension))
      .map((name) => name.slice(0, -extension.length))
      .filter((id) => idPattern.test(id));
    for (const id of this.#models.keys()) if (!ids.includes(id)) this.#models.delete(id);
    const summaries: ModelSummary[] = [];
    for (const id of ids) {
      try {
        summaries.push(await this.#read(id));
      } catch (error) {
        if (this.#unreadable.has(id)) continue;
        console.warn(`Model "${id}" is left out: ${toErrorData(error).message}`);
        this.#unreadable.add(id);
      }
    }
    return summaries.sort((a, b) => b.createdAt.localeCompare(a.createdAt) || a.id.localeCompare(b.id));
  }

  /** Throws `model.unknown`. */
  async summary(modelId: string): Promise<ModelSummary> {
    if (idPattern.test(modelId)) {
      try {
        return await this.#read(modelId);
      } catch (error) {
        if (systemErrorCode(error) !== 'ENOENT') throw toFileError(error, this.path(modelId), 'read');
      }
    }
    throw new WeftError('model.unknown', `There is no model "${modelId}".`, 'It may have been deleted.');
  }

  /** Where the file of a known model is. */
  path(modelId: string): string {
    return join(this.#folder, `${modelId}${extension}`);
  }

  /**
   * Takes the bytes of a model file in, under a new id made of the name; `fileName` is for errors. Throws every error of
   * `decodeModel`, and then nothing is kept.
   */
  async add(bytes: Uint8Array, fileName: string, name?: string): Promise<ModelSummary> {
    const model = decodeModel(bytes, fileName);
    const label: Label = { name: name ?? model.name, test: model.results.test, tags: [], notes: '' };
    const id = await this.#reserve(toIdentifier(label.name, 'model'));
    try {
      await writeFileSafely(this.#labelPath(id), JSON.stringify(label));
      await writeFileSafely(this.path(id), bytes);
    } catch (error) {
      await this.#removeFiles(id);
      throw error;
    }
    return this.#read(id);
  }

  /** Throws `model.unknown`. */
  rename(modelId: string, name: string): Promise<ModelSummary> {
    return this.#relabel(modelId, () => ({ name }));
  }

  /** Changes its tags, its notes or both. Throws `model.unknown`. */
  annotate(modelId: string, changes: AnnotationChanges): Promise<ModelSummary> {
    return this.#relabel(modelId, (label) => changeAnnotation(label, changes));
  }

  /** Where the model comes from and where it lies. Throws `model.unknown`. */
  async describe(modelId: string): Promise<Provenance> {
    const { name } = await this.summary(modelId);
    const { dataset, weftVersion } = decodeModel(await readFile(this.path(modelId)), name);
    const own = [`${modelId}${extension}`, `${modelId}.json`];
    const files = (await listFiles(this.#folder)).filter((file) => own.includes(file.name));
    return { folder: this.#folder, files, datasetFingerprint: dataset.fingerprint, weftVersion };
  }

  /** Keeps what a look at the test set found, and counts it. Throws `model.unknown`. */
  recordTest(modelId: string, look: TestLook): Promise<ModelSummary> {
    return this.#relabel(modelId, ({ test }) => ({ test: countLook(test, look) }));
  }

  /** Gives it a temperature; null takes it away. Throws `model.unknown`. */
  setTemperature(modelId: string, temperature: number | null): Promise<ModelSummary> {
    return this.#oneAfterTheOther(async () => {
      const { name } = await this.summary(modelId);
      const bytes = await readFile(this.path(modelId));
      await writeFileSafely(this.path(modelId), changeModelFile(bytes, { temperature }, name));
      this.#models.delete(modelId);
      return this.summary(modelId);
    });
  }

  /** Throws `model.unknown`. */
  async remove(modelId: string): Promise<void> {
    await this.summary(modelId);
    await this.#removeFiles(modelId);
    this.#models.delete(modelId);
  }

  #labelPath(modelId: string): string {
    return join(this.#folder, `${modelId}.json`);
  }

  async #removeFiles(modelId: string): Promise<void> {
    try {
      await rm(this.path(modelId), { force: true });
      await rm(this.#labelPath(modelId), { force: true });
    } catch (error) {
      throw toFileError(error, this.path(modelId), 'remove');
    }
  }

  #relabel(modelId: string, change: (label: Label) => Partial<Label>): Promise<ModelSummary> {
    return this.#oneAfterTheOther(async () => {
      const { name, test, tags, notes } = await this.summary(modelId);
      const before: Label = { name, test, tags, notes };
      const label = { ...before, ...change(before) };
      await writeFileSafely(this.#labelPath(modelId), JSON.stringify(label));
      const known = this.#models.get(modelId);
      if (known !== undefined) known.summary = { ...known.summary, ...label };
      return this.summary(modelId);
    });
  }

  #oneAfterTheOther<T>(change: () => Promise<T>): Promise<T> {
    const changed = this.#changing.then(change);
    this.#changing = changed.catch(() => undefined);
    return changed;
  }

  /** An id that no model has, its file made so that no other can get it. */
  async #reserve(base: string): Promise<string> {
    try {
      makeFolder(this.#folder);
      for (let number = 1; ; number += 1) {
        const id = number === 1 ? base : `${base}-${number}`;
        try {
          await (await open(this.path(id), 'wx')).close();
          return id;
        } catch (error) {
          if (systemErrorCode(error) !== 'EEXIST') throw error;
        }
      }
    } catch (error) {
      throw toFileError(error, this.#folder, 'write');
    }
  }

  async #read(modelId: string): Promise<ModelSummary> {
    const { mtimeMs, size } = await stat(this.path(modelId));
    const known = this.#models.get(modelId);
    if (known !== undefined && known.modifiedMs === mtimeMs && known.summary.sizeBytes === size)
      return known.summary;
    const model = decodeModel(await readFile(this.path(modelId)), `${modelId}${extension}`);
    const label = await this.#readLabel(modelId);
    const summary: ModelSummary = {
      id: modelId,
      name: label?.name ?? model.name,
      createdAt: model.createdAt,
      classes: model.classes,
      shape: model.architecture.shape,
      recipe: model.recipe,
      datasetId: model.dataset.id,
      network: summarizeModel(model),
      validationAccuracy: model.results.validationAccuracy,
      test: label === undefined ? model.results.test : label.test,
      sizeBytes: size,
      temperature: model.temperature ?? null,
      tags: label?.tags ?? [],
      notes: label?.notes ?? '',
    };
    this.#models.set(modelId, { summary, modifiedMs: mtimeMs });
    return summary;
  }

  /** Without a readable label the file's own word counts. */
  async #readLabel(modelId: string): Promise<Label | undefined> {
    try {
      return v.parse(labelSchema, JSON.parse(await readFile(this.#labelPath(modelId), 'utf8')));
    } catch {
      return undefined;
    }
  }
}
