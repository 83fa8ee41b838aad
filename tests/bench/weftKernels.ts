// The benchmark's look at single kernels: how many multiplications and additions a second one thread makes in the
// products of the benchmark's networks, beside what it makes on numbers in registers alone. One JSON object a line.
import { performance } from 'node:perf_hooks';
import { Arena } from '../../src-main/engine/arena.ts';
import relaxedPeak from '../../src-main/engine/kernels/assembly/peak.ts?assembly=relaxed';
import simdPeak from '../../src-main/engine/kernels/assembly/peak.ts?assembly=simd';
import widePeak from '../../src-main/engine/kernels/assembly/peak.ts?assembly=wide';
import type { KernelBuild } from '../../src-main/engine/kernels/kernels.ts';
import { selectKernels } from '../../src-main/engine/kernels/select.ts';
import { functionsOf } from '../../src-main/engine/kernels/wasmModule.ts';
import { panelMatrix, roomForPanels } from '../../src-main/engine/matrix.ts';

/** V8 compiles well only after a while; the fastest of many runs is what the kernel can do. */
const measuringMs = 400;

/** The fastest run's operations a nanosecond, which is billions a second. */
function fastest(operations: number, run: () => void): number {
  const end = performance.now() + measuringMs;
  let fastestMs = Infinity;
  while (performance.now() < end) {
    const start = performance.now();
    run();
    fastestMs = Math.min(fastestMs, performance.now() - start);
  }
  return operations / fastestMs / 1e6;
}

const peakModules: Record<string, { bytes: Uint8Array<ArrayBuffer>; sums: number }> = {
  'wasm-simd': { bytes: simdPeak, sums: 12 },
  'wasm-relaxed': { bytes: relaxedPeak, sums: 12 },
  'wasm-wide': { bytes: widePeak, sums: 24 },
};

function measurePeak({ name }: KernelBuild): number {
  const module = peakModules[name];
  if (module === undefined) throw new Error(`The kernels ${name} have no peak to compare with.`);
  const memory = new WebAssembly.Memory({ initial: 2, maximum: 2, shared: true });
  const instance = new WebAssembly.Instance(new WebAssembly.Module(module.bytes), {
    env: { memory, abort: () => undefined },
  });
  const multiplyAddPeak = functionsOf(instance)('multiplyAddPeak');
  const rounds = 20_000;
  const numbersOfSum = 4;
  const operations = 2 * numbersOfSum * module.sums * rounds;
  return fastest(operations, () => multiplyAddPeak(rounds, 65_536, 66_000));
}

interface Product {
  kernel: string;
  rows: number;
  depth: number;
  columns: number;
}

/** `rows x depth` times `depth x columns`, at batch 64 or for one image. */
const forward: Product[] = [
  { kernel: 'dense 784-128 forward', rows: 64, depth: 784, columns: 128 },
  { kernel: 'dense 128-64 forward', rows: 64, depth: 128, columns: 64 },
  { kernel: 'dense 64-10 forward', rows: 64, depth: 64, columns: 10 },
  { kernel: 'convolution 3x3, 32 to 64 channels', rows: 196, depth: 288, columns: 64 },
];
const toInput: Product[] = [{ kernel: 'dense 128-64 to its input', rows: 64, depth: 64, columns: 128 }];
const toWeights: Product[] = [
  { kernel: 'dense 784-128 to its weights', rows: 784, depth: 64, columns: 128 },
  { kernel: 'dense 784-128 to its weights, batch 1024', rows: 784, depth: 1024, columns: 128 },
  { kernel: 'convolution 3x3, 32 to 64 channels, to its weights', rows: 288, depth: 196, columns: 64 },
];

function measureProduct(
  build: KernelBuild,
  { rows, depth, columns }: Product,
  way: 'forward' | 'to input' | 'to weights',
): number {
  const arena = new Arena('float32');
  const panels = (height: number, width: number) =>
    panelMatrix(arena.numbers(roomForPanels(height, width)), 0, height, width);
  const a =
    way === 'to weights'
      ? arena.transposedOperand(arena.matrix(depth, rows))
      : arena.operand(arena.matrix(rows, depth));
  const b =
    way === 'forward'
      ? panels(depth, columns)
      : way === 'to input'
        ? panels(columns, depth)
        : arena.matrix(depth, columns);
  const c = way === 'to weights' ? panels(rows, columns) : arena.matrix(rows, columns);
  const scratch = arena.bytes(build.scratchBytes);
  const memory = arena.createMemory();
  arena.bind(memory.buffer);
  a.region.data.fill(0.5);
  b.data.fill(0.25);
  const kernels = build.create(memory, scratch.byteOffset);
  const part = { fromRow: 0, toRow: rows, fromColumn: 0, toColumn: columns };
  return fastest(2 * rows * depth * columns, () => {
    if (way === 'to input') kernels.multiplyByTranspose(a, b, c, part);
    else kernels.multiply(a, b, c, depth, false, part);
  });
}

const build = selectKernels();
const peak = measurePeak(build);
const print = (kernel: string, gigaflops: number): void => {
  process.stdout.write(
    `${JSON.stringify({ build: build.name, kernel, gigaflops, share: gigaflops / peak })}\n`,
  );
};
print('peak: multiply-adds in registers', peak);
for (const product of forward) print(product.kernel, measureProduct(build, product, 'forward'));
for (const product of toInput) print(product.kernel, measureProduct(build, product, 'to input'));
for (const product of toWeights) print(product.kernel, measureProduct(build, product, 'to weights'));
