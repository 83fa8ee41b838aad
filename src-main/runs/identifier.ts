// Makes the identifiers that name run folders and model files.
const longest = 60;

/** Lower-case letters, digits and hyphens of a name, as the contract's identifiers are; `fallback` where none is left. */
export function toIdentifier(name: string, fallback: string): string {
  const plain = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{M}/gu, '')
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, longest)
    .replace(/^-+|-+$/g, '');
  return plain === '' ? fallback : plain;
}
