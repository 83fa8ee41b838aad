// The kernels over WebAssembly SIMD, on a float32 arena. What the module does not have falls back on the reference.
import { wasmAugmentation } from './augmentation.ts';
import { wasmAveraging } from './averaging.ts';
import { wasmImages } from './images.ts';
import type { Kernels } from './kernels.ts';
import { wasmLimits } from './limits.ts';
import { wasmLosses } from './losses.ts';
import { smallestFirstMoment, smallestSecondMoment } from '../optimizers/subnormals.ts';
import { referenceKernels } from './reference.ts';
import { wasmDropout } from './dropout.ts';
import { wasmFlattening } from './flattening.ts';
import { wasmNormalization } from './normalization.ts';
import { wasmPooling } from './pooling.ts';
import { wasmPrelu } from './prelu.ts';
import { addressIn, addressOf, bytesPerNumber, functionsOf } from './wasmModule.ts';
import { wasmWindows } from './windows.ts';

/** As numbered in assembly/activations.ts; `linear` changes nothing. */
const activationCodes: ReadonlyMap<string, number> = new Map(
  ['relu', 'leaky-relu', 'tanh', 'sigmoid', 'elu', 'gelu', 'silu', 'softplus'].map((type, code) => [
    type,
    code,
  ]),
);

/**
 * The module's function for each optimizer; all take parameters, gradients, two slots, count, constants and, if they want
 * to, the smallest moments.
 */
const updateExports: ReadonlyMap<string, string> = new Map([
  ['gradient-descent', 'gradientDescent'],
  ['momentum', 'momentum'],
  ['nesterov', 'nesterov'],
  ['rmsprop', 'rmsprop'],
  ['adam', 'adam'],
  ['adamw', 'adam'],
  ['lion', 'lion'],
  ['adagrad', 'adagrad'],
]);

/** How much scratch memory each thread's kernels need, in bytes: a tile and a packed panel (assembly/multiply.ts). */
export const wasmScratchBytes = 6 * 16 * 4 + 160 * 16 * 4;

/** The module's functions on a memory. `scratch` is memory of `wasmScratchBytes` that no other thread uses. */
export function createWasmKernels(
  name: string,
  module: WebAssembly.Module,
  memory: WebAssembly.Memory,
  scratch: number,
): Kernels {
  const instance = new WebAssembly.Instance(module, { env: { memory, abort: () => undefined } });
  const wasm = functionsOf(instance);
  const multiply = wasm('multiply');
  const multiplyByTranspose = wasm('multiplyByTranspose');
  const addBias = wasm('addBias');
  const sumRows = wasm('sumRows');
  const activate = wasm('activate');
  const backpropagate = wasm('backpropagate');
  const penalize = wasm('penalize');
  const updates = new Map([...updateExports].map(([type, exported]) => [type, wasm(exported)]));

  return {
    name,
    ...wasmAugmentation(wasm),
    ...wasmAveraging(wasm),
    ...wasmImages(wasm),
    ...wasmLimits(wasm),
    ...wasmLosses(wasm),
    ...wasmDropout(wasm),
    ...wasmFlattening(wasm),
    ...wasmNormalization(wasm),
    ...wasmPooling(wasm),
    ...wasmPrelu(wasm),
    ...wasmWindows(wasm),
    multiply(a, b, c, depth, accumulate, { fromRow, toRow, fromColumn, toColumn }) {
      multiply(
        addressOf(a),
        a.rowOffsets.byteOffset,
        a.depthOffsets.byteOffset,
        depth,
        addressOf(b),
        bytesPerNumber * b.stride,
        bytesPerNumber * b.panelStride,
        addressOf(c),
        bytesPerNumber * c.stride,
        bytesPerNumber * c.panelStride,
        accumulate ? 1 : 0,
        fromRow,
        toRow,
        fromColumn,
        toColumn,
        scratch,
      );
    },
    multiplyByTranspose(a, b, c, { fromRow, toRow, fromColumn, toColumn }) {
      multiplyByTranspose(
        addressOf(a),
        a.rowOffsets.byteOffset,
        a.depthOffsets.byteOffset,
        b.columns,
        addressOf(b),
        bytesPerNumber * b.stride,
        bytesPerNumber * b.panelStride,
        addressOf(c),
        bytesPerNumber * c.stride,
        bytesPerNumber * c.panelStride,
        fromRow,
        toRow,
        fromColumn,
        toColumn,
        scratch,
      );
    },
    addBias(bias, output, { fromRow, toRow, fromColumn, toColumn }) {
      addBias(addressOf(bias), addressOf(output), output.stride, fromRow, toRow, fromColumn, toColumn);
    },
    sumRows(matrix, sums, depth, accumulate, fromColumn, toColumn) {
      sumRows(
        addressOf(matrix),
        matrix.stride,
        addressOf(sums),
        depth,
        accumulate ? 1 : 0,
        fromColumn,
        toColumn,
      );
    },
    activate(activation, input, output, part) {
      if (activation.type === 'linear' && input === output) return;
      const code = activationCodes.get(activation.type);
      if (code === undefined) {
        referenceKernels.activate(activation, input, output, part);
        return;
      }
      const { fromRow, toRow, fromColumn, toColumn } = part;
      activate(
        code,
        addressOf(input),
        input.stride,
        addressOf(output),
        output.stride,
        fromRow,
        toRow,
        fromColumn,
        toColumn,
      );
    },
    backpropagate(activation, input, output, dOutput, part) {
      if (activation.type === 'linear') return;
      const code = activationCodes.get(activation.type);
      if (code === undefined) {
        referenceKernels.backpropagate(activation, input, output, dOutput, part);
        return;
      }
      const { fromRow, toRow, fromColumn, toColumn } = part;
      backpropagate(
        code,
        addressOf(input),
        input.stride,
        addressOf(output),
        output.stride,
        addressOf(dOutput),
        dOutput.stride,
        fromRow,
        toRow,
        fromColumn,
        toColumn,
      );
    },
    penalize(parameters, gradients, { l1, l2 }, from, to) {
      penalize(addressIn(parameters, from), addressIn(gradients, from), to - from, l1, l2);
    },
    update(optimizer, constants, parameters, gradients, slots, from, to) {
      const update = updates.get(optimizer.description.type);
      if (update === undefined) {
        referenceKernels.update(optimizer, constants, parameters, gradients, slots, from, to);
        return;
      }
      const [slot0, slot1] = [slots[0], slots[1]];
      update(
        addressIn(parameters, from),
        addressIn(gradients, from),
        slot0 === undefined ? 0 : addressIn(slot0, from),
        slot1 === undefined ? 0 : addressIn(slot1, from),
        to - from,
        constants.byteOffset,
        smallestFirstMoment,
        smallestSecondMoment,
      );
    },
  };
}
