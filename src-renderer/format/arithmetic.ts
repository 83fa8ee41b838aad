// What the arithmetic of a run is done with, in words.

const buildNames: Record<string, string> = {
  'wasm-wide': '256-bit SIMD',
  'wasm-relaxed': 'relaxed SIMD',
  'wasm-simd': 'SIMD',
  reference: 'plain loops',
};

/** A build of the kernels as a person reads it: `relaxed SIMD`; its own name where it has no other. */
export function describeKernels(name: string): string {
  return buildNames[name] ?? name;
}

/** `relaxed SIMD, 2 threads` */
export function describeArithmetic(kernels: string, threads: number): string {
  return `${describeKernels(kernels)}, ${threads} ${threads === 1 ? 'thread' : 'threads'}`;
}
