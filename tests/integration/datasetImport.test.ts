// Imports each kind of source with the built command line, and compares what is kept with what was written.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { encode as encodePng } from 'fast-png';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encodeNpz } from '../../src-main/formats/npz.ts';
import { runProgram, startProgram } from '../program.ts';

let root = '';
let dataDirectory = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'weft-import-'));
  dataDirectory = join(root, 'data');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const weft = (...args: string[]): ReturnType<typeof runProgram> =>
  runProgram('cli.js', [...args, '--data-dir', dataDirectory]);

const count = 40;
const labels = Uint8Array.from({ length: count }, (_value, image) => image % 4);
/** 5 x 5 grey pixels each. */
const pixels = Uint8Array.from({ length: count * 25 }, (_value, index) => (index * 11) % 256);
const imageOf = (image: number): Uint8Array => pixels.subarray(image * 25, (image + 1) * 25);

/** IDX written by hand, apart from the code that is tested. */
const idx = (lengths: number[], values: Uint8Array): Buffer => {
  const head = Buffer.alloc(4 + 4 * lengths.length);
  head.writeUInt32BE(0x0800 + lengths.length);
  lengths.forEach((length, index) => head.writeUInt32BE(length, 4 + 4 * index));
  return Buffer.concat([head, values]);
};

type Writer = (folder: string) => string;
const writers: [string, Writer][] = [
  [
    'IDX files',
    (folder) => {
      writeFileSync(join(folder, 'train-images.gz'), gzipSync(idx([count, 5, 5], pixels)));
      writeFileSync(join(folder, 'train-labels'), idx([count], labels));
      return folder;
    },
  ],
  [
    'a .npz file',
    (folder) => {
      const path = join(folder, 'set.npz');
      const arrays = [
        { name: 'x_train', dtype: 'uint8' as const, shape: [count, 5, 5], data: pixels },
        { name: 'y_train', dtype: 'uint8' as const, shape: [count], data: labels },
      ];
      writeFileSync(path, encodeNpz(arrays, true));
      return path;
    },
  ],
  [
    'a CSV file',
    (folder) => {
      const path = join(folder, 'train.csv');
      const rows = Array.from(labels, (label, image) => [label, ...imageOf(image)].join(','));
      writeFileSync(
        path,
        `label,${Array.from({ length: 25 }, (_value, at) => `pixel${at}`).join(',')}\r\n${rows.join('\r\n')}\r\n`,
      );
      return path;
    },
  ],
  [
    'a folder for each class',
    (folder) => {
      for (const [image, label] of labels.entries()) {
        const place = join(folder, String(label));
        mkdirSync(place, { recursive: true });
        const data = imageOf(image);
        writeFileSync(
          join(place, `${image}.png`),
          encodePng({ width: 5, height: 5, depth: 8, channels: 1, data }),
        );
      }
      return folder;
    },
  ],
];

