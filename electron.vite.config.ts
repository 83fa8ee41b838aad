import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'electron-vite';
import { resolve } from 'node:path';
import { assemblyPlugin } from './scripts/assemblyPlugin.ts';

const source = (path: string): string => resolve(import.meta.dirname, path);

// Every program of the main side lies flat in out/main: they find one another beside themselves.
export default defineConfig({
  main: {
    plugins: [assemblyPlugin()],
    resolve: {
      alias: {
        // Its build for Node declares a `require` of its own, as the bundler does; the other has none.
        fflate: 'fflate/browser',
        // Signals are the hosts' to answer.
        'when-exit': source('src-main/app/whenExit.ts'),
      },
    },
    build: {
      target: 'node20.19',
      outDir: 'out/main',
      minify: false,
      sourcemap: true,
      externalizeDeps: false,
      rolldownOptions: {
        input: {
          electron: source('src-main/hosts/electron/main.ts'),
          browser: source('src-main/hosts/browser/main.ts'),
          cli: source('src-main/hosts/cli/main.ts'),
          training: source('src-main/training/process.ts'),
          worker: source('src-main/engine/threads/worker.ts'),
          bench: source('tests/bench/weftEpochs.ts'),
          benchAugmentation: source('tests/bench/weftAugmentation.ts'),
          benchAutosave: source('tests/bench/weftAutosave.ts'),
          benchLabelIssues: source('tests/bench/weftLabelIssues.ts'),
          benchDatasets: source('tests/bench/weftDatasets.ts'),
          benchKernels: source('tests/bench/weftKernels.ts'),
        },
        external: ['electron', 'bufferutil', 'utf-8-validate'],
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
      },
    },
  },
  preload: {
    build: {
      target: 'node20.19',
      outDir: 'out/preload',
      externalizeDeps: false,
      rolldownOptions: {
        input: { preload: source('src-main/hosts/electron/preload.ts') },
        external: ['electron'],
        // A sandboxed preload must be CommonJS.
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: 'src-renderer',
    plugins: [svelte({ configFile: false })],
    build: {
      target: 'es2023',
      outDir: 'out/renderer',
      minify: true,
      rolldownOptions: { input: source('src-renderer/index.html') },
    },
  },
});
