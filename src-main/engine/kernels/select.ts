// Which build of the kernels this machine runs: the fastest that it supports and that gives the reference's numbers.
import { setFlagsFromString } from 'node:v8';
import relaxedBytes from './assembly/kernels.ts?assembly=relaxed';
import simdBytes from './assembly/kernels.ts?assembly=simd';
import wideBytes from './assembly/kernels.ts?assembly=wide';
import type { KernelBuild } from './kernels.ts';
import { referenceKernels } from './reference.ts';
import { agreesWithReference } from './selfCheck.ts';
import { measureSpeed } from './speed.ts';
import { createWasmKernels, wasmScratchBytes } from './wasm.ts';

const reference: KernelBuild = {
  name: referenceKernels.name,
  scratchBytes: 0,
  create: () => referenceKernels,
};

function wasmBuild(name: string, bytes: Uint8Array<ArrayBuffer>): KernelBuild {
  let module: WebAssembly.Module | undefined;
  return {
    name,
    scratchBytes: wasmScratchBytes,
    create: (memory, scratch) => {
      module ??= new WebAssembly.Module(bytes);
      return createWasmKernels(name, module, memory, scratch);
    },
  };
}

/** Fused multiply-add, and V8's pairing of 128-bit operations into 256-bit ones, which it must be asked for. */
const wide = wasmBuild('wasm-wide', wideBytes);
/** Fused multiply-add. */
const relaxed = wasmBuild('wasm-relaxed', relaxedBytes);
const simd = wasmBuild('wasm-simd', simdBytes);

/** Every build, fastest first. */
const builds: readonly KernelBuild[] = [wide, relaxed, simd, reference];

/** From this version on, V8 pairs neighbouring operations when asked to, and its relaxed SIMD needs no flag. */
const revectorizingV8 = 13;
const v8Version = Number.parseInt(process.versions.v8, 10);

/** Asks V8 for what the builds need, before any of them is compiled. Flags hold for all threads of the process. */
function raiseFlags(): void {
  if (v8Version >= revectorizingV8) setFlagsFromString('--experimental-wasm-revectorize');
  else setFlagsFromString('--experimental-wasm-relaxed-simd');
}

/** How much faster the wide build must be to be taken: without 256-bit operations it is slower than the relaxed one. */
const worthwhile = 1.1;

function isUsable(build: KernelBuild): boolean {
  switch (build) {
    case wide:
      return (
        v8Version >= revectorizingV8 &&
        WebAssembly.validate(wideBytes) &&
        agreesWithReference(wide) &&
        measureSpeed(wide) > worthwhile * measureSpeed(relaxed)
      );
    case relaxed:
      return WebAssembly.validate(relaxedBytes) && agreesWithReference(relaxed);
    case simd:
      return WebAssembly.validate(simdBytes) && agreesWithReference(simd);
    default:
      return true;
  }
}

let selected: KernelBuild | undefined;

/**
 * The kernels to use here: checked once, then remembered. `WEFT_KERNELS` names a build to use where it works, to get
 * the numbers of another machine.
 */
export function selectKernels(): KernelBuild {
  if (selected !== undefined) return selected;
  raiseFlags();
  const wanted = builds.find(({ name }) => name === process.env['WEFT_KERNELS']);
  selected = [...(wanted === undefined ? [] : [wanted]), ...builds].find(isUsable) ?? reference;
  return selected;
}

/** The builds that work on this machine, whether or not they are the fastest: for tests and measurements. */
export function usableBuilds(): KernelBuild[] {
  selectKernels();
  return builds.filter((build) => build === reference || build === selected || isUsable(build));
}

/** The build of that name, as the thread that started this one selected it. */
export function kernelBuildNamed(name: string): KernelBuild {
  return builds.find((build) => build.name === name) ?? reference;
}
