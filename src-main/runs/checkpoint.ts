// A checkpoint: everything that decides how a run goes on, as the bytes of a safetensors file. The last tensor, `sha256`
// (32 bytes), is the SHA-256 of all bytes before it: a file that was cut or changed anywhere is refused.
import { webcrypto } from 'node:crypto';
import * as v from 'valibot';
import { toErrorData, WeftError } from '../../src-shared/failure.ts';
import type { RandomState } from '../../src-shared/random.ts';
import { bytesOf, float32Of } from '../../src-shared/schemas/bytes.ts';
import { recipeSchema } from '../../src-shared/schemas/recipe.ts';
import { epochRecordSchema } from '../../src-shared/schemas/run.ts';
import type { NamedTensor, TrainerState } from '../engine/types.ts';
import { decodeSafetensors, encodeSafetensors, type FileTensor } from '../formats/safetensors.ts';

export const checkpointVersion = '1';
const versionKey = 'weftCheckpoint';
const stateKey = 'state';
const hashName = 'sha256';
const hashBytes = 32;
const slotPrefix = 'optimizer.';
const averagePrefix = 'average.';
const bestPrefix = 'best.';

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const word = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(0xffffffff));
const randomSchema = v.pipe(
  v.strictTuple([word, word, word, word]),
  v.transform((words): RandomState => words),
);

/** Sums over the steps of the epoch under way, and times in milliseconds. */
export const meterStateSchema = v.strictObject({
  lossSum: v.number(),
  rightSum: v.number(),
  images: count,
  stepsDone: count,
  epochMs: v.number(),
  trainingMs: v.number(),
  totalMs: v.number(),
});
export type MeterState = v.InferOutput<typeof meterStateSchema>;

const watchSchema = v.strictObject({
  /** Its weights are the tensors `best.…`; null before the first epoch has ended. */
  best: v.nullable(epochRecordSchema),
  epochsWithoutImprovement: count,
});

const stateSchema = v.strictObject({
  runId: v.string(),
  weftVersion: v.string(),
  kernels: v.string(),
  datasetFingerprint: v.string(),
  /** Of the corrections that it is trained with; absent for none. */
  correctionsFingerprint: v.exactOptional(v.string()),
  recipe: recipeSchema,
  position: v.strictObject({
    step: count,
    epoch: count,
    batch: count,
    baseLearningRate: v.number(),
    schedule: v.strictObject({ bestLoss: v.number(), badEpochs: count, drops: count }),
    random: v.strictObject({ shuffle: randomSchema, dropout: randomSchema, mixup: randomSchema }),
  }),
  meter: meterStateSchema,
  /** Of the last epoch that ended. */
  lastEpoch: v.nullable(epochRecordSchema),
  /** Null where the recipe has no early stopping. */
  watch: v.nullable(watchSchema),
  /** The checkpoint with the lowest validation loss so far. */
  best: v.nullable(v.strictObject({ step: count, validationLoss: v.number() })),
  /** How long history.ndjson and predictions.bin are when they say what happened up to here and no more. */
  historyBytes: count,
  predictionsBytes: count,
});
/** What a checkpoint says besides its tensors. */
export type CheckpointState = v.InferOutput<typeof stateSchema>;

/** The weights of the best epoch so far by early stopping, and what is known of that epoch. */
export type WatchState = NonNullable<CheckpointState['watch']>;

export interface Checkpoint extends Omit<CheckpointState, 'position'> {
  trainer: TrainerState;
  /** The weights that early stopping would keep; null where there are none. */
  bestTensors: NamedTensor[] | null;
}

const toFile = (tensors: readonly NamedTensor[], prefix: string): FileTensor[] =>
  tensors.map(({ name, shape, data }) => {
    return { name: `${prefix}${name}`, dtype: 'F32', shape, bytes: bytesOf(data) };
  });

/** All bytes of the file but for its hash, which `hashOf` gives. */
function encodeBody(checkpoint: Checkpoint): { file: Uint8Array<ArrayBuffer>; bodyBytes: number } {
  const { trainer, bestTensors, ...rest } = checkpoint;
  const { position, tensors, slots, averages } = trainer;
  const state: CheckpointState = { ...rest, position };
  const file = encodeSafetensors(
    [
      ...toFile(tensors, ''),
      ...slots.flatMap((slot) => toFile(slot.tensors, `${slotPrefix}${slot.name}.`)),
      ...toFile(averages ?? [], averagePrefix),
      ...toFile(bestTensors ?? [], bestPrefix),
      { name: hashName, dtype: 'U8', shape: [hashBytes], bytes: new Uint8Array(hashBytes) },
    ],
    new Map([
      [versionKey, checkpointVersion],
      [stateKey, JSON.stringify(state)],
    ]),
  );
  return { file, bodyBytes: file.byteLength - hashBytes };
}

