import { basename } from 'node:path';
import { writeFileSafely } from '../../../files/safeWrite.ts';
import type { Client } from '../../../../src-shared/protocol.ts';
import type { Command } from '../command.ts';

/** The file's bytes as they come; `onBytes` is told how many there were so far. */
async function* readProject(
  client: Client,
  transferId: string,
  onBytes: (sizeBytes: number) => void,
): AsyncGenerator<Uint8Array, void> {
  let sizeBytes = 0;
  for (let isDone = false; !isDone;) {
    const part = await client.call('project.read', { transferId });
    sizeBytes += part.bytes.byteLength;
    onBytes(sizeBytes);
    yield part.bytes;
    isDone = part.isDone;
  }
}

export const runsExport: Command = {
  name: 'runs export',
  summary: 'write everything of a run into one file, to open on another machine',
  operands: ['RUN'],
  options: {
    out: { value: 'FILE', help: 'the file, else NAME.weft in this folder' },
    json: { help: 'print one JSON object' },
  },
  directory: 'reads',
  notes:
    'The file holds the recipe, the weights, the history, the log of predictions and the checkpoints: "weft runs import FILE" makes the same run of it anywhere.',
  async run({ operands, options, terminal, openApp }) {
    const [runId = ''] = operands;
    const { client } = await openApp();
    const { transferId, fileName } = await client.call('project.export', { runId });
    const path = options.text('out') ?? fileName;
    let sizeBytes = 0;
    const chunks = readProject(client, transferId, (soFar) => {
      sizeBytes = soFar;
      terminal.progress(`${basename(path)}: ${(soFar / 2 ** 20).toFixed(1)} MiB`);
    });
    await writeFileSafely(path, chunks);
    terminal.endProgress();
    if (options.has('json')) terminal.json({ event: 'exported', runId, file: path, sizeBytes });
    else terminal.line(`Run ${runId} is in "${path}" (${(sizeBytes / 2 ** 20).toFixed(1)} MiB).`);
    return 0;
  },
};
