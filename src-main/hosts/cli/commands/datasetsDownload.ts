import type { Command } from '../command.ts';
import { chooseDataset } from '../chooseDataset.ts';
import { interruptedStatus } from '../exitStatus.ts';
import { formatDownloadProgress } from '../text/progressBar.ts';

export const datasetsDownload: Command = {
  name: 'datasets download',
  summary: 'download a data set and check it',
  directory: 'changes',
  operands: ['ID'],
  options: {},
  endsInOrder: true,
  async run({ operands, terminal, openApp, interruption }) {
    const { client } = await openApp();
    const dataset = await chooseDataset(client, operands[0] ?? '');
    const datasetId = dataset.id;
    if (dataset.state === 'ready' || dataset.state === 'built-in') {
      terminal.line(`${dataset.name} is here already: ${dataset.origin}.`);
      return 0;
    }
    const cancel = (): void => void client.call('dataset.cancelDownload', { datasetId });
    interruption.addEventListener('abort', cancel, { once: true });
    client.on('dataset.progressed', (progress) => {
      if (progress.datasetId === datasetId) terminal.progress(formatDownloadProgress(progress));
    });
    terminal.notice(`Downloading ${dataset.name}.`);
    try {
      const ready = await client.call('dataset.download', { datasetId });
      terminal.line(`${ready.name} is ready: ${ready.origin}.`);
      return 0;
    } catch (error) {
      if (!interruption.aborted) throw error;
      terminal.notice(
        'The download was cancelled. What has arrived is kept: the next one goes on from there.',
      );
      return interruptedStatus;
    }
  },
};
