export type CsvCell = string | number | boolean | null;

function quote(cell: CsvCell): string {
  const text = cell === null ? '' : String(cell);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Rows as a CSV file by RFC 4180: comma, CRLF, quoted where needed, UTF-8 bytes. Null is an empty cell. */
export function toCsv(header: readonly string[], rows: Iterable<readonly CsvCell[]>): Uint8Array {
  const lines = [header.map(quote).join(',')];
  for (const row of rows) lines.push(row.map(quote).join(','));
  return new TextEncoder().encode(`${lines.join('\r\n')}\r\n`);
}
