import * as v from 'valibot';

/** Where a run or a model comes from, and where it lies on this machine. */
export const provenanceSchema = v.strictObject({
  /** The folder that its files are in. */
  folder: v.string(),
  files: v.array(v.strictObject({ name: v.string(), sizeBytes: v.number() })),
  /** Of the images that it was trained on, the same set in the same order; empty where training has not come so far. */
  datasetFingerprint: v.string(),
  /** The Weft that trained it. */
  weftVersion: v.string(),
});
export type Provenance = v.InferOutput<typeof provenanceSchema>;
