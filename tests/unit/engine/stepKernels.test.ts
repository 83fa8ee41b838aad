// The kernels of what a step does beside the layers: mixed images, limits and running averages.
import { describe, expect, it } from 'vitest';
import { Arena } from '../../../src-main/engine/arena.ts';
import { panelMatrix, panelsOf, roomForPanels } from '../../../src-main/engine/matrix.ts';
import { Random } from '../../../src-shared/random.ts';
import { expectAgreement, fastBuilds, sizes } from './kernelAgreement.ts';
import { fillMatrix, fillUniformly, valuesOf } from './samples.ts';

/** Numbers before and after the range that a kernel is given, which it must leave alone. */
const margin = 16;

describe.each(fastBuilds)('the kernels $name', (build) => {
  it('mix each image with the next one, and the last one with the first, like the reference', () => {
    for (const imageBytes of [...sizes, 784]) {
      expectAgreement(build, (arena, random) => {
        const images = arena.bytes(20 * imageBytes);
        const order = arena.indices(20);
        const output = arena.matrix(6, imageBytes);
        return {
          bound: () => {
            images.data.forEach((_value, index) => (images.data[index] = random.below(256)));
            order.data.forEach((_value, index) => (order.data[index] = (index * 7) % 20));
          },
          work: (kernels) => {
            kernels.gatherMixed({ images, imageBytes, order }, 5, 6, 0.3, output, 0, 6);
            const results = valuesOf(output);
            kernels.gatherMixed({ images, imageBytes, order: null }, 2, 5, 0.9, output, 1, 5);
            return [...results, ...valuesOf(output)];
          },
        };
      });
    }
  });

  it('mix images with nothing of the next ones to the bits of those that are not mixed', () => {
    const arena = new Arena('float32');
    const imageBytes = 77;
    const images = arena.bytes(4 * imageBytes);
    const [plain, mixed] = [arena.matrix(4, imageBytes), arena.matrix(4, imageBytes)];
    const scratch = arena.bytes(build.scratchBytes);
    const memory = arena.createMemory();
    arena.bind(memory.buffer);
    images.data.forEach((_value, index) => (images.data[index] = index % 256));
    const kernels = build.create(memory, scratch.byteOffset);
    kernels.gather({ images, imageBytes, order: null }, 0, plain, 0, 4);
    kernels.gatherMixed({ images, imageBytes, order: null }, 0, 4, 0, mixed, 0, 4);
    expect(valuesOf(mixed)).toEqual(valuesOf(plain));
  });

  it('limit, scale, square, average and swap like the reference, in their range only', () => {
    for (const panels of [1, 2, 5, 100]) {
      const to = margin + 16 * panels;
      expectAgreement(build, (arena, random) => {
        const [a, b] = [arena.numbers(to + margin), arena.numbers(to + margin)];
        return {
          bound: () => {
            fillUniformly(a.data, random, -2, 2);
            fillUniformly(b.data, random, -2, 2);
          },
          work: (kernels) => {
            kernels.limitValues(a, 1.5, margin, to);
            kernels.average(b, a, 0.9, margin, to);
            kernels.scale(a, -0.7, margin, to);
            kernels.swap(a, b, margin, to);
            return [...a.data, ...b.data, kernels.sumSquares(a, margin, to), kernels.sumSquares(b, 0, to)];
          },
        };
      });
    }
  });

  it('limit the norm of the columns of every panel like the reference', () => {
    for (const rows of sizes) {
      for (const columns of sizes) {
        expectAgreement(build, (arena, random) => {
          const weights = panelMatrix(arena.numbers(roomForPanels(rows, columns)), 0, rows, columns);
          return {
            bound: () => fillMatrix(weights, random),
            work: (kernels) => {
              // The mean square of such numbers is 1/3: about half of the columns are longer.
              const limit = Math.sqrt(rows / 3);
              for (let panel = 0; panel < panelsOf(columns); panel += 1) {
                kernels.limitColumns(weights, panel, limit);
              }
              return [...weights.data];
            },
          };
        });
      }
    }
  });

  it('let a number that is not finite through', () => {
    const arena = new Arena('float32');
    const [numbers, averages] = [arena.numbers(16), arena.numbers(16)];
    const scratch = arena.bytes(build.scratchBytes);
    const memory = arena.createMemory();
    arena.bind(memory.buffer);
    const kernels = build.create(memory, scratch.byteOffset);
    numbers.data[3] = NaN;
    kernels.limitValues(numbers, 1, 0, 16);
    kernels.scale(numbers, 0.5, 0, 16);
    kernels.average(averages, numbers, 0.5, 0, 16);
    expect(kernels.sumSquares(numbers, 0, 16)).toBeNaN();
    expect([...numbers.data].map(Number.isNaN)).toEqual([...averages.data].map(Number.isNaN));
    expect(numbers.data[3]).toBeNaN();
  });

  it('drop averages that are too small for the processor, as the reference does', () => {
    const arena = new Arena('float32');
    const [averages, values] = [arena.numbers(16), arena.numbers(16)];
    const scratch = arena.bytes(build.scratchBytes);
    const memory = arena.createMemory();
    arena.bind(memory.buffer);
    const kernels = build.create(memory, scratch.byteOffset);
    averages.data.fill(1);
    for (let step = 0; step < 1000; step += 1) kernels.average(averages, values, 0.9, 0, 16);
    expect([...averages.data]).toEqual(new Array(16).fill(0));
  });
});

it('sums of squares do not lose what float32 would', () => {
  const arena = new Arena('float32');
  const numbers = arena.numbers(4096);
  const builds = fastBuilds.map((build) => ({ build, scratch: arena.bytes(build.scratchBytes) }));
  const memory = arena.createMemory();
  arena.bind(memory.buffer);
  fillUniformly(numbers.data, Random.fromSeed(2, 'squares'));
  numbers.data[17] = 1e20;
  numbers.data[18] = 1e-20;
  const exact = Array.from(numbers.data).reduce((sum, value) => sum + value ** 2, 0);
  for (const { build, scratch } of builds) {
    const sum = build.create(memory, scratch.byteOffset).sumSquares(numbers, 0, 4096);
    expect(Math.abs(sum / exact - 1)).toBeLessThan(1e-14);
  }
});
