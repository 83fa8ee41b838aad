// predictions.bin read by its description in ARCHITECTURE.md alone, and what follows from it: the other side of what
// Evaluate and Errors show.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface LoggedRun {
  indices: number[];
  labels: number[];
  epochs: number[];
  /** The class predicted for each image, by epoch. */
  predicted: number[][];
}

/** The log of a run. */
export function readPredictions(dataDirectory: string, runId: string): LoggedRun {
  const file = readFileSync(join(dataDirectory, 'runs', runId, 'predictions.bin'));
  const images = file.readUInt32LE(12);
  const classes = file.readUInt32LE(16);
  const tables = 28;
  const indices = Array.from({ length: images }, (_, image) => file.readUInt32LE(tables + 4 * image));
  const labels = [...file.subarray(tables + 4 * images, tables + 5 * images)];
  const log: LoggedRun = { indices, labels, epochs: [], predicted: [] };
  for (let at = tables + 5 * images; at < file.length; at += 4 + images * classes) {
    log.epochs.push(file.readUInt32LE(at));
    log.predicted.push(
      labels.map((_label, image) => {
        const first = at + 4 + image * classes;
        const row = [...file.subarray(first, first + classes)];
        return row.indexOf(Math.max(...row));
      }),
    );
  }
  return log;
}

/** Counts by true and predicted class. */
export function countMatrix(labels: readonly number[], predicted: readonly number[]): number[][] {
  const matrix = Array.from({ length: 10 }, () => new Array<number>(10).fill(0));
  labels.forEach((label, image) => (matrix[label]![predicted[image]!]! += 1));
  return matrix;
}

/** How often each image was right after an epoch and wrong after the next. */
export const countForgettings = ({ labels, predicted }: LoggedRun): number[] =>
  labels.map(
    (label, image) =>
      predicted.filter((now, at) => at > 0 && now[image] !== label && predicted[at - 1]![image] === label)
        .length,
  );
