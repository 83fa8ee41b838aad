// Weft's side of the accuracy benchmark: the product's own command line, as anyone runs it.
import { existsSync, readFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { join } from 'node:path';
import { lastWords, runProgram } from './program.mjs';
import { readRun } from './results.mjs';

export const datasetId = 'fashion-mnist';

/** The processor and its threads: seconds of another machine must not be mixed in. */
export const machine = `${cpus()[0]?.model.trim() ?? 'unknown processor'}, ${availableParallelism()} threads`;

/** The built command line in a Node. `out` is the folder of the built programs. */
export class Weft {
  #node;
  #out;
  #program;

  constructor({ node, out }) {
    this.#node = node;
    this.#out = out;
    this.#program = join(out, 'main', 'cli.js');
  }

  async #print(args) {
    const result = await runProgram(this.#node, args);
    if (result.status !== 0) throw new Error(`${this.#node} ${args.join(' ')}: ${lastWords(result)}`);
    return result.lines;
  }

  /** Which Node it is and which build: what a run's numbers may depend on. */
  async describe() {
    const [version] = await this.#print(['--version']);
    const stamp = join(this.#out, 'sources.sha256');
    return {
      node: version.replace(/^v/, ''),
      build: existsSync(stamp) ? readFileSync(stamp, 'utf8').trim().slice(0, 12) : null,
      machine,
    };
  }

  /** All ready recipes: `{ id, recipe }` and what else the command tells. */
  async presets() {
    const lines = await this.#print([this.#program, 'presets', '--json']);
    return lines.map((line) => JSON.parse(line));
  }

  /**
   * Trains a preset with a seed and resolves to the figures of the run. `epochs` is undefined for the recipe's own.
   * Throws the reason when it failed, or was interrupted.
   */
  async train({ preset, seed, epochs }, { dataDirectory, signal, onEpoch }) {
    const args = [this.#program, 'train', '--preset', preset, '--dataset', datasetId, '--seed', seed];
    args.push('--json', '--data-dir', dataDirectory);
    if (epochs !== undefined) args.push('--epochs', epochs);
    const start = performance.now();
    const result = await runProgram(this.#node, args, {
      signal,
      onLine: (line) => {
        const { event, epoch } = JSON.parse(line);
        if (event === 'epoch') onEpoch(epoch);
      },
    });
    const seconds = (performance.now() - start) / 1000;
    if (result.status !== 0) throw new Error(lastWords(result));
    const readRecord = (runId) =>
      JSON.parse(readFileSync(join(dataDirectory, 'runs', runId, 'run.json'), 'utf8'));
    return { ...readRun(result.lines, readRecord), seconds };
  }
}
