import { execFileSync } from 'node:child_process';
import { chmod, readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { encode as encodePng } from 'fast-png';
import { encode as encodeJpeg } from 'jpeg-js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeImportPlace, type ImportPlace } from './importFixture.ts';

let place: ImportPlace;
beforeEach(async () => {
  place = await makeImportPlace();
});
afterEach(() => place.remove());

/** An even grey image. */
const grey = (value: number, width = 4, height = 4): Uint8Array =>
  encodePng({ width, height, depth: 8, channels: 1, data: new Uint8Array(width * height).fill(value) });
const red = encodePng({
  width: 1,
  height: 1,
  depth: 8,
  channels: 3,
  data: Uint8Array.of(250, 10, 20),
});
const size = { height: 4, width: 4 };
const staged = async (name: string, headBytes: number): Promise<number[]> => [
  ...(await readFile(join(place.stagingFolder, name))).subarray(headBytes),
];

describe('importing a folder for each class', () => {
  it('takes the folders for classes in natural order, and every image of the size as it is', async () => {
    await place.put({
      'class10/a.png': grey(100),
      'class2/b.png': grey(20),
      'class2/deep/c.png': grey(21),
      'class1/d.png': grey(10),
    });
    const { preview } = await place.read('', { size, heldOut: 0 });
    expect(preview).toMatchObject({ kind: 'images', isFitted: true, problems: [], trainCount: 4 });
    expect(preview.shape).toEqual({ ...size, channels: 1 });
    expect(preview.classes.map((one) => [one.name, one.trainCount])).toEqual([
      ['class1', 1],
      ['class2', 2],
      ['class10', 1],
    ]);
    expect(await staged('train-labels-idx1-ubyte', 8)).toEqual([0, 1, 1, 2]);
    const pixels = await staged('train-images-idx3-ubyte', 16);
    expect(pixels).toEqual([10, 20, 21, 100].flatMap((value) => Array<number>(16).fill(value)));
  });

  it('fits images of any size, proportions kept, and says so', async () => {
    const data = new Uint8Array(8 * 4).map((_value, at) => (at % 8 > 1 && at % 8 < 6 ? 200 : 0));
    const wide = encodePng({ width: 8, height: 4, depth: 8, channels: 1, data });
    await place.put({ 'a/wide.png': wide, 'b/small.png': grey(50, 2, 2) });
    const { preview } = await place.read('', { size, heldOut: 0 });
    expect(preview.notes.join(' ')).toContain('from 2 x 2 to 4 x 8 pixels');
    const pixels = await staged('train-images-idx3-ubyte', 16);
    // 8 x 4 becomes 4 x 2 in the middle, between two rows as dark as the edge.
    const rows = [0, 4, 8, 12].map((start) => pixels.slice(start, start + 4));
    expect(rows[1]).toEqual(rows[2]);
    expect(rows[0]).toEqual(rows[3]);
    expect(rows[1]![1]).toBeGreaterThan(100);
    expect(new Set(rows[0]).size).toBe(1);
    expect(pixels.slice(16)).toEqual(Array<number>(16).fill(50));
  });

  it('keeps colours where there are any, unless grey is asked for', async () => {
    const photo = encodeJpeg({ width: 8, height: 8, data: new Uint8Array(256).fill(128) }, 90).data;
    await place.put({ 'a/red.png': red, 'b/photo.jpg': photo });
    const one = { height: 1, width: 1 };
    const { preview } = await place.read('', { size: one, heldOut: 0 });
    expect(preview.shape.channels).toBe(3);
    expect((await staged('train-images-idx4-ubyte', 20)).slice(0, 3)).toEqual([250, 10, 20]);
    expect((await place.read('', { size: one, heldOut: 0, channels: 1 })).preview.shape.channels).toBe(1);
    // ITU-R BT.601: 0.299 * 250 + 0.587 * 10 + 0.114 * 20.
    expect((await staged('train-images-idx3-ubyte', 16))[0]).toBe(83);
  });

  it('recognises train and test folders, also inside of another, and test images without classes', async () => {
    const files = {
      'set/train/cat/1.png': grey(1),
      'set/train/dog/2.png': grey(2),
      'set/test/cat/3.png': grey(3),
      'set/valid/dog/4.png': grey(4),
    };
    await place.put(files);
    const { preview } = await place.read('', { size });
    expect(preview).toMatchObject({ trainCount: 3, testCount: 1, testOrigin: 'own' });
    expect(preview.notes.join(' ')).toContain('"valid" are added to those for training');
    await place.put({
      'other/training/cat/1.png': grey(1),
      'other/training/dog/2.png': grey(2),
      'other/test/x.png': grey(9),
    });
    const unlabelled = await place.read('other', { size, heldOut: 0 });
    expect(unlabelled.preview).toMatchObject({ trainCount: 2, testCount: 0, unlabelledCount: 1 });
  });

  it('leaves out what is no image, each with its reason, and takes the rest', async () => {
    const whole = grey(5);
    const odd = 'new\nline – 🧵.png';
    await place.put({
      'a/good.png': whole,
      'a/empty.png': '',
      'a/cut.png': whole.subarray(0, -5),
      'a/text.png': 'this is text',
      'a/actually-a-jpeg.png': encodeJpeg({ width: 8, height: 8, data: new Uint8Array(256).fill(9) }, 90)
        .data,
      [`b/${odd}`]: whole,
      'b/-rf.png': whole,
      '__proto__/x.png': whole,
      'a/Thumbs.db': 'clutter',
      'stray.png': whole,
    });
    await symlink('/etc/passwd', join(place.folder, 'a/link.png'));
    await symlink(place.folder, join(place.folder, 'b/loop'));
    execFileSync('mkfifo', [join(place.folder, 'b/pipe.png')]);
    const { preview } = await place.read('', { size, heldOut: 0 });
    expect(preview.classes.map((one) => [one.name, one.trainCount])).toEqual([
      ['__proto__', 1],
      ['a', 2],
      ['b', 2],
    ]);
    const problems = new Map(preview.problems.map(({ file, message }) => [file, message]));
    expect(Object.fromEntries(problems)).toEqual({
      'a/link.png': expect.stringContaining('is a link') as string,
      'b/loop': expect.stringContaining('is a link') as string,
      'b/pipe.png': expect.stringContaining('named pipe') as string,
      'a/empty.png': expect.stringContaining('is empty') as string,
      'a/cut.png': expect.stringContaining('cut off') as string,
      'a/text.png': expect.stringContaining('not an image') as string,
      'stray.png': expect.stringContaining('folder of no class') as string,
    });
  });

  it.skipIf(process.getuid?.() === 0)('says which file may not be read', async () => {
    await place.put({ 'a/1.png': grey(1), 'a/locked.png': grey(1), 'b/2.png': grey(2) });
    await chmod(join(place.folder, 'a/locked.png'), 0);
    const { preview } = await place.read('', { size, heldOut: 0 });
    expect(preview.problems[0]).toMatchObject({
      file: 'a/locked.png',
      message: expect.stringContaining('may not be read') as string,
    });
  });

  it('shows the first problems and counts the rest', async () => {
    const broken = Object.fromEntries(
      Array.from({ length: 150 }, (_value, index) => [`a/${index}.png`, 'x']),
    );
    await place.put({ ...broken, 'a/good.png': grey(1), 'b/good.png': grey(1) });
    const { preview } = await place.read('', { size, heldOut: 0 });
    expect(preview.problemCount).toBe(150);
    expect(preview.problems).toHaveLength(100);
  });

  it.each<[string, Record<string, Uint8Array | string>]>([
    ['import.no-classes', { '1.png': red, '2.png': red }],
    ['import.wrong-class-count', { 'only/1.png': red, 'only/2.png': red }],
    ['import.no-images', { 'a/1.png': 'broken', 'a/2.jpg': 'broken', 'b/3.png': '' }],
  ])('refuses with %s what makes no dataset', async (code, files) => {
    await place.put(files);
    await expect(place.read('', { size })).rejects.toMatchObject({ code });
  });

  it('says of a single image that a folder is needed', async () => {
    await place.put({ 'a/1.png': red });
    await expect(place.read('a/1.png')).rejects.toMatchObject({ code: 'import.one-image' });
  });
});
