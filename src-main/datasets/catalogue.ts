// The datasets that Weft knows. A new one of the same kind is one record here.
import type { ImageShape } from '../../src-shared/schemas/dataset.ts';
import { generateStrokes, strokesSize } from './strokes/generate.ts';
import type { DatasetContent } from './types.ts';

interface AnyFileRecord {
  /** Unpacked; packed it is called the same with `.gz`. */
  name: string;
  /** Size of the usual packed file, to estimate a download. */
  packedBytes: number;
  /** Unpacked. */
  sizeBytes: number;
}

/** Known by what is in it, however a mirror packs it. */
export interface UnpackedFileRecord extends AnyFileRecord {
  /** Of the unpacked file, in hexadecimal. */
  sha256: string;
}

/** Known by one packed form, as nobody has published a hash of what is in it: that is noted when it is unpacked here. */
export interface PackedFileRecord extends AnyFileRecord {
  sha256: null;
  /** Of the packed file, in hexadecimal. */
  packedSha256: string;
}

/** One file of a set, known by its hash: sets share file names. */
export type FileRecord = UnpackedFileRecord | PackedFileRecord;

interface RecordBase {
  id: string;
  name: string;
  description: string;
  classes: readonly string[];
  shape: ImageShape;
  trainCount: number;
  testCount: number;
  licence: string;
  citation: string;
}

/** A set made on the spot, the same each time. */
export interface GeneratedRecord extends RecordBase {
  kind: 'generated';
  origin: string;
  generate(): Promise<DatasetContent>;
}

/** The four IDX files of a set. */
export interface SetFiles {
  trainImages: FileRecord;
  trainLabels: FileRecord;
  testImages: FileRecord;
  testLabels: FileRecord;
}

/** A set that lies in IDX files, found on this machine or downloaded. */
export interface FilesRecord extends RecordBase {
  kind: 'files';
  files: SetFiles;
  /** Folders in the web that hold the files, packed; tried in this order. They end with a slash. */
  mirrors: readonly string[];
}

export type DatasetRecord = GeneratedRecord | FilesRecord;

const digits = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'];
const grey28: ImageShape = { height: 28, width: 28, channels: 1 };

const strokes: GeneratedRecord = {
  kind: 'generated',
  id: 'strokes',
  name: 'Strokes',
  description: 'Handwriting-like digits drawn by Weft itself: needs no network and no file.',
  classes: digits,
  shape: grey28,
  ...strokesSize,
  licence: 'Made by Weft; free of any rights',
  citation: '',
  origin: 'Made by Weft on this machine',
  generate: () => generateStrokes(),
};

const fashionMnist: FilesRecord = {
  kind: 'files',
  id: 'fashion-mnist',
  name: 'Fashion-MNIST',
  description: "Zalando's articles of clothing in ten classes: as small as MNIST, but harder.",
  classes: [
    'T-shirt/top',
    'Trouser',
    'Pullover',
    'Dress',
    'Coat',
    'Sandal',
    'Shirt',
    'Sneaker',
    'Bag',
    'Ankle boot',
  ],
  shape: grey28,
  trainCount: 60_000,
  testCount: 10_000,
  licence: 'MIT',
  citation:
    'Han Xiao, Kashif Rasul, Roland Vollgraf: Fashion-MNIST: a Novel Image Dataset for Benchmarking Machine Learning Algorithms. arXiv:1708.07747 (2017)',
  files: {
    trainImages: {
      name: 'train-images-idx3-ubyte',
      packedBytes: 26_421_880,
      sizeBytes: 47_040_016,
      sha256: 'c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888',
    },
    trainLabels: {
      name: 'train-labels-idx1-ubyte',
      packedBytes: 29_515,
      sizeBytes: 60_008,
      sha256: 'bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9',
    },
    testImages: {
      name: 't10k-images-idx3-ubyte',
      packedBytes: 4_422_102,
      sizeBytes: 7_840_016,
      sha256: '5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b',
    },
    testLabels: {
      name: 't10k-labels-idx1-ubyte',
      packedBytes: 5_148,
      sizeBytes: 10_008,
      sha256: '0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34',
    },
  },
  mirrors: [
    'https://storage.googleapis.com/tensorflow/tf-keras-datasets/',
    'https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/',
    'http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/',
  ],
};

