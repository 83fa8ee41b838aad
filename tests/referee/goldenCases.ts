// Reads what tests/referee/referee.py writes: networks trained in PyTorch, with everything needed to train them in Weft.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { componentSchema } from '../../src-shared/schemas/component.ts';

const base64Bytes = v.pipe(
  v.string(),
  v.transform((text) => new Uint8Array(Buffer.from(text, 'base64'))),
);
/** Little-endian float32, as every machine holds them that runs Weft. */
const base64Numbers = v.pipe(
  base64Bytes,
  v.transform((bytes) => new Float32Array(bytes.buffer)),
);

const tensorSchema = v.strictObject({ name: v.string(), shape: v.array(v.number()), data: base64Numbers });

const goldenCaseSchema = v.strictObject({
  name: v.string(),
  /** The PyTorch that trained it. */
  torch: v.string(),
  /** Height, width, channels. */
  shape: v.tuple([v.number(), v.number(), v.number()]),
  classCount: v.number(),
  /** Without the implied output layer. */
  layers: v.array(componentSchema),
  optimizer: componentSchema,
  /** Further fields of the recipe. */
  options: v.record(v.string(), v.unknown()),
  /** `(images, height, width, channels)` */
  pixels: base64Bytes,
  labels: base64Bytes,
  /** The images of each step. */
  batches: v.array(v.array(v.number())),
  /** The share of the other image in each step, where images are mixed. */
  partnerShares: v.optional(v.array(v.number()), []),
  initial: v.array(tensorSchema),
  /** Before each step's update, penalties left out. */
  losses: v.array(v.number()),
  /** With averaging, the averages. */
  final: v.array(tensorSchema),
  /** `(images, classes)`, of the trained network. */
  probabilities: base64Numbers,
});
export type GoldenCase = v.InferOutput<typeof goldenCaseSchema>;

/** The golden numbers that are checked in. */
export const goldenFolder = join(import.meta.dirname, 'golden');

/** The cases of all files in a folder that the script wrote. */
export function readGoldenCases(folder: string): GoldenCase[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.ndjson'))
    .sort()
    .flatMap((file) => readFileSync(join(folder, file), 'utf8').trimEnd().split('\n'))
    .map((line) => v.parse(goldenCaseSchema, JSON.parse(line)));
}
