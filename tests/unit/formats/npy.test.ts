import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeNpy, encodeNpy, type NpyArray } from '../../../src-main/formats/npy.ts';
import { bytesOf } from '../../../src-shared/schemas/bytes.ts';

/** A file with this header, word for word, and these bytes after it. */
function fileOf(literal: string, data: Uint8Array = new Uint8Array(0), version = 1): Uint8Array {
  const length = Buffer.alloc(version === 1 ? 2 : 4);
  if (version === 1) length.writeUInt16LE(literal.length);
  else length.writeUInt32LE(literal.length);
  return new Uint8Array(
    Buffer.concat([
      Buffer.from('\x93NUMPY', 'latin1'),
      Buffer.of(version, 0),
      length,
      Buffer.from(literal),
      data,
    ]),
  );
}
const header = (descr: string, shape: string, order = 'False'): string =>
  `{'descr': ${descr}, 'fortran_order': ${order}, 'shape': ${shape}, }`;

const shapeArbitrary = fc.array(fc.nat(4), { maxLength: 4 });
const arrayArbitrary: fc.Arbitrary<NpyArray> = fc
  .tuple(shapeArbitrary, fc.constantFrom('float32', 'float64', 'int64', 'uint16', 'float16', 'bool'))
  .map(([shape, dtype]) => {
    const length = shape.reduce((size, one) => size * one, 1);
    const numbers = Array.from({ length }, (_, index) => index);
    switch (dtype) {
      case 'float32':
        return { dtype, shape, data: Float32Array.from(numbers, (value) => value / 3) };
      case 'float64':
        return { dtype, shape, data: Float64Array.from(numbers, (value) => -value / 3) };
      case 'int64':
        return { dtype, shape, data: BigInt64Array.from(numbers, (value) => -(BigInt(value) ** 9n)) };
      case 'uint16':
      case 'float16':
        return { dtype, shape, data: Uint16Array.from(numbers) };
      case 'bool':
        return { dtype, shape, data: Uint8Array.from(numbers, (value) => value % 2) };
    }
  });

describe('npy files', () => {
  it('are written as numpy.save writes them, byte for byte', () => {
    const file = encodeNpy({ dtype: 'float32', shape: [2, 1], data: Float32Array.of(1, -2) });
    const literal = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 1), }";
    const expected = fileOf(`${literal.padEnd(117)}\n`, bytesOf(Float32Array.of(1, -2)));
    expect(file).toEqual(expected);
    expect(file.byteLength).toBe(128 + 8);
  });

  it('give back any array that was written, wherever the file lies in memory', () => {
    fc.assert(
      fc.property(arrayArbitrary, fc.nat(7), (array, offset) => {
        const file = encodeNpy(array);
        const memory = new Uint8Array(file.byteLength + offset);
        memory.set(file, offset);
        expect(decodeNpy(memory.subarray(offset), 'f')).toEqual(array);
      }),
    );
  });

  it('are read in Fortran order', () => {
    // The matrix [[1, 2, 3], [4, 5, 6]], column by column.
    const file = fileOf(header("'|u1'", '(2, 3)', 'True'), Uint8Array.of(1, 4, 2, 5, 3, 6));
    expect(decodeNpy(file, 'f')).toEqual({
      dtype: 'uint8',
      shape: [2, 3],
      data: Uint8Array.of(1, 2, 3, 4, 5, 6),
    });
  });

  it('are read in big-endian order', () => {
    const file = fileOf(header("'>i2'", '(2,)'), Uint8Array.of(0x01, 0x02, 0xff, 0xfe));
    expect(decodeNpy(file, 'f').data).toEqual(Int16Array.of(0x0102, -2));
  });

  it('are read in the versions 2 and 3, as scalars and without values', () => {
    expect(decodeNpy(fileOf(header("'|u1'", '()'), Uint8Array.of(7), 2), 'f').data).toEqual(Uint8Array.of(7));
    expect(decodeNpy(fileOf(header("'<f8'", '(0, 5)'), undefined, 3), 'f').shape).toEqual([0, 5]);
  });

  it.each<[string, string, Uint8Array]>([
    ['wrong-magic', 'an empty file', new Uint8Array(0)],
    ['wrong-magic', 'another kind of file', new TextEncoder().encode('PK, not NUMPY at all')],
    ['wrong-version', 'version 4', fileOf(header("'|u1'", '()'), Uint8Array.of(7), 4)],
    ['too-short', 'a header past the end', fileOf(header("'|u1'", '()')).subarray(0, 30)],
    ['too-short', 'no length', fileOf('').subarray(0, 9)],
    ['header-too-large', 'a header of 10,001 bytes', fileOf(' '.repeat(10_001))],
    ['wrong-header', 'no dictionary', fileOf('[]')],
    ['wrong-header', 'a missing field', fileOf("{'descr': '<f4', 'shape': (1,), }", new Uint8Array(4))],
    ['wrong-header', 'a field twice', fileOf(header("'<f4', 'descr': '<f4'", '(1,)'), new Uint8Array(4))],
    ['wrong-header', 'a program', fileOf("{'descr': '<f4', 'fortran_order': False, 'shape': exit(1), }")],
    ['wrong-header', 'a negative length', fileOf(header("'<f4'", '(-1,)'), new Uint8Array(4))],
    ['wrong-dtype', 'text', fileOf(header("'<U3'", '(1,)'), new Uint8Array(12))],
    ['wrong-dtype', 'complex numbers', fileOf(header("'<c8'", '(1,)'), new Uint8Array(8))],
    ['wrong-dtype', 'a record', fileOf(header("[('a', '<f4')]", '(1,)'), new Uint8Array(4))],
    ['wrong-dtype', 'a property of every object', fileOf(header("'<toString'", '(1,)'))],
    ['object-array', 'pickled objects', fileOf(header("'|O'", '(1,)'), new Uint8Array(40))],
    ['wrong-shape', 'a length beyond any number', fileOf(header("'|u1'", `(${'9'.repeat(400)},)`))],
    ['wrong-shape', '65 dimensions', fileOf(header("'|u1'", `(${'1,'.repeat(65)})`), new Uint8Array(1))],
    ['wrong-size', 'too few values', fileOf(header("'<f4'", '(2,)'), new Uint8Array(4))],
    ['wrong-size', 'too many values', fileOf(header("'<f4'", '(2,)'), new Uint8Array(9))],
    [
      'wrong-size',
      'a product beyond any number',
      fileOf(header("'|u1'", `(${`${2 ** 53 - 1},`.repeat(60)}0)`)),
    ],
  ])('are refused with npy.%s: %s', (what, _description, file) => {
    expect(() => decodeNpy(file, 'a.npy')).toThrow(
      expect.objectContaining({
        code: `npy.${what}`,
        message: expect.stringContaining('"a.npy"') as string,
      }),
    );
  });

  it('are not written of values that their type or shape does not fit', () => {
    expect(() => encodeNpy({ dtype: 'float64', shape: [1], data: Float32Array.of(1) })).toThrow(
      expect.objectContaining({ code: 'npy.wrong-data' }),
    );
    expect(() => encodeNpy({ dtype: 'float32', shape: [2], data: Float32Array.of(1) })).toThrow(
      expect.objectContaining({ code: 'npy.wrong-size' }),
    );
  });
});
