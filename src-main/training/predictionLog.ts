// predictions.bin: what the network said of every validation image after each epoch, one byte a probability. Looking
// back at a run needs no computing again.
import { appendFile } from 'node:fs/promises';
import { toFileError } from '../files/fileError.ts';

/** A run whose log would grow past this writes only every n-th epoch. */
const limitBytes = 512 * 1024 * 1024;

/** Every how many epochs a run logs its predictions. */
export function epochsPerPrediction(epochs: number, validationImages: number, classCount: number): number {
  return Math.max(1, Math.ceil((epochs * validationImages * classCount) / limitBytes));
}

/** Adds the probabilities `(images, classes)`, 255 for 1. Throws `files.…` errors. */
export async function logPredictions(path: string, probabilities: Float32Array): Promise<void> {
  try {
    await appendFile(
      path,
      Uint8Array.from(probabilities, (probability) => Math.round(probability * 255)),
    );
  } catch (error) {
    throw toFileError(error, path, 'write');
  }
}
