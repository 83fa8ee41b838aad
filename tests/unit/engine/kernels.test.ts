import { describe, expect, it } from 'vitest';
import { activations } from '../../../src-main/engine/activations/catalogue.ts';
import { Arena } from '../../../src-main/engine/arena.ts';
import { catalogue, choose, optimizers } from '../../../src-main/engine/catalogue.ts';
import type { KernelBuild } from '../../../src-main/engine/kernels/kernels.ts';
import { selectKernels, usableBuilds } from '../../../src-main/engine/kernels/select.ts';
import type { Matrix } from '../../../src-main/engine/matrix.ts';
import { maximumConstants } from '../../../src-main/engine/optimizers/optimizer.ts';
import { Random } from '../../../src-shared/random.ts';
import { expectAgreement, fastBuilds, panelsIn, sizes } from './kernelAgreement.ts';
import { fillUniformly, valuesOf, wholeOf, withDefaults } from './samples.ts';

function expectProducts(build: KernelBuild, rows: number, depth: number, columns: number): void {
  expectAgreement(build, (arena, random) => {
    const a = arena.matrix(rows, depth);
    const at = arena.matrix(depth, rows);
    const [left, leftTransposed] = [arena.operand(a), arena.transposedOperand(at)];
    const b = arena.matrix(depth, columns);
    const inPanels = panelsIn(arena, depth, columns);
    const bt = panelsIn(arena, columns, depth);
    const c = arena.matrix(rows, columns);
    const cInPanels = panelsIn(arena, rows, columns);
    return {
      bound: () => {
        for (const matrix of [a, at, b, inPanels, bt, c, cInPanels]) fillUniformly(matrix.data, random);
      },
      work: (kernels) => {
        const results: number[] = [];
        kernels.multiply(left, inPanels, c, depth, false, wholeOf(c));
        results.push(...valuesOf(c));
        kernels.multiplyByTranspose(left, bt, c, wholeOf(c));
        results.push(...valuesOf(c));
        kernels.multiply(leftTransposed, b, cInPanels, depth, true, wholeOf(c));
        results.push(...valuesOf(cInPanels));
        kernels.multiply(leftTransposed, b, cInPanels, depth, false, wholeOf(c));
        results.push(...cInPanels.data);
        return results;
      },
    };
  });
}

it('the kernels selected here are the fastest of those that work', () => {
  expect(selectKernels()).toBe(usableBuilds()[0]);
  expect(fastBuilds.map(({ name }) => name)).toContain('wasm-simd');
});

