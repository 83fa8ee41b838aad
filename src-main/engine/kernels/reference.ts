// The arithmetic as plain loops: what it means, and what every faster kernel is compared with. Sums are made in
// float64 and rounded when they are stored; on a float64 arena they serve the gradient checks.
import type { Operand } from '../matrix.ts';
import { smallestFirstMoment } from '../optimizers/subnormals.ts';
import { referenceAugmentation } from './augmentation.ts';
import { referenceAveraging } from './averaging.ts';
import { referenceImages } from './images.ts';
import type { Kernels } from './kernels.ts';
import { referenceLimits } from './limits.ts';
import { referenceLosses } from './losses.ts';
import { referenceDropout } from './dropout.ts';
import { referenceFlattening } from './flattening.ts';
import { referenceNormalization } from './normalization.ts';
import { referencePooling } from './pooling.ts';
import { referencePrelu } from './prelu.ts';
import { referenceWindows } from './windows.ts';

/** Where in its region the operand's number at (row, k) is. */
function placeIn({ region, first, rowOffsets, depthOffsets }: Operand, row: number, k: number): number {
  const bytes = rowOffsets.data[row]! + depthOffsets.data[k]!;
  return first + bytes / region.data.BYTES_PER_ELEMENT;
}

export const referenceKernels: Kernels = {
  name: 'reference',
  ...referenceAugmentation,
  ...referenceAveraging,
  ...referenceImages,
  ...referenceLimits,
  ...referenceLosses,
  ...referenceDropout,
  ...referenceFlattening,
  ...referenceNormalization,
  ...referencePooling,
  ...referencePrelu,
  ...referenceWindows,

  multiply(a, b, c, depth, accumulate, part) {
    const { data } = a.region;
    for (let row = part.fromRow; row < part.toRow; row += 1) {
      for (let column = part.fromColumn; column < part.toColumn; column += 1) {
        let sum = accumulate ? c.get(row, column) : 0;
        for (let k = 0; k < depth; k += 1) sum += data[placeIn(a, row, k)]! * b.get(k, column);
        c.set(row, column, sum);
      }
    }
  },

  multiplyByTranspose(a, b, c, part) {
    const { data } = a.region;
    for (let row = part.fromRow; row < part.toRow; row += 1) {
      for (let column = part.fromColumn; column < part.toColumn; column += 1) {
        let sum = 0;
        for (let k = 0; k < b.columns; k += 1) sum += data[placeIn(a, row, k)]! * b.get(column, k);
        c.set(row, column, sum);
      }
    }
  },

  addBias(bias, output, part) {
    for (let row = part.fromRow; row < part.toRow; row += 1) {
      for (let column = part.fromColumn; column < part.toColumn; column += 1) {
        output.set(row, column, output.get(row, column) + bias.get(0, column));
      }
    }
  },

  sumRows(matrix, sums, depth, accumulate, fromColumn, toColumn) {
    for (let column = fromColumn; column < toColumn; column += 1) {
      let sum = accumulate ? sums.get(0, column) : 0;
      for (let row = 0; row < depth; row += 1) sum += matrix.get(row, column);
      sums.set(0, column, sum);
    }
  },

  activate(activation, input, output, part) {
    for (let row = part.fromRow; row < part.toRow; row += 1) {
      for (let column = part.fromColumn; column < part.toColumn; column += 1) {
        output.set(row, column, activation.value(input.get(row, column)));
      }
    }
  },

  backpropagate(activation, input, output, dOutput, part) {
    for (let row = part.fromRow; row < part.toRow; row += 1) {
      for (let column = part.fromColumn; column < part.toColumn; column += 1) {
        const slope = activation.slope(input.get(row, column), output.get(row, column));
        dOutput.set(row, column, dOutput.get(row, column) * slope);
      }
    }
  },

  penalize(parameters, gradients, { l1, l2 }, from, to) {
    for (let index = from; index < to; index += 1) {
      const weight = parameters.data[index]!;
      if (Math.abs(weight) < smallestFirstMoment) {
        parameters.data[index] = 0;
      } else {
        gradients.data[index] = gradients.data[index]! + l1 * Math.sign(weight) + l2 * weight;
      }
    }
  },

  update(optimizer, constants, parameters, gradients, slots, from, to) {
    const states = slots.map((slot) => slot.data);
    optimizer.update(constants.data, parameters.data, gradients.data, states, from, to);
  },
};
