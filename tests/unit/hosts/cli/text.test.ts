import { describe, expect, it } from 'vitest';
import {
  formatClassificationReport,
  formatConfusionMatrix,
} from '../../../../src-main/hosts/cli/text/classification.ts';
import { formatBytes, formatDuration } from '../../../../src-main/hosts/cli/text/numbers.ts';
import { formatRunProgress } from '../../../../src-main/hosts/cli/text/progressBar.ts';
import type { RunProgress } from '../../../../src-shared/schemas/run.ts';
import { formatTable } from '../../../../src-main/hosts/cli/text/table.ts';

const matrix = [
  [8, 2],
  [1, 9],
];

describe('text for the terminal', () => {
  it('aligns the columns of a table', () => {
    const lines = formatTable(
      [
        { title: 'id', align: 'left' },
        { title: 'n', align: 'right' },
      ],
      [
        ['strokes', '5'],
        ['x', '1,000'],
      ],
    );
    expect(lines).toEqual(['id           n', 'strokes      5', 'x        1,000']);
  });

  it('prints a confusion matrix with the names of the classes over the columns', () => {
    expect(formatConfusionMatrix(matrix, ['cat', 'dog'], 80).slice(1)).toEqual([
      '     cat  dog',
      'cat    8    2',
      'dog    1    9',
    ]);
  });

  it('numbers the columns where the names would be wider than the terminal', () => {
    expect(formatConfusionMatrix(matrix, ['a long name', 'another one'], 30).slice(1)).toEqual([
      '               0  1',
      '0 a long name  8  2',
      '1 another one  1  9',
    ]);
  });

  it('prints precision, recall, F1 and support of each class and their means', () => {
    expect(formatClassificationReport(matrix, ['cat', 'dog'])).toEqual([
      '               precision  recall      f1  support',
      'cat               0.8889  0.8000  0.8421       10',
      'dog               0.8182  0.9000  0.8571       10',
      'accuracy                          0.8500       20',
      'macro mean        0.8535  0.8500  0.8496       20',
      'weighted mean     0.8535  0.8500  0.8496       20',
    ]);
  });

  it('says how long and how much in the unit that reads best', () => {
    expect([8.4, 200, 3900].map(formatDuration)).toEqual(['8 s', '3 min 20 s', '1 h 5 min']);
    expect([0, 999, 26_421_880, 3e9].map(formatBytes)).toEqual(['0 B', '999 B', '26.4 MB', '3.0 GB']);
  });

  it('fills the bar by the share of all batches that is done', () => {
    const progress: RunProgress = {
      runId: 'r',
      state: 'running',
      epoch: 2,
      epochs: 2,
      batch: 50,
      batches: 100,
      step: 150,
      stepProgress: 0,
      imagesPerSecond: 12_345.6,
      secondsElapsed: 3,
      trouble: null,
      secondsLeft: 65,
      learningRate: 0.001,
    };
    expect(formatRunProgress(progress)).toBe(
      '[##################------] epoch 2/2, batch 50/100, 12,346 images/s, 1 min 5 s left',
    );
    const inABatch = { epoch: 1, epochs: 2, batch: 0, batches: 1, step: 0, stepProgress: 0.5 };
    expect(formatRunProgress({ ...progress, ...inABatch })).toMatch(/^\[#{6}-{18}\] epoch 1\/2, batch 0\/1/);
  });
});
