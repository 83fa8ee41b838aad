/** Hands bytes to the person as a file: the browser's download, or the desktop window's save dialog. */
export function saveBytes(
  fileName: string,
  bytes: Uint8Array | string,
  type = 'application/octet-stream',
): void {
  // A copy whose buffer is certain not to be shared, as Blob demands.
  const part = typeof bytes === 'string' ? bytes : new Uint8Array(bytes);
  const address = URL.createObjectURL(new Blob([part], { type }));
  const link = document.createElement('a');
  link.href = address;
  link.download = fileName;
  document.body.append(link);
  link.click();
  link.remove();
  // The download has begun by then; freeing the address at once cancels it in some browsers.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
