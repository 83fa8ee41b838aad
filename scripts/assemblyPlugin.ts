// Compiles an AssemblyScript file when it is imported as `./file.ts?assembly=BUILD`, and hands its WebAssembly over
// as bytes. Used by the build and by the tests, so there is no generated file that could be out of date.
import asc from 'assemblyscript/asc';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import type { Plugin } from 'vite';

const simd = ['--enable', 'simd', '--enable', 'threads'];
const relaxedSimd = [...simd, '--enable', 'relaxed-simd'];

/** What each build may use of the processor; `WIDE` is a constant of the source. */
const builds: Record<string, readonly string[]> = {
  simd: [...simd, '--use', 'WIDE=0'],
  relaxed: [...relaxedSimd, '--use', 'WIDE=0'],
  wide: [...relaxedSimd, '--use', 'WIDE=1'],
};

const commonOptions = ['-O3', '--noAssert', '--runtime', 'stub', '--importMemory', '--sharedMemory'];
// The memory is the engine's arena: planned by the network, so the module only states the bounds it accepts.
const memoryOptions = ['--initialMemory', '1', '--maximumMemory', '65536'];

async function compile(file: string, build: string): Promise<Uint8Array> {
  const options = builds[build];
  if (options === undefined) throw new Error(`${file}: there is no assembly build "${build}".`);
  const folder = dirname(file);
  const sources = readdirSync(folder).filter((name) => name.endsWith('.ts'));
  const hash = createHash('sha256')
    .update(asc.version)
    .update(JSON.stringify([options, commonOptions, memoryOptions]));
  for (const name of sources.sort()) hash.update(name).update(readFileSync(join(folder, name)));
  const cacheFolder = join(import.meta.dirname, '../node_modules/.cache/weft-assembly');
  const cached = join(cacheFolder, `${build}-${hash.update(file).digest('hex').slice(0, 24)}.wasm`);
  try {
    return readFileSync(cached);
  } catch {
    mkdirSync(cacheFolder, { recursive: true });
  }
  // Renamed when complete: tests that run side by side compile the same file.
  const fresh = `${cached}.${process.pid}`;
  const output = ['--outFile', fresh, ...commonOptions, ...memoryOptions, ...options];
  const messages = asc.createMemoryStream();
  const { error } = await asc.main([relative(process.cwd(), file), ...output], { stderr: messages });
  if (error !== null) throw new Error(`${file}: ${messages.toString()}`);
  renameSync(fresh, cached);
  return readFileSync(cached);
}

export function assemblyPlugin(): Plugin {
  return {
    name: 'weft-assembly',
    enforce: 'pre',
    async load(id) {
      const [file, query] = id.split('?');
      const build = new URLSearchParams(query).get('assembly');
      if (file === undefined || build === null) return null;
      const bytes = await compile(file, build);
      const base64 = JSON.stringify(Buffer.from(bytes).toString('base64'));
      return {
        code: `export default Uint8Array.from(Buffer.from(${base64}, 'base64'));`,
        map: null,
        moduleType: 'js',
      };
    },
  };
}
