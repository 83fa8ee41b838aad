import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decodeSafetensors,
  encodeSafetensors,
  type FileTensor,
} from '../../../src-main/formats/safetensors.ts';
import { bytesOf } from '../../../src-shared/schemas/bytes.ts';

/** A file with this header, word for word, and these bytes after it. */
function fileOf(
  header: string | Uint8Array,
  data: Uint8Array = new Uint8Array(0),
  claimedLength?: bigint,
): Uint8Array {
  const head = Buffer.from(header);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(claimedLength ?? BigInt(head.length));
  return new Uint8Array(Buffer.concat([length, head, data]));
}

const entry = (begin: number, end: number, shape: unknown = [end - begin], dtype: unknown = 'U8') => ({
  dtype,
  shape,
  data_offsets: [begin, end],
});
const fileWith = (header: unknown, dataBytes: number): Uint8Array =>
  fileOf(JSON.stringify(header), new Uint8Array(dataBytes));

const tensorArbitrary: fc.Arbitrary<Omit<FileTensor, 'name'>> = fc
  .record({
    type: fc.constantFrom(['F32', 4] as const, ['U8', 1] as const, ['F64', 8] as const, ['BF16', 2] as const),
    shape: fc.array(fc.nat(4), { maxLength: 3 }),
    fill: fc.nat(255),
  })
  .map(({ type: [dtype, valueBytes], shape, fill }) => {
    const sizeBytes = shape.reduce((size, length) => size * length, valueBytes);
    return { dtype, shape, bytes: Uint8Array.from({ length: sizeBytes }, (_, index) => fill + index) };
  });
const nameArbitrary = fc
  .oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('__proto__', 'constructor', 'toString', '0', ''))
  .filter((name) => name !== '__metadata__');

