// The end of every classifier: softmax, and categorical cross-entropy with its gradient.
import type { Matrix } from '../matrix.ts';
import { smallestFirstMoment } from '../optimizers/subnormals.ts';
import type { FloatArray, Region } from '../region.ts';
import { addressOf, type WasmLookup } from './wasmModule.ts';

/** What images are to be taken for, and where it goes how wrong they are. */
export interface LossTarget {
  /** `(rows, classes)` */
  logits: Matrix;
  dLogits: Matrix;
  /** One class a row, and a second one for images that are mixed of two; the first has the larger share. */
  labels: Region<Uint8Array>;
  partners: Region<Uint8Array>;
  /** `(rows, 2)`: what the loss counts for by either class. `1, 0` is a plain image. */
  shares: Region<FloatArray>;
  /** What all classes of a row share evenly of its target. */
  smoothing: number;
  losses: Region<FloatArray>;
  hits: Region<FloatArray>;
}

export interface LossKernels {
  /** Rows of logits become class probabilities, `e^z / sum e^z`. */
  softmax(logits: Matrix, fromRow: number, toRow: number): void;
  /**
   * Softmax, categorical cross-entropy and its gradient in one pass over rows. With shares `a` of the label and `b` of
   * the partner, smoothing `s` and `C` classes, a row's target is
   * `t = (1 - s) (a onehot(label) + b onehot(partner)) + s (a + b) / C`, and `losses[row] = -sum t ln p`;
   * `hits[row]` is 1 where the label has the largest logit (the first one on a tie), else 0;
   * `dLogits = ((a + b) p - t) * scale`. The logits are left as `e^(z - max)`.
   */
  softmaxCrossEntropy(target: LossTarget, scale: number, fromRow: number, toRow: number): void;
}

/** Where the first of the largest of a row's logits is. */
function indexOfLargest({ data, stride, columns }: Matrix, row: number): number {
  const start = row * stride;
  let best = 0;
  for (let one = 1; one < columns; one += 1) if (data[start + one]! > data[start + best]!) best = one;
  return best;
}

/** A row of logits as `e^(z - maximum)`, in place; their sum. */
function exponentiateRow({ data, stride, columns }: Matrix, row: number, maximum: number): number {
  const start = row * stride;
  let sum = 0;
  for (let index = start; index < start + columns; index += 1) {
    const exponential = Math.exp(data[index]! - maximum);
    data[index] = exponential;
    sum += exponential;
  }
  return sum;
}

/** What a class's own logit is less than the maximum, weighted by the row's target. */
function targetDistance(target: LossTarget, row: number, maximum: number): number {
  const { logits, labels, partners, shares, smoothing } = target;
  const start = row * logits.stride;
  const share = shares.data[2 * row]!;
  const partnerShare = shares.data[2 * row + 1]!;
  let fromAll = 0;
  for (let one = 0; one < logits.columns; one += 1) fromAll += maximum - logits.data[start + one]!;
  const fromLabel = maximum - logits.data[start + labels.data[row]!]!;
  const fromPartner = maximum - logits.data[start + partners.data[row]!]!;
  const sharp = (1 - smoothing) * (share * fromLabel + partnerShare * fromPartner);
  return sharp + ((smoothing * (share + partnerShare)) / logits.columns) * fromAll;
}

function differentiateRow(target: LossTarget, row: number, sum: number, scale: number): void {
  const { logits, dLogits, labels, partners, shares, smoothing } = target;
  const share = shares.data[2 * row]!;
  const partnerShare = shares.data[2 * row + 1]!;
  const even = (smoothing * (share + partnerShare)) / logits.columns;
  for (let one = 0; one < logits.columns; one += 1) {
    const probability = logits.data[row * logits.stride + one]! / sum;
    const own = one === labels.data[row] ? share : 0;
    const others = one === partners.data[row] ? partnerShare : 0;
    const wanted = (1 - smoothing) * (own + others) + even;
    const gradient = ((share + partnerShare) * probability - wanted) * scale;
    dLogits.data[row * dLogits.stride + one] = Math.abs(gradient) < smallestFirstMoment ? 0 : gradient;
  }
}

export const referenceLosses: LossKernels = {
  softmax(logits, fromRow, toRow) {
    for (let row = fromRow; row < toRow; row += 1) {
      const start = row * logits.stride;
      const maximum = logits.data[start + indexOfLargest(logits, row)]!;
      const sum = exponentiateRow(logits, row, maximum);
      for (let index = start; index < start + logits.columns; index += 1) {
        logits.data[index] = logits.data[index]! / sum;
      }
    }
  },

  softmaxCrossEntropy(target, scale, fromRow, toRow) {
    const { logits, labels, shares, losses, hits } = target;
    for (let row = fromRow; row < toRow; row += 1) {
      const best = indexOfLargest(logits, row);
      const maximum = logits.data[row * logits.stride + best]!;
      const distance = targetDistance(target, row, maximum);
      const sum = exponentiateRow(logits, row, maximum);
      losses.data[row] = (shares.data[2 * row]! + shares.data[2 * row + 1]!) * Math.log(sum) + distance;
      hits.data[row] = best === labels.data[row] ? 1 : 0;
      differentiateRow(target, row, sum, scale);
    }
  },
};

/** The same over the module's functions. */
export function wasmLosses(wasm: WasmLookup): LossKernels {
  const softmax = wasm('softmax');
  const softmaxCrossEntropy = wasm('softmaxCrossEntropy');
  return {
    softmax(logits, fromRow, toRow) {
      softmax(addressOf(logits), logits.stride, logits.columns, fromRow, toRow);
    },
    softmaxCrossEntropy(target, scale, fromRow, toRow) {
      const { logits, dLogits, labels, partners, shares, smoothing, losses, hits } = target;
      softmaxCrossEntropy(
        addressOf(logits),
        logits.stride,
        logits.columns,
        addressOf(dLogits),
        dLogits.stride,
        labels.byteOffset,
        partners.byteOffset,
        shares.byteOffset,
        losses.byteOffset,
        hits.byteOffset,
        smoothing,
        scale,
        fromRow,
        toRow,
      );
    },
  };
}
