import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { isWeftModel } from '../../../app/modelFiles.ts';
import { toFileError } from '../../../files/fileError.ts';
import type { Client } from '../../../../src-shared/protocol.ts';
import type { ForeignSketch } from '../../../../src-shared/schemas/foreignModel.ts';
import type { ModelSummary } from '../../../../src-shared/schemas/model.ts';
import type { Command, CommandContext } from '../command.ts';
import { wrongUsageStatus } from '../exitStatus.ts';
import {
  answerOptions,
  describeQuestions,
  findOpenQuestions,
  readAnswers,
  readLayerAnswers,
  throwProblem,
} from '../foreignAnswers.ts';
import type { Terminal } from '../terminal.ts';
import { formatTable } from '../text/table.ts';

function printSketch({ layers, notes, answers }: ForeignSketch, terminal: Terminal): void {
  const rows = layers.map((layer, index) => {
    const isOutput = index === layers.length - 1;
    const size = layer.kernel === null ? '' : `${layer.kernel} x ${layer.kernel}`;
    const activation = isOutput ? 'softmax' : answers.layers[index]!.activation;
    return [layer.name, layer.kind, String(layer.inputs), String(layer.outputs), size, activation];
  });
  const table = formatTable(
    [
      { title: 'layer', align: 'left' },
      { title: 'kind', align: 'left' },
      { title: 'in', align: 'right' },
      { title: 'out', align: 'right' },
      { title: 'window', align: 'left' },
      { title: 'activation', align: 'left' },
    ],
    rows,
  );
  for (const line of table) terminal.line(line);
  for (const note of notes) terminal.notice(note);
}

/** Null where questions are open and nobody said to take what is assumed; they are printed then. */
async function importForeign(
  client: Client,
  file: { fileName: string; bytes: Uint8Array<ArrayBuffer> },
  { options, terminal }: CommandContext,
): Promise<ModelSummary | null> {
  const given = readAnswers(options);
  const first = await client.call('model.importForeign', { ...file, answers: given });
  if (first.kind === 'imported') return first.model;
  const { sketch } = first;
  const answers = { ...given, layers: readLayerAnswers(options, sketch) };
  const open = options.has('defaults') ? [] : findOpenQuestions(options, sketch);
  if (open.length > 0) {
    if (options.has('json')) terminal.json({ event: 'asked', ...sketch, questions: open });
    else printSketch(sketch, terminal);
    terminal.notice(
      'The file does not say these; add what is right, or --defaults for all that is assumed here:',
    );
    for (const line of describeQuestions({ ...sketch, questions: open })) terminal.notice(`  ${line}`);
    throwProblem(sketch);
    return null;
  }
  const imported = await client.call('model.importForeign', { ...file, answers, accept: true });
  return imported.kind === 'imported' ? imported.model : null;
}

export const modelsImport: Command = {
  name: 'models import',
  summary: 'take a model file into the library, from Weft or from another tool',
  directory: 'changes',
  operands: ['FILE'],
  options: {
    ...answerOptions,
    defaults: { help: 'assume what is not said, instead of asking' },
    json: { help: 'print one JSON object' },
  },
  notes:
    'FILE is .safetensors or .npz. Weft recognises dense layers, square convolutions, batch normalization and PReLU by the names and shapes of their tensors, in the layout of PyTorch or of Keras and NumPy. What no file says is asked for: run it once without options to see what that is.',
  async run(context) {
    const { operands, options, terminal, openApp } = context;
    const path = operands[0] ?? '';
    let bytes: Uint8Array<ArrayBuffer>;
    try {
      bytes = new Uint8Array(await readFile(path));
    } catch (error) {
      throw toFileError(error, path, 'read');
    }
    const { client } = await openApp();
    const file = { fileName: basename(path), bytes };
    const model = isWeftModel(bytes)
      ? await client.call('model.import', file)
      : await importForeign(client, file, context);
    if (model === null) return wrongUsageStatus;
    if (options.has('json')) terminal.json({ event: 'imported', ...model });
    else terminal.line(`"${model.name}" is in the library as ${model.id}.`);
    return 0;
  },
};
