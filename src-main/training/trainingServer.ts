// What a training process does with the messages of the core, whatever wire they come over.
import { setImmediate as breathe } from 'node:timers/promises';
import * as v from 'valibot';
import { toErrorData } from '../../src-shared/failure.ts';
import { findDuplicates } from '../datasets/duplicates/findDuplicates.ts';
import { readImport } from '../datasets/importing/readImport.ts';
import { DatasetStore } from '../datasets/store.ts';
import { evaluateModelFile, readModelFile } from './evaluation.ts';
import { exportFromHere } from './exporting.ts';
import { ModelInspector } from './inspector.ts';
import {
  toTrainingSchema,
  type DuplicatesOrder,
  type EvaluationOrder,
  type ExportOrder,
  type FromTraining,
  type ImportOrder,
  type InspectionOrder,
  type NeighboursOrder,
  type PixelsInspectionOrder,
  type PredictionOrder,
  type ToTraining,
} from './messages.ts';
import type { ParentConnection } from './parentPort.ts';
import { TrainingJob } from './trainingJob.ts';

const pulseMs = 1000;
/** Progress is told at most ten times a second. */
const progressIntervalMs = 100;

/** Trains and evaluates as the core asks, for as long as the connection lasts. */
export function serveTraining(
  parent: Pick<ParentConnection, 'send' | 'onMessage'>,
  workerProgram: URL,
): void {
  const stores = new Map<string, DatasetStore>();
  let job: TrainingJob | undefined;
  let inspector: ModelInspector | undefined;

  const datasetsOf = (dataDirectory: string): DatasetStore => {
    const store = stores.get(dataDirectory) ?? new DatasetStore({ dataDirectory });
    stores.set(dataDirectory, store);
    return store;
  };

  const evaluate = async (order: EvaluationOrder): Promise<FromTraining> => {
    const { requestId, modelPath, dataDirectory, datasetId, split, threads } = order;
    const dataset = await datasetsOf(dataDirectory).load(datasetId);
    const result = await evaluateModelFile(modelPath, dataset, split, { threads, workerProgram });
    return { kind: 'evaluated', requestId, result };
  };

  const lookAtImage = async (order: InspectionOrder | NeighboursOrder): Promise<FromTraining> => {
    const { requestId, modelPath, dataDirectory, datasetId, split, index, threads } = order;
    inspector ??= new ModelInspector({ threads, workerProgram });
    const dataset = await datasetsOf(dataDirectory).load(datasetId);
    const image = { modelPath, dataset, split, index };
    if (order.kind === 'inspect') {
      return { kind: 'inspected', requestId, result: await inspector.inspect(image) };
    }
    const result = await inspector.findNeighbours(image, order.count);
    return { kind: 'neighboursFound', requestId, result };
  };

  const lookAtPixels = async (order: PixelsInspectionOrder | PredictionOrder): Promise<FromTraining> => {
    const { kind, requestId, threads } = order;
    inspector ??= new ModelInspector({ threads, workerProgram });
    return kind === 'predict'
      ? { kind: 'predicted', requestId, result: await inspector.predict(order) }
      : { kind: 'inspected', requestId, result: await inspector.inspectPixels(order) };
  };

  const makeExport = async (order: ExportOrder): Promise<FromTraining> => {
    const { requestId, modelPath, name, test, dataDirectory, threads, format, withExamples } = order;
    const read = await readModelFile(modelPath);
    const model = { ...read, name, results: { ...read.results, test } };
    const choice = { format, withExamples };
    const engine = { threads, workerProgram };
    const result = await exportFromHere(model, datasetsOf(dataDirectory), choice, engine);
    return { kind: 'exported', requestId, result };
  };

  const readForImport = async ({ requestId, ...request }: ImportOrder): Promise<FromTraining> => {
    const result = await readImport(request, (progress) =>
      parent.send({ kind: 'importProgressed', requestId, progress }),
    );
    return { kind: 'importRead', requestId, result };
  };

  const findCopies = async (order: DuplicatesOrder): Promise<FromTraining> => {
    const { requestId, dataDirectory, datasetId, similarity } = order;
    const dataset = await datasetsOf(dataDirectory).load(datasetId);
    let saidMs = 0;
    const onProgress = async (share: number): Promise<void> => {
      const nowMs = performance.now();
      if (nowMs - saidMs < progressIntervalMs) return;
      saidMs = nowMs;
      parent.send({ kind: 'duplicatesProgressed', requestId, share });
      await breathe();
    };
    const result = await findDuplicates(dataset, { similarity, onProgress });
    return { kind: 'duplicatesFound', requestId, result };
  };

  /** Sends what comes of an order, or why nothing does. */
  const respond = (requestId: number, answered: Promise<FromTraining>): void => {
    answered.then(
      (answer) => parent.send(answer),
      (error: unknown) => parent.send({ kind: 'refused', requestId, error: toErrorData(error) }),
    );
  };

  /** Says all the while that this process is alive. */
  const train = async (begun: TrainingJob, dataDirectory: string): Promise<void> => {
    const pulse = setInterval(() => parent.send({ kind: 'alive' }), pulseMs);
    await begun.run(datasetsOf(dataDirectory));
    clearInterval(pulse);
  };

  const handle = (message: ToTraining): void => {
    switch (message.kind) {
      case 'train':
        job = new TrainingJob(message, { workerProgram, send: (answer) => parent.send(answer) });
        void train(job, message.dataDirectory);
        return;
      case 'evaluate':
        respond(message.requestId, evaluate(message));
        return;
      case 'inspect':
      case 'findNeighbours':
        respond(message.requestId, lookAtImage(message));
        return;
      case 'inspectPixels':
      case 'predict':
        respond(message.requestId, lookAtPixels(message));
        return;
      case 'export':
        respond(message.requestId, makeExport(message));
        return;
      case 'readImport':
        respond(message.requestId, readForImport(message));
        return;
      case 'findDuplicates':
        respond(message.requestId, findCopies(message));
        return;
      case 'pause':
      case 'resume':
      case 'step':
      case 'stop':
      case 'changeLearningRate':
        job?.control(message);
    }
  };

  parent.onMessage((message) => handle(v.parse(toTrainingSchema, message)));
}
