/**
 * The value with every array that views a part of a larger buffer as an array of its own: a structured clone of a view
 * takes the whole buffer along.
 */
export function withoutSurroundings(value: unknown): unknown {
  if (value instanceof Uint8Array) {
    return value.byteLength === value.buffer.byteLength ? value : new Uint8Array(value);
  }
  if (Array.isArray(value)) return value.map(withoutSurroundings);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, withoutSurroundings(part)]));
}
