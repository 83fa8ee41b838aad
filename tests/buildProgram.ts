// Small programs of the tests' own that use Weft's modules in a process of their own: plain Node can't run TypeScript.
import { join, resolve } from 'node:path';
import { build } from 'vite';

/** A file of the sources, given from the root, as text to import it from in a program. */
export function sourcePath(file: string): string {
  return JSON.stringify(resolve(import.meta.dirname, '..', file));
}

/** Builds a program out of its source into `<folder>/<name>.js`. Returns the path of it. */
export async function buildProgram(folder: string, name: string, source: string): Promise<string> {
  const entry = `${name}-source`;
  await build({
    configFile: false,
    logLevel: 'silent',
    ssr: { noExternal: true },
    plugins: [
      {
        name: entry,
        resolveId: (id) => (id === entry ? id : undefined),
        load: (id) => (id === entry ? source : undefined),
      },
    ],
    build: {
      ssr: true,
      outDir: folder,
      emptyOutDir: false,
      rolldownOptions: { input: entry, output: { format: 'es', entryFileNames: `${name}.js` } },
    },
  });
  return join(folder, `${name}.js`);
}
