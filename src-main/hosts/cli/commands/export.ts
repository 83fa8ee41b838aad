import { stat } from 'node:fs/promises';
import { dirname, join, parse, resolve } from 'node:path';
import { exportFile, readModel } from '../../../app/modelFiles.ts';
import { WeftError } from '../../../../src-shared/failure.ts';
import { exportFormats, ownFormat, type ExportFormatId } from '../../../../src-shared/exportFormats.ts';
import type { ExportCheck, ExportedModel } from '../../../../src-shared/schemas/export.ts';
import { writeFileSafely } from '../../../files/safeWrite.ts';
import { chooseModel } from '../chooseModel.ts';
import type { Command, CommandContext } from '../command.ts';
import type { GivenOptions } from '../givenOptions.ts';
import { formatBytes, formatCount, formatPercent } from '../text/numbers.ts';

const formatIds = exportFormats.map(({ id }) => id);

const formatOf = (options: GivenOptions): ExportFormatId => options.choice('format', formatIds) ?? ownFormat;

async function kindOf(path: string): Promise<'file' | 'folder' | 'nothing'> {
  try {
    return (await stat(path)).isDirectory() ? 'folder' : 'file';
  } catch {
    return 'nothing';
  }
}

/** Throws `export.exists` where a file would be replaced that nobody said may be. */
async function checkFree(path: string, mayReplace: boolean): Promise<void> {
  if (mayReplace || (await kindOf(path)) === 'nothing') return;
  throw new WeftError(
    'export.exists',
    `There is a file "${path}" already.`,
    'Choose another name with --out, or add --force to replace it.',
  );
}

async function make(context: CommandContext): Promise<ExportedModel> {
  const { options, operands, openApp, dataDirectory } = context;
  const format = formatOf(options);
  const withExamples = options.has('examples');
  const { client } = await openApp();
  const chosen = await chooseModel(client, operands[0] ?? '');
  return chosen.kind === 'kept'
    ? client.call('model.export', { model: chosen.reference, format, withExamples })
    : exportFile(await readModel(chosen.path), dataDirectory, { format, withExamples });
}

/** Where the file goes: a folder gets it under its own name. */
async function placeOf({ options }: CommandContext, fileName: string): Promise<string> {
  const out = options.text('out') ?? '.';
  return (await kindOf(resolve(out))) === 'folder' ? join(out, fileName) : out;
}

function describeCheck(check: ExportCheck): string[] {
  const images = `${formatCount(check.images)} ${check.source === 'validation' ? 'held-out images' : 'pictures drawn by Weft'}`;
  const { ownAccuracy, reloadedAccuracy } = check;
  const what = check.covers === 'file' ? 'read back' : 'weights read back (scripts are not run)';
  return [
    `checked   ${what}, compared on ${images}: same classes, largest difference ${check.largestDifference}`,
    ...(ownAccuracy === null || reloadedAccuracy === null
      ? []
      : [
          `accuracy  ${formatPercent(reloadedAccuracy)} of what was read back, ${formatPercent(ownAccuracy)} of the model`,
        ]),
  ];
}

export const exportCommand: Command = {
  name: 'export',
  summary: 'write a model as a file for other tools',
  directory: 'reads',
  operands: ['MODEL'],
  options: {
    format: { value: 'ID', help: `${formatIds.join(', ')} (else ${ownFormat})` },
    out: { value: 'PATH', help: 'the file or folder to write to (else this folder)' },
    examples: { help: 'give images and what the model says of them as well, as a NumPy archive' },
    force: { help: 'replace files that are there already' },
    json: { help: 'print one JSON object' },
  },
  notes:
    'MODEL is a .safetensors file, or the id of a run or of a model in the library. The file is read back and compared with the model before it is written; one that differs is not.',
  async run(context) {
    const { options, terminal } = context;
    const mayReplace = options.has('force');
    const out = options.text('out');
    if (out !== undefined && (await kindOf(resolve(out))) === 'file') await checkFree(out, mayReplace);
    const { fileName, bytes, check, examples } = await make(context);
    const path = await placeOf(context, fileName);
    const examplesPath = examples === null ? null : join(dirname(path), `${parse(path).name}-examples.npz`);
    await checkFree(path, mayReplace);
    if (examplesPath !== null) await checkFree(examplesPath, mayReplace);
    await writeFileSafely(resolve(path), bytes);
    if (examples !== null && examplesPath !== null) {
      await writeFileSafely(resolve(examplesPath), examples.bytes);
    }
    if (options.has('json')) {
      terminal.json({
        event: 'exported',
        format: formatOf(options),
        file: path,
        sizeBytes: bytes.length,
        examples: examplesPath,
        check,
      });
      return 0;
    }
    terminal.line(`file      ${path} (${formatBytes(bytes.length)})`);
    if (examplesPath !== null) terminal.line(`examples  ${examplesPath}`);
    for (const line of describeCheck(check)) terminal.line(line);
    return 0;
  },
};
