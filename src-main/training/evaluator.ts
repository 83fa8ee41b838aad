// Evaluates, exports and looks into models in a training process, so that the core's own process never computes. The
// process stays for a while: the next order finds its dataset loaded.
import * as v from 'valibot';
import { fromErrorData, WeftError } from '../../src-shared/failure.ts';
import { describeIssue } from '../../src-shared/protocol.ts';
import type { ExportedModel } from '../../src-shared/schemas/export.ts';
import type { Inspection, NearestImages, Prediction } from '../../src-shared/schemas/inspection.ts';
import type { TrainingChannel } from './channel.ts';
import { createDeferred, type Deferred } from './deferred.ts';
import {
  fromTrainingSchema,
  type EvaluationOrder,
  type EvaluationResult,
  type ExportOrder,
  type FromTraining,
  type InspectionOrder,
  type NeighboursOrder,
  type PixelsInspectionOrder,
  type PredictionOrder,
} from './messages.ts';

const idleMs = 60_000;

type Unnumbered<Order> = Omit<Order, 'requestId'>;
type Content<Order> = Omit<Order, 'kind' | 'requestId'>;
type Answer = Extract<
  FromTraining,
  { kind: 'evaluated' | 'exported' | 'inspected' | 'neighboursFound' | 'predicted' }
>;
type Refusal = Extract<FromTraining, { kind: 'refused' }>;
type AnswerTo<Kind extends Answer['kind']> = Extract<Answer, { kind: Kind }>;

const isAnswer = <Kind extends Answer['kind']>(answer: Answer, kind: Kind): answer is AnswerTo<Kind> =>
  answer.kind === kind;

const isAwaited = (message: FromTraining): message is Answer | Refusal =>
  ['evaluated', 'exported', 'inspected', 'neighboursFound', 'predicted', 'refused'].includes(message.kind);

export class Evaluator {
  readonly #spawn: () => TrainingChannel;
  #channel: TrainingChannel | undefined;
  readonly #waiting = new Map<number, Deferred<Answer>>();
  #nextRequestId = 1;
  #idleTimer: NodeJS.Timeout | undefined;

  constructor(spawnTraining: () => TrainingChannel) {
    this.#spawn = spawnTraining;
  }

  /** Throws what prevented it, `evaluation.process-ended` when the process died. */
  async evaluate(order: Content<EvaluationOrder>): Promise<EvaluationResult> {
    return (await this.#ask('evaluated', { kind: 'evaluate', ...order })).result;
  }

  /** One image as a model sees it. Throws what `ModelInspector` throws, and `evaluation.process-ended`. */
  async inspect(order: Content<InspectionOrder>): Promise<Inspection> {
    return (await this.#ask('inspected', { kind: 'inspect', ...order })).result;
  }

  /** The training images most similar to one, to a model. Throws as `inspect` does. */
  async findNeighbours(order: Content<NeighboursOrder>): Promise<NearestImages> {
    return (await this.#ask('neighboursFound', { kind: 'findNeighbours', ...order })).result;
  }

  /** The same for an image that is in no dataset. */
  async inspectPixels(order: Content<PixelsInspectionOrder>): Promise<Inspection> {
    return (await this.#ask('inspected', { kind: 'inspectPixels', ...order })).result;
  }

  /** Images that are in no dataset. The model stays open, so that the next ones take no time. Throws as `inspect` does. */
  async predict(order: Content<PredictionOrder>): Promise<Prediction> {
    return (await this.#ask('predicted', { kind: 'predict', ...order })).result;
  }

  /** Throws what `exportModel` does, and `evaluation.process-ended` when the process died. */
  async export(order: Content<ExportOrder>): Promise<ExportedModel> {
    return (await this.#ask('exported', { kind: 'export', ...order })).result;
  }

  /** Ends the process; what is under way fails. */
  close(): void {
    this.#end('Weft is ending');
  }

  /** Sends the order and waits for an answer of that kind. */
  async #ask<Kind extends Answer['kind']>(
    kind: Kind,
    order:
      | Unnumbered<EvaluationOrder>
      | Unnumbered<ExportOrder>
      | Unnumbered<InspectionOrder>
      | Unnumbered<NeighboursOrder>
      | Unnumbered<PixelsInspectionOrder>
      | Unnumbered<PredictionOrder>,
  ): Promise<AnswerTo<Kind>> {
    clearTimeout(this.#idleTimer);
    const requestId = this.#nextRequestId;
    this.#nextRequestId += 1;
    const waiting = createDeferred<Answer>();
    this.#waiting.set(requestId, waiting);
    this.#channel ??= this.#start();
    this.#channel.send({ ...order, requestId });
    const answer = await waiting.promise;
    if (isAnswer(answer, kind)) return answer;
    throw new Error(`The order "${order.kind}" was answered by "${answer.kind}".`);
  }

  #end(reason: string): void {
    clearTimeout(this.#idleTimer);
    const channel = this.#channel;
    this.#processEnded(reason);
    channel?.kill();
  }

  #start(): TrainingChannel {
    const channel = this.#spawn();
    channel.onMessage((message) => this.#receive(message));
    channel.onExit((reason) => {
      if (this.#channel === channel) this.#processEnded(reason);
    });
    return channel;
  }

  #processEnded(reason: string): void {
    this.#channel = undefined;
    const error = new WeftError(
      'evaluation.process-ended',
      `The process that evaluates and exports models ended before it was done (${reason}).`,
      'Try again.',
    );
    for (const waiting of this.#waiting.values()) waiting.reject(error);
    this.#waiting.clear();
  }

  #receive(message: unknown): void {
    const parsed = v.safeParse(fromTrainingSchema, message);
    if (!parsed.success) {
      this.#end(`its message was wrong, ${describeIssue(parsed.issues)}`);
      return;
    }
    const answer = parsed.output;
    if (!isAwaited(answer)) return;
    const waiting = this.#waiting.get(answer.requestId);
    this.#waiting.delete(answer.requestId);
    if (answer.kind === 'refused') waiting?.reject(fromErrorData(answer.error));
    else waiting?.resolve(answer);
    if (this.#waiting.size > 0) return;
    this.#idleTimer = setTimeout(() => this.close(), idleMs);
    this.#idleTimer.unref();
  }
}
