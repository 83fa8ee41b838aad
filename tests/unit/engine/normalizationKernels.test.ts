import { describe, expect, it } from 'vitest';
import { Arena } from '../../../src-main/engine/arena.ts';
import type { ChannelLayout } from '../../../src-main/engine/kernels/normalization.ts';
import { panelColumns, panelsOf, type Matrix } from '../../../src-main/engine/matrix.ts';
import { Random } from '../../../src-shared/random.ts';
import { expectAgreement, fastBuilds, panelsIn, sizes } from './kernelAgreement.ts';
import { fillMatrix, fillUniformly } from './samples.ts';

const rows = 11;

/** Flat rows in blocks of four, of which the last has three; images of odd and even sizes one by one and in pairs. */
const layouts: Omit<ChannelLayout, 'channels'>[] = [
  { pixels: 1, rowsOfBlock: 4 },
  { pixels: 6, rowsOfBlock: 1 },
  { pixels: 35, rowsOfBlock: 2 },
];

/** Half the distance of float32 numbers around 1000, and a little for the sums behind the rounding. */
const halfStepAtThousand = 2 ** -15 + 1e-6;
/** Float32 rounds each of 784 additions by at most 6e-8 of the sum, up and down. */
const sumRounding = 1e-5;

const numbersOf = (matrices: readonly Matrix[]): number[] => matrices.flatMap(({ data }) => [...data]);

describe.each(fastBuilds)('the kernels $name', (build) => {
  it.each(sizes)('normalize %i channels, there and back, like the reference', (channels) => {
    for (const shape of layouts) {
      expectAgreement(build, (arena, random) => {
        const layout = { ...shape, channels };
        const columns = layout.pixels * channels;
        const blocks = Math.ceil(rows / layout.rowsOfBlock);
        const room = panelsOf(channels) * panelColumns;
        const [input, output] = [arena.matrix(rows, columns), arena.matrix(rows, columns)];
        const dOutput = arena.matrix(rows, columns);
        const [means, squares] = [arena.matrix(blocks, channels), arena.matrix(blocks, channels)];
        const [sums, products] = [arena.matrix(blocks, channels), arena.matrix(blocks, channels)];
        const bias = panelsIn(arena, 1, channels);
        const coefficients = Array.from({ length: 4 }, () => arena.numbers(room));
        const [mean, scale, slope, offset] = coefficients;
        if (!mean || !scale || !slope || !offset) throw new Error('There are four.');
        return {
          bound: () => {
            for (const one of coefficients) fillUniformly(one.data, random);
            for (const matrix of [input, dOutput, bias, means, squares, sums, products]) {
              fillMatrix(matrix, random);
            }
          },
          work: (kernels) => {
            kernels.measureChannels(input, means, squares, layout, 0, 4);
            kernels.measureChannels(input, means, squares, layout, 4, rows);
            kernels.normalize(input, output, mean, scale, bias, layout, 1, rows - 1);
            kernels.sumGradients(input, dOutput, mean, sums, products, layout, 4, rows);
            kernels.normalizeBack(input, dOutput, mean, scale, slope, offset, layout, 1, rows - 1);
            return numbersOf([means, squares, output, sums, products, dOutput]);
          },
        };
      });
    }
  });

  it.each(sizes)('rectify %i channels with learnt slopes, there and back, like the reference', (channels) => {
    for (const shape of layouts) {
      expectAgreement(build, (arena, random) => {
        const layout = { ...shape, channels };
        const columns = layout.pixels * channels;
        const [input, output] = [arena.matrix(rows, columns), arena.matrix(rows, columns)];
        const dOutput = arena.matrix(rows, columns);
        const products = arena.matrix(Math.ceil(rows / layout.rowsOfBlock), channels);
        const slopes = panelsIn(arena, 1, channels);
        return {
          bound: () => {
            for (const matrix of [input, dOutput, slopes, products]) fillMatrix(matrix, random);
            input.set(0, 0, 0);
          },
          work: (kernels) => {
            kernels.prelu(input, output, slopes, layout, 1, rows - 1);
            kernels.preluBack(input, dOutput, slopes, products, layout, 0, 4);
            return numbersOf([output, dOutput, products]);
          },
        };
      });
    }
  });

  it('measure what hardly varies around a large mean as well as float32 can hold it', () => {
    const layout = { pixels: 784, channels: 17, rowsOfBlock: 1 };
    const arena = new Arena('float32');
    const input = arena.matrix(1, layout.pixels * layout.channels);
    const [means, squares] = [arena.matrix(1, layout.channels), arena.matrix(1, layout.channels)];
    const scratch = arena.bytes(build.scratchBytes);
    const memory = arena.createMemory();
    arena.bind(memory.buffer);
    fillUniformly(input.data, Random.fromSeed(6, 'large mean'), 1000, 1001);
    build.create(memory, scratch.byteOffset).measureChannels(input, means, squares, layout, 0, 1);
    for (let channel = 0; channel < layout.channels; channel += 1) {
      const own = input.data.filter((_value, index) => index % layout.channels === channel);
      const values = Array.from(own.subarray(0, layout.pixels));
      const mean = values.reduce((sum, value) => sum + value, 0) / layout.pixels;
      const squared = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
      expect(Math.abs(means.get(0, channel) - mean)).toBeLessThan(halfStepAtThousand);
      expect(Math.abs(squares.get(0, channel) / squared - 1)).toBeLessThan(sumRounding);
    }
  });
});
