// Who owns a data directory: one Weft at a time writes in it, every other one only reads.
import * as v from 'valibot';

/** The Weft that writes in a data directory. */
export const ownerSchema = v.strictObject({
  host: v.picklist(['electron', 'browser', 'cli']),
  processId: v.number(),
  /** Name of the machine that it runs on. */
  machine: v.string(),
  /** When it took the directory, ISO 8601. */
  since: v.string(),
  /** Where the browser host is; null for other hosts. */
  address: v.nullable(v.string()),
});
export type Owner = v.InferOutput<typeof ownerSchema>;

export const directoryAccessSchema = v.strictObject({
  /** Whether this Weft only reads: every command that changes something is refused. */
  isReadOnly: v.boolean(),
  /** Who else owns the directory; null when nobody does, or this Weft itself. */
  owner: v.nullable(ownerSchema),
});
export type DirectoryAccess = v.InferOutput<typeof directoryAccessSchema>;

const hostNames: Readonly<Record<Owner['host'], string>> = {
  electron: 'the desktop app of Weft',
  browser: 'the browser host of Weft',
  cli: 'the command line of Weft',
};

/** `the browser host of Weft at http://127.0.0.1:4000 (process 4711 since 28/11/2026, 12:03:50)`. */
export function describeOwner({ host, processId, machine, since, address }: Owner, here: string): string {
  const place = address === null ? '' : ` at ${address}`;
  const elsewhere = machine === here ? '' : ` on ${machine}`;
  return `${hostNames[host]}${place} (process ${processId}${elsewhere} since ${new Date(since).toLocaleString()})`;
}
