// Softmax and categorical cross-entropy: the end of every classifier here.
import type { Arena } from '../arena.ts';
import type { LossTarget } from '../kernels/losses.ts';
import type { Matrix } from '../matrix.ts';
import { rowUnit, type Operation } from '../operation.ts';
import type { FloatArray, Region } from '../region.ts';

/** What the images of training are to be taken for. */
export interface LossSource {
  /** One class an image. */
  labels: Region<Uint8Array>;
  /** The images' numbers in the order of training. */
  order: Region<Uint32Array>;
  /** What an image of each class counts for; null where all count the same. */
  classWeights: Region<FloatArray> | null;
  /** The share of the other image in each that is mixed of two (1 number); null where none are mixed. */
  partnerShare: Region<Float64Array> | null;
  /** What all classes share evenly of each target. */
  smoothing: number;
}

export interface PlannedLoss {
  /** Of each image of the batch, penalties left out. */
  losses: Region<FloatArray>;
  /** 1 for each image of the batch whose class was right, else 0; mixed ones have the class of the larger share. */
  hits: Region<FloatArray>;
  operation: Operation;
}

/**
 * `loss = -sum target * ln softmax(logits)`; `logits` and `dLogits` are `(rows, classes)`. With mixing, each image's
 * partner is the next one of the pass, and the last one's the first.
 */
export function planLoss(
  arena: Arena,
  { logits, dLogits }: { logits: Matrix; dLogits: Matrix },
  { labels, order, classWeights, partnerShare, smoothing }: LossSource,
): PlannedLoss {
  const rows = logits.rows;
  const target: LossTarget = {
    logits,
    dLogits,
    labels: arena.bytes(rows),
    partners: arena.bytes(rows),
    shares: arena.numbers(2 * rows),
    smoothing,
    losses: arena.numbers(rows),
    hits: arena.numbers(rows),
  };
  const labelAt = (place: number): number => labels.data[order.data[place]!]!;
  const weightOf = (label: number): number => (classWeights === null ? 1 : classWeights.data[label]!);
  const setRow = (row: number, label: number, partner: number, share: number): void => {
    target.labels.data[row] = label;
    target.partners.data[row] = partner;
    target.shares.data[2 * row] = (1 - share) * weightOf(label);
    target.shares.data[2 * row + 1] = share * weightOf(partner);
  };
  const operation: Operation = {
    split: 'rows',
    count: rows,
    unit: rowUnit,
    work: 0,
    run: ({ kernels, batch }, from, to) => {
      const share = partnerShare === null ? 0 : partnerShare.data[0]!;
      for (let row = from; row < to; row += 1) {
        const own = labelAt(batch.first + row);
        const next = share === 0 ? own : labelAt(batch.first + (row + 1 === batch.rows ? 0 : row + 1));
        if (share <= 0.5) setRow(row, own, next, share);
        else setRow(row, next, own, 1 - share);
      }
      kernels.softmaxCrossEntropy(target, batch.scale, from, to);
    },
  };
  return { losses: target.losses, hits: target.hits, operation };
}

/** Turns logits `(rows, classes)` into probabilities, in place. */
export function planSoftmax(logits: Matrix): Operation {
  return {
    split: 'rows',
    count: logits.rows,
    unit: rowUnit,
    work: 0,
    run: ({ kernels }, from, to) => kernels.softmax(logits, from, to),
  };
}