describe.each(fastBuilds)('the kernels $name', (build) => {
  it.each(sizes)('multiply like the reference at %i rows and every depth and width', (rows) => {
    for (const depth of sizes) for (const columns of sizes) expectProducts(build, rows, depth, columns);
  });

  it('multiply like the reference over depths of more than one block', () => {
    for (const depth of [256, 257, 300, 601]) expectProducts(build, 7, depth, 9);
  });

  it('read the left side of a product through any tables of offsets', () => {
    const [rows, depth, columns] = [11, 37, 21];
    expectAgreement(build, (arena, random) => {
      const region = arena.numbers(4000);
      const operand = {
        region,
        first: 13,
        rowOffsets: arena.table('rows', rows, (row) => (row * 131) % 1009),
        depthOffsets: arena.table('depth', depth, (k) => (k * k * 7) % 2003),
      };
      const b = panelsIn(arena, depth, columns);
      const c = arena.matrix(rows, columns);
      return {
        bound: () => {
          for (const { data } of [region, b, c]) fillUniformly(data, random);
        },
        work: (kernels) => {
          kernels.multiply(operand, b, c, depth, false, wholeOf(c));
          return valuesOf(c);
        },
      };
    });
  });

  it('give the same bits whatever the part that is asked for', () => {
    const arena = new Arena('float32');
    const [rows, depth, columns] = [33, 300, 40];
    const a = arena.matrix(rows, depth);
    const left = arena.operand(a);
    const b = panelsIn(arena, depth, columns);
    const [whole, parts] = [arena.matrix(rows, columns), arena.matrix(rows, columns)];
    const scratch = arena.bytes(build.scratchBytes);
    const memory = arena.createMemory();
    arena.bind(memory.buffer);
    const random = Random.fromSeed(4, 'parts');
    for (const { data } of [a, b]) fillUniformly(data, random);
    const kernels = build.create(memory, scratch.byteOffset);
    kernels.multiply(left, b, whole, depth, false, wholeOf(whole));
    for (const [fromRow, toRow] of [
      [0, 5],
      [5, 28],
      [28, 33],
    ] as const) {
      for (const [fromColumn, toColumn] of [
        [0, 16],
        [16, 40],
      ] as const) {
        kernels.multiply(left, b, parts, depth, false, { fromRow, toRow, fromColumn, toColumn });
      }
    }
    expect(valuesOf(parts)).toEqual(valuesOf(whole));
  });

  it('leave what is outside their part as it is', () => {
    const arena = new Arena('float32');
    const a = arena.matrix(10, 5);
    const left = arena.operand(a);
    const b = arena.matrix(5, 48);
    const c = arena.matrix(10, 48);
    const scratch = arena.bytes(build.scratchBytes);
    const memory = arena.createMemory();
    arena.bind(memory.buffer);
    c.data.fill(-1);
    const part = { fromRow: 3, toRow: 8, fromColumn: 16, toColumn: 29 };
    build.create(memory, scratch.byteOffset).multiply(left, b, c, 5, false, part);
    c.data.forEach((value, index) => {
      const [row, column] = [Math.floor(index / c.stride), index % c.stride];
      const isInside = row >= 3 && row < 8 && column >= 16 && column < 29;
      expect(value).toBe(isInside ? 0 : -1);
    });
  });

  it.each(activations)('activate and go back like the reference: $type', (activation) => {
    for (const size of sizes) {
      expectAgreement(build, (arena, random) => {
        const [input, output, dOutput] = [
          arena.matrix(3, size),
          arena.matrix(3, size),
          arena.matrix(3, size),
        ];
        return {
          bound: () => {
            fillUniformly(input.data, random, -9, 9);
            input.data.set([0, -1e-4, 1e-4].slice(0, size));
            fillUniformly(dOutput.data, random);
          },
          work: (kernels) => {
            kernels.activate(activation, input, output, wholeOf(output));
            kernels.backpropagate(activation, input, output, dOutput, wholeOf(dOutput));
            return [...valuesOf(output), ...valuesOf(dOutput)];
          },
        };
      });
    }
  });

  it('add biases and sum rows like the reference', () => {
    for (const size of sizes) {
      expectAgreement(build, (arena, random) => {
        const [matrix, bias, sums] = [arena.matrix(11, size), arena.matrix(1, size), arena.matrix(1, size)];
        return {
          bound: () => {
            for (const one of [matrix, bias, sums]) fillUniformly(one.data, random);
          },
          work: (kernels) => {
            kernels.addBias(bias, matrix, wholeOf(matrix));
            kernels.sumRows(matrix, sums, 9, true, 0, size);
            return [...valuesOf(matrix), ...valuesOf(sums)];
          },
        };
      });
    }
  });

  it('gather bytes exactly as 255ths, in order and as they lie', () => {
    for (const imageBytes of sizes) {
      expectAgreement(
        build,
        (arena, random) => {
          const images = arena.bytes(20 * imageBytes);
          const order = arena.indices(20);
          const output = arena.matrix(6, imageBytes);
          return {
            bound: () => {
              images.data.forEach((_value, index) => (images.data[index] = random.below(256)));
              order.data.forEach((_value, index) => (order.data[index] = (index * 7) % 20));
            },
            work: (kernels) => {
              kernels.gather({ images, imageBytes, order }, 5, output, 0, 6);
              const results = valuesOf(output);
              kernels.gather({ images, imageBytes, order: null }, 2, output, 0, 6);
              return [...results, ...valuesOf(output)];
            },
          };
        },
        0,
      );
    }
  });

  it('compute softmax, loss, hits and gradient like the reference', () => {
    for (const classes of [...sizes, 10, 255]) {
      expectAgreement(build, (arena, random) => {
        const rows = 5;
        const matrices: [Matrix, Matrix] = [arena.matrix(rows, classes), arena.matrix(rows, classes)];
        const [logits, dLogits] = matrices;
        const [labels, partners] = [arena.bytes(rows), arena.bytes(rows)];
        const shares = arena.numbers(2 * rows);
        const [losses, hits] = [arena.numbers(rows), arena.numbers(rows)];
        const plain = { logits, dLogits, labels, partners, shares, smoothing: 0, losses, hits };
        const start = (): void => fillUniformly(logits.data, random, -120, 120);
        return {
          bound: () => {
            for (const { data } of [labels, partners]) {
              data.forEach((_value, row) => (data[row] = random.below(classes)));
            }
            start();
          },
          work: (kernels) => {
            const results: number[] = [];
            for (const smoothing of [0, 0.1]) {
              for (const share of [0, 0.3]) {
                for (let row = 0; row < rows; row += 1) shares.data.set([(1 - share) * row, share], 2 * row);
                kernels.softmaxCrossEntropy({ ...plain, smoothing }, 0.25, 0, rows);
                results.push(...losses.data, ...hits.data, ...valuesOf(dLogits));
                start();
              }
            }
            kernels.softmax(logits, 0, rows);
            return [...results, ...valuesOf(logits)];
          },
        };
      });
    }
  });

  it.each(withDefaults(catalogue.optimizers))('update like the reference: $type', (component) => {
    const { entry } = choose(optimizers, component, 'optimizer');
    expectAgreement(build, (arena, random) => {
      const regions = Array.from({ length: 2 + entry.slots.length }, () => arena.numbers(64));
      const constants = arena.doubles(maximumConstants);
      const [parameters, gradients] = [regions[0]!, regions[1]!];
      const slots = regions.slice(2);
      return {
        bound: () => fillUniformly(parameters.data, random),
        work: (kernels) => {
          for (let step = 1; step <= 20; step += 1) {
            fillUniformly(gradients.data, random);
            if (step > 10) gradients.data.fill(0, 0, 20);
            kernels.penalize(parameters, gradients, { l1: 0.01, l2: 0.1 }, 0, 32);
            entry.writeConstants(component, step, 0.01, constants.data);
            kernels.update(entry, constants, parameters, gradients, slots, 16, 64);
          }
          return regions.flatMap(({ data }) => [...data]);
        },
      };
    });
  });

  it('let a number that is not finite through to the weights', () => {
    for (const component of withDefaults(catalogue.optimizers)) {
      const { entry } = choose(optimizers, component, 'optimizer');
      const arena = new Arena('float32');
      const regions = Array.from({ length: 2 + entry.slots.length }, () => arena.numbers(16));
      const constants = arena.doubles(maximumConstants);
      const scratch = arena.bytes(build.scratchBytes);
      const memory = arena.createMemory();
      arena.bind(memory.buffer);
      const [parameters, gradients] = [regions[0]!, regions[1]!];
      gradients.data[3] = NaN;
      const kernels = build.create(memory, scratch.byteOffset);
      entry.writeConstants(component, 1, 0.01, constants.data);
      kernels.update(entry, constants, parameters, gradients, regions.slice(2), 0, 16);
      expect(parameters.data[3], component.type).toBeNaN();
    }
  });
});
