import { describe, expect, it } from 'vitest';
import { Random } from '../../../src-shared/random.ts';
import { decodeZip, encodeZip } from '../../../src-main/formats/zip.ts';

const text = (value: string): Uint8Array => new TextEncoder().encode(value);
const files = [
  { name: 'a', bytes: text('first first first first') },
  { name: 'folder/b', bytes: text('second') },
];
const stored = (): Uint8Array => encodeZip(files, false);
const deflated = (): Uint8Array => encodeZip(files, true);

/** Where the parts of an archive begin. */
const localHeader = (archive: Uint8Array): number => Buffer.from(archive).indexOf('PK\x03\x04');
const directory = (archive: Uint8Array, nth = 0): number => {
  let at = -1;
  for (let index = 0; index <= nth; index += 1) at = Buffer.from(archive).indexOf('PK\x01\x02', at + 1);
  return at;
};
const endRecord = (archive: Uint8Array): number => Buffer.from(archive).lastIndexOf('PK\x05\x06');

/** The archive with one number of it changed. */
function changed(archive: Uint8Array, at: number, value: number, bits: 16 | 32): Uint8Array {
  const view = new DataView(archive.buffer);
  if (bits === 16) view.setUint16(at, value, true);
  else view.setUint32(at, value, true);
  return archive;
}
function renamed(from: string, to: string): Uint8Array {
  return new Uint8Array(Buffer.from(Buffer.from(stored()).toString('latin1').replaceAll(from, to), 'latin1'));
}

/** Two files whose names, of one length, are made the same. */
function twice(): Uint8Array {
  const archive = encodeZip(
    [
      { name: 'one', bytes: text('1') },
      { name: 'two', bytes: text('2') },
    ],
    false,
  );
  return new Uint8Array(
    Buffer.from(Buffer.from(archive).toString('latin1').replaceAll('two', 'one'), 'latin1'),
  );
}

describe('zip archives', () => {
  it.each([false, true])('give back the files that were put in (deflated: %s)', (isDeflated) => {
    expect([...decodeZip(encodeZip(files, isDeflated), 'f')]).toEqual(files);
  });

  it('give back files of any size, packed well or badly', () => {
    const random = Random.fromSeed(9, 'zip');
    for (const sizeBytes of [0, 1, 1000, 50_000, 300_000]) {
      for (const share of [0.1, 1]) {
        const bytes = Uint8Array.from({ length: sizeBytes }, () =>
          random.uniform() < share ? random.uniform(0, 256) : 0,
        );
        const [read] = [...decodeZip(encodeZip([{ name: 'a', bytes }], true), 'f')];
        expect(Buffer.from(bytes).equals(read!.bytes)).toBe(true);
      }
    }
  });

  it('are the same bytes whenever they are written', () => {
    expect(encodeZip(files, true)).toEqual(encodeZip(files, true));
    expect(Buffer.from(stored()).readUInt16LE(localHeader(stored()) + 12)).toBe((1 << 5) | 1);
  });

  it('may carry a comment', () => {
    const archive = changed(stored(), endRecord(stored()) + 20, 5, 16);
    expect([...decodeZip(new Uint8Array(Buffer.concat([archive, text('hello')])), 'f')]).toEqual(files);
  });

  it.each<[string, string, () => Uint8Array]>([
    ['not-zip', 'an empty file', () => new Uint8Array(0)],
    ['not-zip', 'another kind of file', () => text('not an archive at all, but long enough')],
    ['not-zip', 'a file that is cut off', () => stored().subarray(0, -1)],
    ['not-zip', 'bytes after the end', () => new Uint8Array([...stored(), 0])],
    ['wrong-directory', 'bytes before the beginning', () => new Uint8Array([0, ...stored()])],
    [
      'wrong-directory',
      'more entries than there are',
      () => {
        const archive = changed(stored(), endRecord(stored()) + 8, 3, 16);
        return changed(archive, endRecord(archive) + 10, 3, 16);
      },
    ],
    [
      'wrong-directory',
      'fewer entries than there are',
      () => {
        const archive = changed(stored(), endRecord(stored()) + 8, 1, 16);
        return changed(archive, endRecord(archive) + 10, 1, 16);
      },
    ],
    ['wrong-directory', 'parts on other disks', () => changed(stored(), endRecord(stored()) + 4, 1, 16)],
    ['zip64', 'a directory above 4 GiB', () => changed(stored(), endRecord(stored()) + 16, 0xffffffff, 32)],
    ['encrypted', 'a password', () => changed(stored(), directory(stored()) + 8, 1, 16)],
    ['wrong-method', 'another packing', () => changed(stored(), directory(stored()) + 10, 14, 16)],
    [
      'wrong-size',
      'a stored file that claims more',
      () => changed(stored(), directory(stored()) + 24, 99, 32),
    ],
    [
      'wrong-size',
      'a claim beyond any packing',
      () => changed(deflated(), directory(deflated()) + 24, 0x7fffffff, 32),
    ],
    [
      'wrong-size',
      'a file that unpacks to more than it claims',
      () => changed(deflated(), directory(deflated()) + 24, 5, 32),
    ],
    [
      'wrong-size',
      'a file that unpacks to less than it claims',
      () => changed(deflated(), directory(deflated()) + 24, 24, 32),
    ],
    ['wrong-checksum', 'a changed byte', () => renamed('second', 'zecond')],
    [
      'corrupt',
      'damaged packing',
      () => {
        const archive = deflated();
        archive.fill(0xff, localHeader(archive) + 31, localHeader(archive) + 36);
        return archive;
      },
    ],
    [
      'wrong-header',
      'an entry that lies elsewhere',
      () => changed(stored(), directory(stored()) + 42, 7, 32),
    ],
    ['overlap', 'two entries of the same bytes', () => changed(stored(), directory(stored(), 1) + 42, 0, 32)],
    ['duplicate-name', 'two entries of one name', twice],
    ['wrong-name', 'a name that leads out of a folder', () => renamed('folder/b', '../../bb')],
    ['wrong-name', 'a path from the root', () => renamed('folder/b', '/older/b')],
    ['wrong-name', 'a path on a drive', () => renamed('folder/b', 'C:/lde/b')],
    ['wrong-name', 'a path with backslashes', () => renamed('folder/b', '..\\..\\bb')],
    ['wrong-name', 'a name with a zero byte', () => renamed('folder/b', 'folder\0b')],
    [
      'expands-too-much',
      '33 MiB in 33 KiB',
      () => encodeZip([{ name: 'zeros', bytes: new Uint8Array(33 * 1024 * 1024) }], true),
    ],
  ])('are refused with zip.%s: %s', (what, _description, archive) => {
    expect(() => [...decodeZip(archive(), 'm.npz')]).toThrow(
      expect.objectContaining({
        code: `zip.${what}`,
        message: expect.stringContaining('"m.npz"') as string,
      }),
    );
  });

  it('are not written with names that would not be read', () => {
    for (const name of ['', '../a', '/a', 'a//b', 'a\\b', 'a\nb']) {
      expect(() => encodeZip([{ name, bytes: text('x') }], false)).toThrow(
        expect.objectContaining({ code: 'zip.wrong-name' }),
      );
    }
    expect(() => encodeZip([files[0]!, files[0]!], false)).toThrow(
      expect.objectContaining({ code: 'zip.wrong-name' }),
    );
  });

  it('take names that are special to JavaScript for plain names', () => {
    const special = ['__proto__', 'constructor', 'toString'].map((name) => ({ name, bytes: text(name) }));
    expect([...decodeZip(encodeZip(special, false), 'f')]).toEqual(special);
  });
});
