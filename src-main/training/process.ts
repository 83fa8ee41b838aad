// The training process: trains one run, or evaluates models, as the core asks. It ends when the core's process does.
import * as v from 'valibot';
import { toErrorData } from '../../src-shared/failure.ts';
import { DatasetStore } from '../datasets/store.ts';
import { evaluateModelFile } from './evaluation.ts';
import { toTrainingSchema, type EvaluationOrder, type ToTraining } from './messages.ts';
import { connectToParent } from './parentPort.ts';
import { TrainingJob } from './trainingJob.ts';

/** Built beside this program. */
const workerProgram = new URL('./worker.js', import.meta.url);

const parent = connectToParent();
const stores = new Map<string, DatasetStore>();
let job: TrainingJob | undefined;

// Ctrl+C in a terminal reaches every process of it; the core decides what becomes of the run and then ends this one.
for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => undefined);
parent.onGone(() => process.exit(0));

function datasetsOf(dataDirectory: string): DatasetStore {
  const store = stores.get(dataDirectory) ?? new DatasetStore({ dataDirectory });
  stores.set(dataDirectory, store);
  return store;
}

async function evaluate(order: EvaluationOrder): Promise<void> {
  const { requestId, modelPath, dataDirectory, datasetId, split } = order;
  try {
    const dataset = await datasetsOf(dataDirectory).load(datasetId);
    const result = await evaluateModelFile(modelPath, dataset, split, { threads: 0, workerProgram });
    parent.send({ kind: 'evaluated', requestId, result });
  } catch (error) {
    parent.send({ kind: 'refused', requestId, error: toErrorData(error) });
  }
}

function obey(message: ToTraining): void {
  switch (message.kind) {
    case 'train':
      job = new TrainingJob(message, { workerProgram, send: (answer) => parent.send(answer) });
      void job.run(datasetsOf(message.dataDirectory));
      return;
    case 'evaluate':
      void evaluate(message);
      return;
    case 'pause':
    case 'resume':
    case 'step':
    case 'stop':
    case 'changeLearningRate':
      job?.control(message);
  }
}

parent.onMessage((message) => obey(v.parse(toTrainingSchema, message)));
