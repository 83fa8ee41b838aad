// A project: everything of a run in one file, `NAME.weft`, that opens on another machine. It is a zip archive of the run's
// folder, as ARCHITECTURE.md describes it, with `project.json` as its last entry: what the others are, and their hashes.
import * as v from 'valibot';
import { describeIssue } from '../../src-shared/protocol.ts';
import { WeftError } from '../../src-shared/failure.ts';
import { correctionsLimitBytes } from '../files/corrections.ts';
import { runFiles, stepOfCheckpoint } from './runFiles.ts';

/** The version that this build writes; it reads no other. */
export const projectVersion = 1;
export const projectExtension = '.weft';
/** The entry that lists the others. */
export const manifestName = 'project.json';
export const manifestLimitBytes = 256 * 1024;

const mebibyte = 1024 * 1024;

/** One kind of file that a run's folder may hold. */
export interface ProjectFileKind {
  /** A larger one is refused. */
  limitBytes: number;
  /** Weights hardly get smaller, text and predictions do. */
  isDeflated: boolean;
}

/** Every file of a run that goes into a project. Anything else is left out when written and refused when read. */
const fileKinds: ReadonlyMap<string, ProjectFileKind> = new Map([
  [runFiles.record, { limitBytes: 4 * mebibyte, isDeflated: true }],
  [runFiles.history, { limitBytes: 256 * mebibyte, isDeflated: true }],
  [runFiles.predictions, { limitBytes: 1024 * mebibyte, isDeflated: true }],
  [runFiles.corrections, { limitBytes: correctionsLimitBytes, isDeflated: true }],
  [runFiles.model, { limitBytes: 512 * mebibyte, isDeflated: false }],
]);
const checkpointKind: ProjectFileKind = { limitBytes: 2048 * mebibyte, isDeflated: false };

/** What a file of that name is in a run's folder; undefined for one that a project doesn't hold. */
export function projectFileOf(name: string): ProjectFileKind | undefined {
  return stepOfCheckpoint(name) === undefined ? fileKinds.get(name) : checkpointKind;
}

const manifestSchema = v.strictObject({
  format: v.literal('weft-project'),
  version: v.literal(projectVersion),
  /** The Weft that wrote it, and when (ISO 8601). */
  weftVersion: v.pipe(v.string(), v.maxLength(100)),
  createdAt: v.pipe(v.string(), v.isoTimestamp()),
  files: v.pipe(
    v.array(
      v.strictObject({
        name: v.string(),
        sizeBytes: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
        sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
      }),
    ),
    v.maxLength(100),
  ),
});
export type ProjectManifest = v.InferOutput<typeof manifestSchema>;

/** The error of one fault of a project file, `project.<what>`. */
export function refuseProject(what: string, fileName: string, message: string, remedy?: string): WeftError {
  const cure = remedy ?? 'The file is damaged or was not written by Weft; get a fresh copy.';
  return new WeftError(`project.${what}`, `"${fileName}" can't be opened as a project: ${message}.`, cure);
}

export function encodeManifest(manifest: ProjectManifest): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(`${JSON.stringify(manifest, null, 2)}\n`);
}

/** Throws `project.wrong-manifest` and `project.unknown-version`. */
export function decodeManifest(bytes: Uint8Array, fileName: string): ProjectManifest {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw refuseProject('wrong-manifest', fileName, `its ${manifestName} is not JSON`);
  }
  const version = v.safeParse(v.object({ version: v.number() }), value);
  if (version.success && version.output.version !== projectVersion) {
    throw refuseProject(
      'unknown-version',
      fileName,
      `it has format version ${version.output.version}, and this Weft reads version ${projectVersion}`,
      'Open it with the Weft that wrote it, or a newer one.',
    );
  }
  const parsed = v.safeParse(manifestSchema, value);
  if (parsed.success) return parsed.output;
  throw refuseProject(
    'wrong-manifest',
    fileName,
    `its ${manifestName} is wrong: ${describeIssue(parsed.issues)}`,
  );
}
