// Reads what tests/metrics/reference.py writes.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';

const numbers = v.array(v.number());
/** Precision, recall, F1, support. */
const row = v.tuple([v.number(), v.number(), v.number(), v.number()]);

const classificationSchema = v.strictObject({
  name: v.string(),
  classCount: v.number(),
  labels: numbers,
  /** `(images, classes)` */
  probabilities: numbers,
  matrix: v.array(numbers),
  report: v.strictObject({ classes: v.array(row), macro: row, weighted: row, accuracy: v.number() }),
  top2: v.number(),
  top3: v.number(),
  loss: v.number(),
  calibrationError: v.number(),
  temperature: v.number(),
});
export type GoldenClassification = v.InferOutput<typeof classificationSchema>;

const mcnemarSchema = v.strictObject({ onlyFirst: v.number(), onlySecond: v.number(), pValue: v.number() });

const lineSchema = v.union([
  v.strictObject({ classification: classificationSchema }),
  v.strictObject({ mcnemar: mcnemarSchema }),
]);

export interface GoldenMetrics {
  classifications: GoldenClassification[];
  mcnemar: v.InferOutput<typeof mcnemarSchema>[];
}

export function parseGoldenMetrics(text: string): GoldenMetrics {
  const lines = text
    .trimEnd()
    .split('\n')
    .map((line) => v.parse(lineSchema, JSON.parse(line)));
  return {
    classifications: lines.flatMap((line) => ('classification' in line ? [line.classification] : [])),
    mcnemar: lines.flatMap((line) => ('mcnemar' in line ? [line.mcnemar] : [])),
  };
}

export const goldenMetrics = parseGoldenMetrics(
  readFileSync(join(import.meta.dirname, 'golden.ndjson'), 'utf8'),
);
