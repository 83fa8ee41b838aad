import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sweepDataDirectory } from '../../../src-main/files/sweepDataDirectory.ts';

let dataDirectory: string;
beforeEach(() => {
  dataDirectory = mkdtempSync(join(tmpdir(), 'weft-sweep-'));
});
afterEach(() => rmSync(dataDirectory, { recursive: true, force: true }));

function put(path: string): void {
  mkdirSync(dirname(join(dataDirectory, path)), { recursive: true });
  writeFileSync(join(dataDirectory, path), '');
}
const files = (): string[] =>
  readdirSync(dataDirectory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(dataDirectory.length + 1))
    .sort();

describe('sweepDataDirectory', () => {
  it('removes what a killed Weft left beside settings, runs, models and datasets, and nothing else', async () => {
    const deadProcessId = spawnSync(process.execPath, ['--version']).pid;
    const part = `.weft-${deadProcessId}-0123456789abcdef.part`;
    const kept = [
      'settings.json',
      'models/a.safetensors',
      'runs/one/run.json',
      'datasets/mnist/dataset.json',
      'datasets/mnist.corrections.json',
    ];
    const written = `models/.weft-${process.ppid}-0123456789abcdef.part`;
    const strays = [
      `models/${part}`,
      `runs/one/${part}`,
      `datasets/mnist/${part}`,
      `datasets/${part}`,
      `owner/${part}`,
      part,
      'settings.json.tmp-1764331234abc123',
    ];
    for (const file of [...kept, ...strays, written]) put(file);
    expect(await sweepDataDirectory(dataDirectory)).toBe(strays.length);
    // The last one belongs to a process that lives and may still be writing it.
    expect(files()).toEqual([...kept, written].sort());
  });

  it('finds nothing in a data directory that is not there yet', async () => {
    expect(await sweepDataDirectory(join(dataDirectory, 'missing'))).toBe(0);
  });
});
