import { fork } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { runProgram, startProgram } from '../program.ts';

const root = resolve(import.meta.dirname, '../..');
const mainFolder = join(root, 'out/main');
const bundles = readdirSync(mainFolder).filter((name) => name.endsWith('.js'));
const preloadFile = join(root, 'out/preload/preload.cjs');
/** `ws` tries these and does without: they are native, and none of them is needed. */
const optionalPackages = ['bufferutil', 'utf-8-validate'];

/** Ample for a program that wants to end by itself to have done so. */
const startMs = 1000;

const read = (file: string): string => readFileSync(file, 'utf8');
/** Everything that the file imports or requires, wherever it stands in it. */
const importsOf = (file: string): string[] =>
  ts.preProcessFile(read(file), true, true).importedFiles.map((imported) => imported.fileName);

/** The bundle and every bundle it imports, directly or not. */
function reachedFrom(name: string, reached = new Set<string>()): Set<string> {
  if (reached.has(name)) return reached;
  reached.add(name);
  for (const imported of importsOf(join(mainFolder, name))) {
    if (imported.startsWith('./')) reachedFrom(imported.slice(2), reached);
  }
  return reached;
}

describe('the built programs', () => {
  it('are all there', () => {
    expect(bundles).toEqual(
      expect.arrayContaining(['browser.js', 'cli.js', 'electron.js', 'training.js', 'worker.js']),
    );
  });

  it.each(['browser.js', 'cli.js', 'training.js', 'worker.js'])('%s never reaches electron', (name) => {
    const packages = [...reachedFrom(name)].flatMap((file) => importsOf(join(mainFolder, file)));
    expect(packages).not.toContain('electron');
  });

  it('electron.js imports electron', () => {
    expect(importsOf(join(mainFolder, 'electron.js'))).toContain('electron');
  });

  it.each(bundles)('%s needs no package beside itself', (name) => {
    const outside = importsOf(join(mainFolder, name)).filter(
      (imported) =>
        !imported.startsWith('./') &&
        !imported.startsWith('node:') &&
        !builtinModules.includes(imported) &&
        !optionalPackages.includes(imported) &&
        !(name === 'electron.js' && imported === 'electron'),
    );
    expect(outside).toEqual([]);
  });

  it('the preload is CommonJS that requires electron alone', () => {
    expect(importsOf(preloadFile)).toEqual(['electron']);
    expect(read(preloadFile)).toMatch(/require\(["']electron["']\)/);
    expect(read(preloadFile)).not.toMatch(/^\s*(import|export)\s/m);
  });

  it('no file of the build names a folder of the machine it was built on', () => {
    const files = readdirSync(join(root, 'out'), { recursive: true, encoding: 'utf8' });
    const naming = files.filter(
      (name) => /\.(c?js|html|css|map)$/.test(name) && read(join(root, 'out', name)).includes(root),
    );
    expect(naming).toEqual([]);
  });
});

describe('in plain Node', () => {
  it('the command line starts and prints its version', async () => {
    const { status, stdout } = await runProgram('cli.js', ['--version']);
    const { version } = JSON.parse(read(join(root, 'package.json'))) as { version: string };
    expect({ status, stdout }).toEqual({ status: 0, stdout: `${version}\n` });
  });

  it('the browser host starts, says where it is, and ends in order', async () => {
    const dataDirectory = mkdtempSync(join(tmpdir(), 'weft-bundles-'));
    const host = startProgram('browser.js', ['--port', '0', '--data-dir', dataDirectory]);
    try {
      expect(await host.waitForLine(/http:\/\/127\.0\.0\.1:\d+\//)).toBeTruthy();
      host.child.kill('SIGTERM');
      expect(await host.ended).toBe(0);
    } finally {
      host.child.kill('SIGKILL');
      rmSync(dataDirectory, { recursive: true, force: true });
    }
  });

  it('the training program waits for orders and ends when its parent lets it go', async () => {
    const child = fork(join(mainFolder, 'training.js'), { serialization: 'advanced', execArgv: [] });
    const ended = new Promise((done) => child.once('exit', done));
    await delay(startMs);
    expect(child.exitCode).toBeNull();
    child.disconnect();
    expect(await ended).toBe(0);
  });
});
