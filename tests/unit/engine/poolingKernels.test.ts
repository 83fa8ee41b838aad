import { describe, expect, it } from 'vitest';
import { Arena } from '../../../src-main/engine/arena.ts';
import type { PoolGeometry } from '../../../src-main/engine/kernels/pooling.ts';
import { referenceKernels } from '../../../src-main/engine/kernels/reference.ts';
import type { Matrix } from '../../../src-main/engine/matrix.ts';
import { expectAgreement, fastBuilds, sizes } from './kernelAgreement.ts';
import { fillMatrix, valuesOf } from './samples.ts';

const rows = 5;

function poolOf(height: number, width: number, channels: number, size: number, stride: number): PoolGeometry {
  const windowsAlong = (length: number): number => Math.floor((length - size) / stride) + 1;
  const windows = { windowHeight: size, windowWidth: size, stride };
  const [outputHeight, outputWidth] = [windowsAlong(height), windowsAlong(width)];
  return { height, width, channels, ...windows, outputHeight, outputWidth };
}

/** Odd and even sides; windows that tile the image, overlap, leave gaps, leave out edges, and fill it. */
const shapes = [
  [4, 6, 2, 2],
  [7, 6, 2, 2],
  [6, 7, 2, 2],
  [7, 5, 3, 2],
  [5, 7, 2, 1],
  [7, 9, 2, 3],
  [3, 3, 3, 2],
  [5, 5, 1, 1],
  [6, 5, 5, 4],
] as const;

/** Whole numbers, so that windows have ties. */
const roundMatrix = (matrix: Matrix): void => {
  for (let index = 0; index < matrix.data.length; index += 1) {
    matrix.data[index] = Math.round(2 * matrix.data[index]!);
  }
};

describe.each(fastBuilds)('the kernels $name', (build) => {
  it.each(sizes)('pool %i channels, there and back, like the reference', (channels) => {
    for (const [height, width, size, stride] of shapes) {
      expectAgreement(build, (arena, random) => {
        const pool = poolOf(height, width, channels, size, stride);
        const windows = pool.outputHeight * pool.outputWidth * channels;
        const [input, dInput] = [
          arena.matrix(rows, height * width * channels),
          arena.matrix(rows, height * width * channels),
        ];
        const [output, dOutput] = [arena.matrix(rows, windows), arena.matrix(rows, windows)];
        return {
          bound: () => {
            for (const matrix of [input, output, dOutput, dInput]) fillMatrix(matrix, random);
            roundMatrix(input);
          },
          work: (kernels) => {
            const results: number[] = [];
            kernels.maxPool(input, output, pool, 1, rows);
            kernels.maxPoolBack(input, output, dOutput, dInput, pool, 1, rows);
            results.push(...output.data, ...dInput.data);
            kernels.averagePool(input, output, pool, 0, 4);
            kernels.averagePoolBack(dOutput, dInput, pool, 0, 4);
            results.push(...output.data, ...dInput.data);
            return results;
          },
        };
      });
    }
  });

  it('transpose the numbers of rows exactly, and touch no others', () => {
    for (const height of [...sizes, 63]) {
      for (const width of sizes) {
        expectAgreement(
          build,
          (arena, random) => {
            const source = arena.matrix(3, height * width);
            const target = arena.matrix(3, height * width);
            return {
              bound: () => fillMatrix(source, random),
              work: (kernels) => {
                kernels.transposeRows(source, target, height, width, 1, 3);
                return [...target.data];
              },
            };
          },
          0,
        );
      }
    }
  });
});

describe('max pooling', () => {
  it('gives the gradient of a tie to its first place, row after row, and adds up where windows overlap', () => {
    const arena = new Arena('float64');
    const pool = poolOf(3, 3, 1, 2, 1);
    const [input, dInput] = [arena.matrix(1, 9), arena.matrix(1, 9)];
    const [output, dOutput] = [arena.matrix(1, 4), arena.matrix(1, 4)];
    arena.bind(arena.createMemory().buffer);
    input.data.set([1, 2, 2, 0, 2, 1, 3, 0, 0]);
    dOutput.data.set([10, 20, 30, 40]);
    referenceKernels.maxPool(input, output, pool, 0, 1);
    expect(valuesOf(output)).toEqual([2, 2, 3, 2]);
    referenceKernels.maxPoolBack(input, output, dOutput, dInput, pool, 0, 1);
    expect(valuesOf(dInput)).toEqual([0, 30, 0, 0, 40, 0, 30, 0, 0]);
  });
});
