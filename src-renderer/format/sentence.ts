/** A remark that a schema or the engine makes about a value (`must not be empty`), as it stands under a field. */
export function toSentence(remark: string): string {
  const capitalised = remark.charAt(0).toUpperCase() + remark.slice(1);
  return capitalised.endsWith('.') ? capitalised : `${capitalised}.`;
}