const mnist: FilesRecord = {
  kind: 'files',
  id: 'mnist',
  name: 'MNIST',
  description: 'Handwritten digits, the classic of image classification.',
  classes: digits,
  shape: grey28,
  trainCount: 60_000,
  testCount: 10_000,
  licence: 'CC BY-SA 3.0',
  citation:
    'Yann LeCun, Léon Bottou, Yoshua Bengio, Patrick Haffner: Gradient-Based Learning Applied to Document Recognition. Proceedings of the IEEE 86(11) (1998)',
  files: {
    trainImages: {
      name: 'train-images-idx3-ubyte',
      packedBytes: 9_912_422,
      sizeBytes: 47_040_016,
      sha256: 'ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db',
    },
    trainLabels: {
      name: 'train-labels-idx1-ubyte',
      packedBytes: 28_881,
      sizeBytes: 60_008,
      sha256: '65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5',
    },
    testImages: {
      name: 't10k-images-idx3-ubyte',
      packedBytes: 1_648_877,
      sizeBytes: 7_840_016,
      sha256: '0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7',
    },
    testLabels: {
      name: 't10k-labels-idx1-ubyte',
      packedBytes: 4_542,
      sizeBytes: 10_008,
      sha256: 'ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2',
    },
  },
  mirrors: [
    'https://ossci-datasets.s3.amazonaws.com/mnist/',
    'https://storage.googleapis.com/cvdf-datasets/mnist/',
  ],
};

const kuzushijiMnist: FilesRecord = {
  kind: 'files',
  id: 'kuzushiji-mnist',
  name: 'Kuzushiji-MNIST',
  description:
    'Cursive Japanese characters from old books, one of each row of Hiragana: many shapes to a class.',
  classes: ['o', 'ki', 'su', 'tsu', 'na', 'ha', 'ma', 'ya', 're', 'wo'],
  shape: grey28,
  trainCount: 60_000,
  testCount: 10_000,
  licence: 'CC BY-SA 4.0',
  citation:
    'Tarin Clanuwat, Mikel Bober-Irizar, Asanobu Kitamoto, Alex Lamb, Kazuaki Yamamoto, David Ha: Deep Learning for Classical Japanese Literature. arXiv:1812.01718 (2018)',
  // Sizes and hashes of the packed files as TensorFlow Datasets states them (url_checksums/kmnist.txt).
  files: {
    trainImages: {
      name: 'train-images-idx3-ubyte',
      packedBytes: 18_165_135,
      sizeBytes: 47_040_016,
      sha256: null,
      packedSha256: '51467d22d8cc72929e2a028a0428f2086b092bb31cfb79c69cc0a90ce135fde4',
    },
    trainLabels: {
      name: 'train-labels-idx1-ubyte',
      packedBytes: 29_497,
      sizeBytes: 60_008,
      sha256: null,
      packedSha256: 'e38f9ebcd0f3ebcdec7fc8eabdcdaef93bb0df8ea12bee65224341c8183d8e17',
    },
    testImages: {
      name: 't10k-images-idx3-ubyte',
      packedBytes: 3_041_136,
      sizeBytes: 7_840_016,
      sha256: null,
      packedSha256: 'edd7a857845ad6bb1d0ba43fe7e794d164fe2dce499a1694695a792adfac43c5',
    },
    testLabels: {
      name: 't10k-labels-idx1-ubyte',
      packedBytes: 5_120,
      sizeBytes: 10_008,
      sha256: null,
      packedSha256: '20bb9a0ef54c7db3efc55a92eef5582c109615df22683c380526788f98e42a1c',
    },
  },
  mirrors: [
    'http://codh.rois.ac.jp/kmnist/dataset/kmnist/',
    'https://codh.rois.ac.jp/kmnist/dataset/kmnist/',
  ],
};

/** In the order in which they are shown. */
export const datasetRecords: readonly DatasetRecord[] = [strokes, fashionMnist, mnist, kuzushijiMnist];
