// Files a person hands over with the folders they lie in: chosen in a dialog or dropped on the window.

/** A file, and its place below what was handed over: names with slashes between them. */
export interface PlacedFile {
  file: File;
  path: string;
}

/** Lets the person choose files, or a folder with everything in it; an empty list when they think better of it. */
export function chooseFiles(what: 'files' | 'folder'): Promise<PlacedFile[]> {
  return new Promise((resolve) => {
    const input = document.createElement('input');
    input.type = 'file';
    input.multiple = true;
    input.webkitdirectory = what === 'folder';
    input.addEventListener('change', () =>
      resolve(
        Array.from(input.files ?? [], (file) => ({ file, path: file.webkitRelativePath || file.name })),
      ),
    );
    input.addEventListener('cancel', () => resolve([]));
    input.click();
  });
}

const fileOf = (entry: FileSystemFileEntry): Promise<File> =>
  new Promise((resolve, reject) => entry.file(resolve, reject));

/** A folder's entries come in batches; an empty one is the last. */
async function entriesOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const entries: FileSystemEntry[] = [];
  for (;;) {
    const batch = await new Promise<FileSystemEntry[]>((resolve, reject) => {
      reader.readEntries(resolve, reject);
    });
    if (batch.length === 0) return entries;
    entries.push(...batch);
  }
}

async function collect(entry: FileSystemEntry, files: PlacedFile[]): Promise<void> {
  if (entry instanceof FileSystemFileEntry) {
    // What can't be read, such as a link that leads nowhere, is not there for a page.
    const file = await fileOf(entry).catch(() => null);
    if (file !== null) files.push({ file, path: entry.fullPath.replace(/^\//, '') });
  } else if (entry instanceof FileSystemDirectoryEntry) {
    for (const inner of await entriesOf(entry)) await collect(inner, files);
  }
}

/** Everything that was dropped, folders with their content. To be called while the drop is handled. */
export async function filesOfDrop(items: DataTransferItemList): Promise<PlacedFile[]> {
  // The list is emptied as soon as the handler returns.
  const dropped = Array.from(items, (item) => ({ entry: item.webkitGetAsEntry(), file: item.getAsFile() }));
  const files: PlacedFile[] = [];
  for (const { entry, file } of dropped) {
    if (entry !== null) await collect(entry, files);
    else if (file !== null) files.push({ file, path: file.name });
  }
  return files;
}
