import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeNpz, encodeNpz, type NamedNpyArray } from '../../../src-main/formats/npz.ts';
import { encodeZip } from '../../../src-main/formats/zip.ts';
import { findPython } from '../../../scripts/testing/findPython.mjs';

const arrays: NamedNpyArray[] = [
  { name: 'net.0.weight', dtype: 'float32', shape: [2, 3], data: Float32Array.of(1, 2, 3, -4, 5.5, 1e-30) },
  { name: 'dense/bias:0', dtype: 'float64', shape: [2], data: Float64Array.of(0.1, -0.2) },
  { name: '__proto__', dtype: 'int64', shape: [], data: BigInt64Array.of(-(2n ** 60n)) },
  { name: 'mask', dtype: 'bool', shape: [3], data: Uint8Array.of(1, 0, 1) },
  { name: 'half', dtype: 'float16', shape: [2], data: Uint16Array.of(0x3c00, 0xc000) },
];

describe('npz archives', () => {
  it.each([false, true])('give back the arrays that were put in (compressed: %s)', (isCompressed) => {
    expect(decodeNpz(encodeNpz(arrays, isCompressed), 'f')).toEqual(arrays);
  });

  it('are refused when they hold something else', () => {
    const archive = encodeZip([{ name: 'README', bytes: new Uint8Array(3) }], false);
    expect(() => decodeNpz(archive, 'm.npz')).toThrow(expect.objectContaining({ code: 'npz.wrong-entry' }));
  });
});

const python = findPython('numpy');
const reason = python === undefined ? ' (needs Python with NumPy)' : '';

describe.skipIf(python === undefined)(`NumPy${reason}`, () => {
  let folder = '';
  beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'weft-npz-'))));
  afterAll(() => rmSync(folder, { recursive: true }));
  const run = (program: string, ...args: string[]): string =>
    execFileSync(python!, ['-c', program, ...args], { encoding: 'utf8' });

  it.each([false, true])('reads the arrays that Weft wrote (compressed: %s)', (isCompressed) => {
    const path = join(folder, 'ours.npz');
    writeFileSync(path, encodeNpz(arrays, isCompressed));
    const program = `
import json, sys, numpy
with numpy.load(sys.argv[1], allow_pickle=False) as arrays:
    print(json.dumps({name: [str(arrays[name].dtype), arrays[name].shape, arrays[name].tolist()] for name in arrays}))
`;
    expect(Object.entries(JSON.parse(run(program, path)) as object)).toEqual([
      [
        'net.0.weight',
        [
          'float32',
          [2, 3],
          [
            [1, 2, 3],
            [-4, 5.5, Math.fround(1e-30)],
          ],
        ],
      ],
      ['dense/bias:0', ['float64', [2], [0.1, -0.2]]],
      ['__proto__', ['int64', [], -(2 ** 60)]],
      ['mask', ['bool', [3], [true, false, true]]],
      ['half', ['float16', [2], [1, -2]]],
    ]);
  });

  it.each(['savez', 'savez_compressed'])("'s %s is read, whatever the order of axes and of bytes", (save) => {
    const path = join(folder, `${save}.npz`);
    const program = `
import sys, numpy
grid = numpy.arange(24).reshape(2, 3, 4)
numpy.${save}(sys.argv[1], plain=grid.astype('<f4'), columns=numpy.asfortranarray(grid.astype('<f8')),
    big=grid.astype('>i4'), both=numpy.asfortranarray(grid.astype('>f4')), half=grid.astype('f2'),
    empty=numpy.zeros((0, 7)), scalar=numpy.uint8(200), many=numpy.tile(grid.astype('u1'), (50, 50, 1)))
`;
    run(program, path);
    const grid = Array.from({ length: 24 }, (_, index) => index);
    const read = new Map(decodeNpz(readFileSync(path), 'f').map((array) => [array.name, array]));
    expect(read.get('plain')).toEqual({
      name: 'plain',
      dtype: 'float32',
      shape: [2, 3, 4],
      data: Float32Array.from(grid),
    });
    expect(read.get('columns')?.data).toEqual(Float64Array.from(grid));
    expect(read.get('big')?.data).toEqual(Int32Array.from(grid));
    expect(read.get('both')?.data).toEqual(Float32Array.from(grid));
    expect([...read.get('half')!.data].slice(0, 3)).toEqual([0, 0x3c00, 0x4000]);
    expect(read.get('empty')?.shape).toEqual([0, 7]);
    expect(read.get('scalar')).toMatchObject({ shape: [], data: Uint8Array.of(200) });
    expect(read.get('many')).toMatchObject({ shape: [100, 150, 4] });
  });

  it("'s pickled objects are refused", () => {
    const path = join(folder, 'objects.npz');
    run('import sys, numpy; numpy.savez(sys.argv[1], a=numpy.array([{}], dtype=object))', path);
    expect(() => decodeNpz(readFileSync(path), 'f')).toThrow(
      expect.objectContaining({ code: 'npy.object-array' }),
    );
  });
});
