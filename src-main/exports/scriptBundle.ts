// Bundles: scripts in another language with the weights that they load.
import { toIdentifier } from '../runs/identifier.ts';
import { packArchive, unpackFile } from './archive.ts';
import type { ArchiveFile, ExportMaker, ExportSource } from './exportFormat.ts';
import { decodeModelArrays, encodeModelArrays } from './npz.ts';

/** What the scripts find beside them. */
export const weightsFile = 'weights.npz';
export const examplesFile = 'examples.npz';

/**
 * A zip archive of what `writeScripts` gives, the weights (as `npz.ts` lays them out) and, where they were asked for,
 * the examples. The weights are what is read back; the scripts are not run.
 */
export function scriptBundle(
  ending: string,
  writeScripts: (source: ExportSource) => readonly ArchiveFile[],
): ExportMaker {
  return {
    holdsExamples: true,
    covers: 'weights',
    make: (source) => {
      const { model, examples } = source;
      return packArchive(`${toIdentifier(model.name, 'model')}-${ending}`, [
        ...writeScripts(source),
        { path: weightsFile, bytes: encodeModelArrays(model) },
        ...(examples === null ? [] : [{ path: examplesFile, bytes: examples }]),
      ]);
    },
    readBack: (bytes, fileName) =>
      decodeModelArrays(unpackFile(bytes, weightsFile, fileName), `${fileName}: ${weightsFile}`),
  };
}