describe('safetensors', () => {
  it('writes the bytes that the format describes', () => {
    const file = encodeSafetensors(
      [{ name: 'w', dtype: 'F32', shape: [1, 2], bytes: bytesOf(Float32Array.of(1, -2)) }],
      new Map([['k', 'v']]),
    );
    const header = '{"__metadata__":{"k":"v"},"w":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]}}';
    const padded = header.padEnd(Math.ceil(header.length / 8) * 8, ' ');
    expect(Buffer.from(file.subarray(0, 8)).readBigUInt64LE()).toBe(BigInt(padded.length));
    expect(Buffer.from(file.subarray(8, 8 + padded.length)).toString()).toBe(padded);
    expect([...file.subarray(8 + padded.length)]).toEqual([0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0]);
  });

  it('gives back any tensors and metadata that it wrote, each tensor aligned to its values', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.tuple(nameArbitrary, tensorArbitrary), {
          selector: ([name]) => name,
          maxLength: 6,
        }),
        fc.uniqueArray(fc.tuple(nameArbitrary, fc.string({ unit: 'grapheme' })), {
          selector: ([key]) => key,
        }),
        (named, metadata) => {
          const tensors = named.map(([name, tensor]) => ({ name, ...tensor }));
          const file = encodeSafetensors(tensors, new Map(metadata));
          const decoded = decodeSafetensors(file, 'f');
          const byName = (a: FileTensor, b: FileTensor): number => (a.name < b.name ? -1 : 1);
          expect([...decoded.tensors].sort(byName)).toEqual([...tensors].sort(byName));
          expect(new Map([...decoded.metadata].sort())).toEqual(new Map([...metadata].sort()));
          for (const { dtype, bytes } of decoded.tensors) {
            if (bytes.length > 0 && dtype === 'F64') expect(bytes.byteOffset % 8).toBe(0);
            if (bytes.length > 0 && dtype === 'F32') expect(bytes.byteOffset % 4).toBe(0);
          }
        },
      ),
    );
  });

  it('reads or refuses any damaged file with an error of its own, never another one', () => {
    const file = encodeSafetensors(
      [
        { name: 'a', dtype: 'F32', shape: [2], bytes: new Uint8Array(8) },
        { name: 'b', dtype: 'U8', shape: [3], bytes: new Uint8Array(3) },
      ],
      new Map([['k', 'v']]),
    );
    fc.assert(
      fc.property(
        fc.nat(file.length),
        fc.array(fc.tuple(fc.nat(file.length - 1), fc.nat(255))),
        (length, changes) => {
          const damaged = file.slice(0, length);
          for (const [position, value] of changes) if (position < length) damaged[position] = value;
          try {
            decodeSafetensors(damaged, 'f');
          } catch (error) {
            expect(error).toMatchObject({
              name: 'WeftError',
              code: expect.stringMatching(/^safetensors\./) as string,
            });
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  it.each<[string, string, Uint8Array]>([
    ['too-short', 'an empty file', new Uint8Array(0)],
    ['too-short', 'seven bytes', new Uint8Array(7)],
    ['header-past-end', 'a header longer than the file', fileOf('{}', undefined, 3n)],
    ['header-too-large', 'a header above 1 MiB', fileOf('{}', undefined, 1024n * 1024n + 1n)],
    ['header-too-large', 'a header of 2^64 - 1 bytes', fileOf('{}', undefined, 2n ** 64n - 1n)],
    ['header-not-json', 'no header at all', fileOf('')],
    ['header-not-json', 'a header that is not JSON', fileOf('{"a":')],
    ['header-not-json', 'a header that is an array', fileOf('[]')],
    ['header-not-json', 'a header that is null', fileOf('null')],
    ['header-not-json', 'a header that is not UTF-8', fileOf(Uint8Array.of(0x7b, 0xff, 0x7d))],
    ['wrong-metadata', 'metadata that is no object', fileWith({ __metadata__: 'x' }, 0)],
    ['wrong-metadata', 'metadata that is not text', fileWith({ __metadata__: { k: 1 } }, 0)],
    ['wrong-entry', 'a tensor that is no object', fileWith({ a: 1 }, 0)],
    ['wrong-entry', 'a tensor without offsets', fileWith({ a: { dtype: 'U8', shape: [1] } }, 1)],
    [
      'wrong-entry',
      'a tensor with three offsets',
      fileWith({ a: { ...entry(0, 1), data_offsets: [0, 1, 2] } }, 1),
    ],
    ['wrong-entry', 'a negative offset', fileWith({ a: { ...entry(0, 1), data_offsets: [-1, 0] } }, 0)],
    ['wrong-entry', 'a fractional length', fileWith({ a: entry(0, 1, [0.5]) }, 1)],
    ['wrong-entry', 'a length that is text', fileWith({ a: entry(0, 1, ['1']) }, 1)],
    ['wrong-dtype', 'an unknown type', fileWith({ a: entry(0, 1, [1], 'F12') }, 1)],
    [
      'wrong-dtype',
      'a type named like a property of every object',
      fileWith({ a: entry(0, 1, [1], 'toString') }, 1),
    ],
    ['wrong-size', 'a shape that takes more bytes', fileWith({ a: entry(0, 4, [2], 'F32') }, 4)],
    ['wrong-size', 'offsets in the wrong order', fileWith({ a: entry(1, 0, [1]) }, 1)],
    ['wrong-size', 'a shape beyond any number', fileWith({ a: entry(0, 1, [2 ** 53 - 1, 2 ** 53 - 1]) }, 1)],
    ['data-past-end', 'a tensor past the end', fileWith({ a: entry(0, 2) }, 1)],
    ['overlap', 'two tensors that overlap', fileWith({ a: entry(0, 2), b: entry(1, 3) }, 3)],
    ['overlap', 'two tensors of the same bytes', fileWith({ a: entry(0, 2), b: entry(0, 2) }, 2)],
    ['hole', 'a hole at the start', fileWith({ a: entry(1, 2) }, 2)],
    ['hole', 'a hole between tensors', fileWith({ a: entry(0, 1), b: entry(2, 3) }, 3)],
    ['trailing-bytes', 'bytes after the last tensor', fileWith({ a: entry(0, 1) }, 2)],
    ['trailing-bytes', 'bytes that belong to no tensor at all', fileWith({}, 1)],
  ])('refuses with safetensors.%s: %s', (what, _description, file) => {
    expect(() => decodeSafetensors(file, 'm.safetensors')).toThrow(
      expect.objectContaining({
        code: `safetensors.${what}`,
        message: expect.stringContaining('"m.safetensors"') as string,
      }),
    );
  });

  it('takes names that are special to JavaScript for plain names', () => {
    const file = fileOf('{"__proto__":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}', Uint8Array.of(7));
    expect(decodeSafetensors(file, 'f').tensors).toEqual([
      { name: '__proto__', dtype: 'U8', shape: [1], bytes: Uint8Array.of(7) },
    ]);
    const polluting = fileOf('{"__metadata__":{"__proto__":"x"}}');
    expect(decodeSafetensors(polluting, 'f').metadata.get('__proto__')).toBe('x');
    expect('x' in {}).toBe(false);
  });

  it('never gives two tensors for a name that is used twice', () => {
    const header =
      '{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}';
    expect(() => decodeSafetensors(fileOf(header, new Uint8Array(2)), 'f')).toThrow(
      expect.objectContaining({ code: 'safetensors.hole' }),
    );
  });

  it('accepts empty tensors wherever they lie, scalars, and a padded header', () => {
    const header = { a: entry(0, 0, [0, 3]), b: entry(0, 1, []), c: entry(1, 1, [0]) };
    const decoded = decodeSafetensors(fileOf(`${JSON.stringify(header)}   `, Uint8Array.of(5)), 'f');
    expect(decoded.tensors.map(({ name, bytes }) => [name, ...bytes])).toEqual([['a'], ['b', 5], ['c']]);
  });

  it('refuses to write what it could not read', () => {
    const tensor: FileTensor = { name: 'a', dtype: 'F32', shape: [1], bytes: new Uint8Array(4) };
    const write = (...tensors: FileTensor[]) => encodeSafetensors(tensors, new Map());
    expect(() => write({ ...tensor, shape: [2] })).toThrow(
      expect.objectContaining({ code: 'safetensors.wrong-size' }),
    );
    expect(() => write(tensor, tensor)).toThrow(expect.objectContaining({ code: 'safetensors.wrong-name' }));
    expect(() => write({ ...tensor, name: '__metadata__' })).toThrow(
      expect.objectContaining({ code: 'safetensors.wrong-name' }),
    );
    expect(() => encodeSafetensors([], new Map([['k', 'v'.repeat(2 ** 20)]]))).toThrow(
      expect.objectContaining({ code: 'safetensors.header-too-large' }),
    );
  });
});
