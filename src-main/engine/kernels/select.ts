// Which build of the kernels this machine runs: the fastest that it supports and that gives the reference's numbers.
import simdBytes from './assembly/kernels.ts?assembly=simd';
import type { KernelBuild } from './kernels.ts';
import { referenceKernels } from './reference.ts';
import { agreesWithReference } from './selfCheck.ts';
import { createWasmKernels, wasmScratchBytes } from './wasm.ts';

const reference: KernelBuild = {
  name: referenceKernels.name,
  scratchBytes: 0,
  create: () => referenceKernels,
};

let simdModule: WebAssembly.Module | undefined;
const simd: KernelBuild = {
  name: 'wasm-simd',
  scratchBytes: wasmScratchBytes,
  create: (memory, scratch) => {
    simdModule ??= new WebAssembly.Module(simdBytes);
    return createWasmKernels('wasm-simd', simdModule, memory, scratch);
  },
};

/** Fastest first. */
const builds: readonly (KernelBuild & { isSupported(): boolean })[] = [
  { ...simd, isSupported: () => WebAssembly.validate(simdBytes) && agreesWithReference(simd) },
  { ...reference, isSupported: () => true },
];

let selected: KernelBuild | undefined;

/** The kernels to use here: checked once, then remembered. */
export function selectKernels(): KernelBuild {
  selected ??= builds.find((build) => build.isSupported()) ?? reference;
  return selected;
}

/** The build of that name, as the thread that started this one selected it. */
export function kernelBuildNamed(name: string): KernelBuild {
  return builds.find((build) => build.name === name) ?? reference;
}
