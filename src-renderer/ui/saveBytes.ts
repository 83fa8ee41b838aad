/** Hands the parts of a file, one after the other, to the person: the browser's download, or the desktop's save dialog. */
export function saveParts(
  fileName: string,
  parts: readonly (Uint8Array<ArrayBuffer> | string)[],
  type = 'application/octet-stream',
): void {
  const address = URL.createObjectURL(new Blob([...parts], { type }));
  const link = document.createElement('a');
  link.href = address;
  link.download = fileName;
  document.body.append(link);
  link.click();
  link.remove();
  // The download has begun by then; freeing the address at once cancels it in some browsers.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

/** The same for a file in one piece. */
export function saveBytes(fileName: string, bytes: Uint8Array | string, type?: string): void {
  // A copy whose buffer is certain not to be shared, as Blob demands.
  saveParts(fileName, [typeof bytes === 'string' ? bytes : new Uint8Array(bytes)], type);
}
