import * as v from 'valibot';
import { bytesSchema } from './bytes.ts';
import { errorDataSchema } from '../failure.ts';

export const splitSchema = v.picklist(['train', 'test']);
export type Split = v.InferOutput<typeof splitSchema>;

export const imageShapeSchema = v.strictObject({
  height: v.number(),
  width: v.number(),
  channels: v.number(),
});
/** Images are stored as bytes, `(height, width, channels)`, 0 black to 255 white. */
export type ImageShape = v.InferOutput<typeof imageShapeSchema>;

export const downloadProgressSchema = v.strictObject({
  datasetId: v.string(),
  /** The file being fetched, and from where. */
  fileName: v.string(),
  mirror: v.string(),
  receivedBytes: v.number(),
  /** Of all files together; an estimate until the servers have said. */
  totalBytes: v.number(),
  /** Of `receivedBytes`, what an earlier download had left. */
  resumedBytes: v.number(),
  bytesPerSecond: v.number(),
  secondsLeft: v.nullable(v.number()),
});
export type DownloadProgress = v.InferOutput<typeof downloadProgressSchema>;

export const datasetSummarySchema = v.strictObject({
  id: v.string(),
  name: v.string(),
  description: v.string(),
  classes: v.array(v.string()),
  shape: imageShapeSchema,
  trainCount: v.number(),
  testCount: v.number(),
  /** Images without a label, which a model can be asked about. */
  unlabelledCount: v.number(),
  /** Whether Weft knows the set, or a person brought it. */
  kind: v.picklist(['catalogue', 'imported']),
  /** `built-in` is made on the spot; `ready` is on this disk; `absent` can be downloaded. */
  state: v.picklist(['built-in', 'ready', 'absent', 'downloading']),
  /** Where a ready set was found, or how large the download is. */
  origin: v.string(),
  licence: v.string(),
  citation: v.string(),
  /** Why the last attempt to get it failed. */
  failure: v.nullable(errorDataSchema),
  download: v.nullable(downloadProgressSchema),
});
export type DatasetSummary = v.InferOutput<typeof datasetSummarySchema>;

export const datasetDetailsSchema = v.strictObject({
  id: v.string(),
  /** Images of each class, in class order. */
  trainCounts: v.array(v.number()),
  testCounts: v.array(v.number()),
  /** Class index of each image, one byte each. */
  trainLabels: bytesSchema,
  testLabels: bytesSchema,
  /** The mean training image of each class, `(classes, height, width, channels)`, one byte a value. */
  classMeans: bytesSchema,
});
export type DatasetDetails = v.InferOutput<typeof datasetDetailsSchema>;

/** One file of a dataset as it lies on the disk, or as it should. */
export const datasetFileSchema = v.strictObject({
  name: v.string(),
  sizeBytes: v.number(),
  /** Of the whole file, in hexadecimal. */
  sha256: v.string(),
});
export type DatasetFile = v.InferOutput<typeof datasetFileSchema>;

/** The same, or one whose hash is known only once it is here. */
export const listedFileSchema = v.strictObject({
  ...datasetFileSchema.entries,
  sha256: v.nullable(v.string()),
});
export type ListedFile = v.InferOutput<typeof listedFileSchema>;

/** Where a dataset comes from and what it is made of. */
export const datasetInfoSchema = v.strictObject({
  ...datasetSummarySchema.entries,
  /** Where its files are; null for one that is made on the spot or not here. */
  folder: v.nullable(v.string()),
  files: v.array(listedFileSchema),
  /** Null for a set of the catalogue. */
  createdAt: v.nullable(v.string()),
});
export type DatasetInfo = v.InferOutput<typeof datasetInfoSchema>;

/** What hashing the files of a dataset again has shown. */
export const datasetCheckSchema = v.strictObject({
  datasetId: v.string(),
  files: v.array(
    v.strictObject({
      name: v.string(),
      state: v.picklist(['whole', 'damaged', 'missing']),
    }),
  ),
});
export type DatasetCheck = v.InferOutput<typeof datasetCheckSchema>;