describe('datasets import', () => {
  it.each(writers)('keeps %s byte for byte, and lists, checks and removes the set', async (kind, write) => {
    const folder = join(root, 'mine');
    mkdirSync(folder);
    const path = write(folder);
    const args = ['datasets', 'import', path, '--name', 'Mine', '--held-out', '0', '--size', '5x5', '--json'];
    // Only images in folders are fitted.
    const { status, stdout, stderr } = await weft(...args);
    expect(stderr).toBe('');
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ id: 'mine', trainCount: count, testCount: 0, problems: [] });
    const kept = join(dataDirectory, 'datasets/mine');
    // Images in folders come class by class.
    const order =
      kind === 'a folder for each class'
        ? [0, 1, 2, 3].flatMap((label) => [...labels.keys()].filter((image) => labels[image] === label))
        : [...labels.keys()];
    const expected = Buffer.concat(order.map(imageOf));
    expect(readFileSync(join(kept, 'train-images-idx3-ubyte')).equals(idx([count, 5, 5], expected))).toBe(
      true,
    );
    const keptLabels = Uint8Array.from(order, (image) => labels[image]!);
    expect(readFileSync(join(kept, 'train-labels-idx1-ubyte')).equals(idx([count], keptLabels))).toBe(true);
    expect(readdirSync(join(dataDirectory, 'datasets')).filter((name) => name.startsWith('.'))).toEqual([]);

    expect((await weft('datasets')).stdout).toContain('Imported from');
    expect((await weft('datasets', 'verify', 'mine')).status).toBe(0);
    writeFileSync(join(kept, 'train-labels-idx1-ubyte'), idx([count], new Uint8Array(count)));
    const damaged = await weft('datasets', 'verify', 'mine');
    expect([damaged.status, damaged.stdout]).toEqual([1, 'train-labels-idx1-ubyte is damaged.\n']);
    expect((await weft('datasets', 'remove', 'mine')).status).toBe(0);
    expect((await weft('datasets', 'info', 'mine')).status).toBe(2);
  });

  it('leaves nothing that is listed when it is killed in the middle, and sweeps the rest at the next start', async () => {
    const folder = join(root, 'many');
    for (let label = 0; label < 2; label += 1) {
      mkdirSync(join(folder, String(label)), { recursive: true });
      for (let image = 0; image < 1500; image += 1) {
        const data = new Uint8Array(64 * 64).fill(image);
        writeFileSync(
          join(folder, String(label), `${image}.png`),
          encodePng({ width: 64, height: 64, depth: 8, channels: 1, data }),
        );
      }
    }
    const program = startProgram('cli.js', ['datasets', 'import', folder, '--data-dir', dataDirectory]);
    const datasets = join(dataDirectory, 'datasets');
    const staged = (): string[] => {
      try {
        return readdirSync(datasets).filter((name) => name.startsWith('.import-'));
      } catch {
        return [];
      }
    };
    await expect.poll(staged, { timeout: 20_000, interval: 5 }).toHaveLength(1);
    program.child.kill('SIGKILL');
    await program.ended;
    expect(staged()).toHaveLength(1);
    const listed = await weft('datasets', '--json');
    expect(listed.stdout).not.toContain('"kind":"imported"');
    // A command that may write is a start that sweeps.
    await weft('datasets', 'remove', 'no-such-set');
    expect(staged()).toEqual([]);
  });

  it('says in one sentence, with the status of a failure, what can not be imported', async () => {
    const path = join(root, 'train.csv');
    writeFileSync(path, '1,2,3\n4,5\n');
    const broken = await weft('datasets', 'import', path);
    expect(broken.status).toBe(1);
    expect(broken.stderr).toMatch(/^weft: "train\.csv", line \d/);
    expect((await weft('datasets', 'import', join(root, 'nothing'))).status).toBe(1);
    expect((await weft('datasets', 'import', path, '--size', 'big')).status).toBe(2);
    expect((await weft('datasets', 'import', path, '--grey', '--rgb')).status).toBe(2);
  });

  it('trains on imported colours, and writes predictions of a table as Kaggle takes them', async () => {
    const folder = join(root, 'mine');
    mkdirSync(folder);
    const csv = writers[2]![1](folder);
    expect((await weft('datasets', 'import', csv, '--name', 'Mine')).status).toBe(0);
    const train =
      'train --preset numpy-plain --dataset mine --epochs 1 --batch-size 8 --threads 1 --run-id r';
    const trained = await weft(...train.split(' '));
    expect(trained.stderr).not.toMatch(/^weft:/m);
    expect(trained.status).toBe(0);
    const out = join(root, 'submission.csv');
    expect((await weft('predict', 'r', csv, '--kaggle', out)).status).toBe(0);
    const lines = readFileSync(out, 'utf8').split('\n');
    expect(lines[0]).toBe('ImageId,Label');
    expect(lines).toHaveLength(count + 2);
    expect(lines[count]).toMatch(new RegExp(`^${count},[0-3]$`));
    expect((await weft('predict', 'r', csv)).status).toBe(2);
  });
});
