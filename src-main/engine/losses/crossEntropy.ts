// Softmax and categorical cross-entropy: the end of every classifier here.
import type { Arena } from '../arena.ts';
import type { FloatArray, Region } from '../region.ts';
import type { LossTarget } from '../kernels/kernels.ts';
import type { Matrix } from '../matrix.ts';
import { rowUnit, type Operation } from '../operation.ts';

export interface PlannedLoss {
  /** Of each image of the batch, penalties left out. */
  losses: Region<FloatArray>;
  /** 1 for each image of the batch whose class was right, else 0. */
  hits: Region<FloatArray>;
  operation: Operation;
}

/** `loss = -ln softmax(logits)[label]`; `logits` and `dLogits` are `(rows, classes)`, labels are taken in `order`. */
export function planLoss(
  arena: Arena,
  { logits, dLogits }: { logits: Matrix; dLogits: Matrix },
  labels: Region<Uint8Array>,
  order: Region<Uint32Array>,
): PlannedLoss {
  const rows = logits.rows;
  const batchLabels = arena.bytes(rows);
  const target: LossTarget = {
    logits,
    dLogits,
    labels: batchLabels,
    losses: arena.numbers(rows),
    hits: arena.numbers(rows),
  };
  const operation: Operation = {
    split: 'rows',
    count: rows,
    unit: rowUnit,
    work: 0,
    run: ({ kernels, batch }, from, to) => {
      for (let row = from; row < to; row += 1) {
        batchLabels.data[row] = labels.data[order.data[batch.first + row]!]!;
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
