import { WeftError } from '../../../src-shared/failure.ts';
import type { Matrix, Operand } from '../matrix.ts';
import type { FloatArray, Region } from '../region.ts';

/** A function of the WebAssembly module: pointers, sizes and flags in, a number or nothing out. */
export type WasmFunction = (...values: number[]) => number;

/** Finds the module's function of that name. */
export type WasmLookup = (name: string) => WasmFunction;

const isFunction = (value: unknown): value is WasmFunction => typeof value === 'function';

/** The functions of an instance. Looking up one that is not there throws `kernels.incomplete`. */
export function functionsOf(instance: WebAssembly.Instance): WasmLookup {
  return (name) => {
    const found = instance.exports[name];
    if (isFunction(found)) return found;
    throw new WeftError('kernels.incomplete', `The WebAssembly kernels lack "${name}".`);
  };
}

export const bytesPerNumber = 4;

/** Where a number of a float32 region is. */
export const addressIn = (region: Region<FloatArray>, index: number): number =>
  region.byteOffset + bytesPerNumber * index;

/** Where a matrix's or an operand's first number is. */
export const addressOf = ({ region, first }: Matrix | Operand): number => addressIn(region, first);
