// Opens whatever file Weft can open: its own models and projects, models that other tools wrote, and images to try.
import { modelFileLimitBytes } from '../../src-shared/contract.ts';
import { WeftError } from '../../src-shared/failure.ts';
import { chooseFile } from '../ui/chooseFile.ts';
import { foreignImport } from './foreignImport.svelte.ts';
import { models } from './models.svelte.ts';
import { navigation } from './navigation.svelte.ts';
import { isPictureFile, openPicture, pictureTypes } from './openPicture.ts';
import { projects } from './projects.svelte.ts';

const projectEnding = '.weft';
const arraysEnding = '.npz';
/** For the dialog that chooses a file. */
const openable = `.safetensors,${arraysEnding},${projectEnding},${pictureTypes}`;
/** The code of the error for a safetensors file that Weft did not write. */
const notWeftCode = 'model.not-weft';

async function openForeign(file: File): Promise<void> {
  if (file.size > modelFileLimitBytes) {
    throw new WeftError(
      'model.too-large',
      `${file.name} is larger than ${modelFileLimitBytes / 2 ** 20} MiB.`,
      'Choose a smaller model.',
    );
  }
  await foreignImport.open({ fileName: file.name, bytes: new Uint8Array(await file.arrayBuffer()) });
}

/** Whether the file's ending is that of a model or project of Weft's; NumPy archives may hold images as well. */
export function isModelFile({ name }: File): boolean {
  return [projectEnding, '.safetensors'].some((ending) => name.toLowerCase().endsWith(ending));
}

/** Opens a file by what it is. */
export async function openFile(file: File): Promise<void> {
  const name = file.name.toLowerCase();
  const isForPad = navigation.screen === 'try' && !isModelFile(file) && !name.endsWith(arraysEnding);
  if (isForPad || isPictureFile(file)) return openPicture(file);
  if (name.endsWith(projectEnding)) return projects.openFile(file);
  if (name.endsWith(arraysEnding)) return openForeign(file);
  try {
    await models.openFile(file);
  } catch (error) {
    if (!(error instanceof WeftError && error.code === notWeftCode)) throw error;
    await openForeign(file);
  }
}

/** Lets the person choose a file and opens it. */
export async function chooseAndOpenFile(): Promise<void> {
  const file = await chooseFile(openable);
  if (file !== null) await openFile(file);
}