/** Computed in a thread of Node's own. */
const hashOf = async (bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> =>
  new Uint8Array(await webcrypto.subtle.digest('SHA-256', bytes));

/** The file's bytes in two parts: all of it, then its hash. */
export async function encodeCheckpoint(checkpoint: Checkpoint): Promise<Uint8Array<ArrayBuffer>[]> {
  const { file, bodyBytes } = encodeBody(checkpoint);
  const body = file.subarray(0, bodyBytes);
  return [body, await hashOf(body)];
}

const damaged = (fileName: string, because: string): WeftError =>
  new WeftError('checkpoint.damaged', `The checkpoint "${fileName}" is damaged: ${because}.`);

function parseState(text: string | undefined, fileName: string): CheckpointState {
  let value: unknown;
  try {
    value = JSON.parse(text ?? '');
  } catch {
    throw damaged(fileName, 'what it says of itself is not JSON');
  }
  const parsed = v.safeParse(stateSchema, value);
  if (parsed.success) return parsed.output;
  const where = v.getDotPath(parsed.issues[0]) ?? 'state';
  throw damaged(fileName, `its ${where} is not as the format demands`);
}

/** Slots by their names; a tensor is called `optimizer.<slot>.<tensor>`, and slots have no dots. */
function groupSlots(tensors: readonly NamedTensor[]): TrainerState['slots'] {
  const bySlot = new Map<string, NamedTensor[]>();
  for (const tensor of tensors) {
    const end = tensor.name.indexOf('.');
    const slot = tensor.name.slice(0, end);
    const group = bySlot.get(slot) ?? [];
    group.push({ ...tensor, name: tensor.name.slice(end + 1) });
    bySlot.set(slot, group);
  }
  return [...bySlot.entries()].map(([name, group]) => ({ name, tensors: group }));
}

/**
 * The checkpoint in the bytes of a file; `fileName` is for the errors. Throws `checkpoint.damaged` for a file that was
 * cut, changed or never was one, and `checkpoint.unknown-version` for one of another Weft.
 */
export async function decodeCheckpoint(
  bytes: Uint8Array<ArrayBuffer>,
  fileName: string,
): Promise<Checkpoint> {
  const bodyBytes = Math.max(0, bytes.byteLength - hashBytes);
  const hash = await hashOf(bytes.subarray(0, bodyBytes));
  if (!hash.every((byte, index) => byte === bytes[bodyBytes + index])) {
    throw damaged(fileName, 'its SHA-256 is not that of its bytes');
  }
  let decoded: ReturnType<typeof decodeSafetensors>;
  try {
    decoded = decodeSafetensors(bytes, fileName);
  } catch (error) {
    throw damaged(fileName, toErrorData(error).message.replace(/\.$/, ''));
  }
  const version = decoded.metadata.get(versionKey);
  if (version !== checkpointVersion) {
    throw new WeftError(
      'checkpoint.unknown-version',
      `The checkpoint "${fileName}" has the version ${version ?? 'none'}; this Weft reads ${checkpointVersion}.`,
    );
  }
  const { position, ...state } = parseState(decoded.metadata.get(stateKey), fileName);
  const groups: Record<'tensor' | 'slot' | 'average' | 'best', NamedTensor[]> = {
    tensor: [],
    slot: [],
    average: [],
    best: [],
  };
  const prefixes = [
    ['slot', slotPrefix],
    ['average', averagePrefix],
    ['best', bestPrefix],
  ] as const;
  for (const { name, dtype, shape, bytes: data } of decoded.tensors) {
    if (name === hashName) continue;
    if (dtype !== 'F32') throw damaged(fileName, `tensor "${name}" has the type ${dtype}, not F32`);
    const [group, prefix] = prefixes.find((one) => name.startsWith(one[1])) ?? (['tensor', ''] as const);
    groups[group].push({ name: name.slice(prefix.length), shape: [...shape], data: float32Of(data) });
  }
  return {
    ...state,
    trainer: {
      position,
      tensors: groups.tensor,
      slots: groupSlots(groups.slot),
      averages: groups.average.length === 0 ? null : groups.average,
    },
    bestTensors: groups.best.length === 0 ? null : groups.best,
  };
}
