// A file of corrections: JSON that names the dataset, its fingerprint and each corrected training image. The same file
// lies beside a dataset and in the folder of a run that was trained with it.
import { createHash } from 'node:crypto';
import * as v from 'valibot';
import { countCorrections } from '../../src-shared/corrections.ts';
import { WeftError } from '../../src-shared/failure.ts';
import { describeIssue } from '../../src-shared/protocol.ts';
import {
  correctionListSchema,
  type Correction,
  type CorrectionsSummary,
} from '../../src-shared/schemas/correction.ts';

/** The version that this build writes; it reads no other. */
export const correctionsVersion = 1;
/** The largest file that is looked at: a million corrections have less. */
export const correctionsLimitBytes = 64 * 1024 * 1024;

const fileSchema = v.strictObject({
  format: v.literal('weft-corrections'),
  version: v.literal(correctionsVersion),
  dataset: v.strictObject({ id: v.string(), fingerprint: v.string() }),
  corrections: v.pipe(
    correctionListSchema,
    v.check(
      (list) => list.every(({ index }, place) => place === 0 || list[place - 1]!.index < index),
      'must be one an image, by their numbers',
    ),
  ),
});

/** The corrections of one dataset. */
export interface Corrections {
  dataset: { id: string; fingerprint: string };
  /** By image number, one an image. */
  list: Correction[];
}

const refuse = (what: string, fileName: string, message: string, remedy?: string): WeftError =>
  new WeftError(`corrections.${what}`, `"${fileName}" can't be used as corrections: ${message}.`, remedy);

export function encodeCorrections({ dataset, list }: Corrections): string {
  const head = `"format": "weft-corrections",\n  "version": ${correctionsVersion},\n  "dataset": ${JSON.stringify(dataset)}`;
  const lines = list.map((one) => `\n    ${JSON.stringify(one)}`).join(',');
  return `{\n  ${head},\n  "corrections": [${lines}\n  ]\n}\n`;
}

/** Throws `corrections.damaged` and `corrections.unknown-version`. */
export function decodeCorrections(bytes: Uint8Array, fileName: string): Corrections {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw refuse('damaged', fileName, 'it is not JSON');
  }
  const version = v.safeParse(v.object({ version: v.number() }), value);
  if (version.success && version.output.version !== correctionsVersion) {
    throw refuse(
      'unknown-version',
      fileName,
      `it has format version ${version.output.version}, and this Weft reads version ${correctionsVersion}`,
      'Open it with the Weft that wrote it, or a newer one.',
    );
  }
  const parsed = v.safeParse(fileSchema, value);
  if (!parsed.success) throw refuse('damaged', fileName, describeIssue(parsed.issues));
  const { dataset, corrections } = parsed.output;
  return { dataset, list: corrections };
}

/** Fingerprint and counts; null where there are none. */
export function summarizeCorrections({ dataset, list }: Corrections): CorrectionsSummary | null {
  if (list.length === 0) return null;
  const lines = list.map((one) => `${one.index} ${'label' in one ? one.label : 'excluded'}\n`);
  const hash = createHash('sha256').update(`${dataset.fingerprint}\n${lines.join('')}`);
  return { fingerprint: hash.digest('hex'), ...countCorrections(list) };
}

/** Throws `corrections.other` when these are not the corrections that a run or a model was trained with. */
export function checkCorrections(
  corrections: Corrections,
  expected: CorrectionsSummary,
  fileName: string,
): void {
  if (summarizeCorrections(corrections)?.fingerprint === expected.fingerprint) return;
  throw refuse(
    'other',
    fileName,
    'they are not those that it was trained with',
    'Bring the file back as it was, or start a new run of the same recipe.',
  );
}
