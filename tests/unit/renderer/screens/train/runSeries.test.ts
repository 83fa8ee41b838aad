import { describe, expect, it } from 'vitest';
import {
  lastEpochPosition,
  mostTableRows,
  toEpochTable,
  toRateMarkers,
  toRunSeries,
} from '../../../../../src-renderer/screens/train/runSeries.ts';
import { RunCurves } from '../../../../../src-renderer/state/runCurves.ts';
import { bytesOf } from '../../../../../src-shared/schemas/bytes.ts';
import type { EpochRecord } from '../../../../../src-shared/schemas/run.ts';

const epochRecord = (epoch: number): EpochRecord => ({
  epoch,
  trainLoss: 0.5,
  trainAccuracy: 0.8,
  validationLoss: 0.6,
  validationAccuracy: 0.7,
  learningRate: 0.001,
  seconds: 2,
  imagesPerSecond: 54_000,
});

function curvesOf(stepCount: number): RunCurves {
  const steps = Uint32Array.from({ length: stepCount }, (_, index) => index + 1);
  const curves = new RunCurves();
  curves.append({
    batchSteps: bytesOf(steps),
    batchLosses: bytesOf(Float32Array.from(steps, (step) => 1 / step)),
    batchAccuracies: bytesOf(Float32Array.from(steps, () => 0.5)),
    epochs: [epochRecord(1)],
    batchesPerEpoch: 10,
    learningRateChanges: [{ step: 5, learningRate: 0.0005 }],
  });
  return curves;
}

describe('toRunSeries', () => {
  it('draws batches behind their moving average, and each epoch of training and validation', () => {
    const series = toRunSeries(curvesOf(12), 'loss', 0.9);
    expect(series.map((one) => [one.name, one.style, one.colour, one.y.length])).toEqual([
      ['train, each batch', 'faint', '--train', 12],
      ['train, batches smoothed', 'thin', '--train', 12],
      ['train', 'points', '--train', 1],
      ['validation', 'points', '--validation', 1],
    ]);
  });

  it('draws the batches as they are without smoothing', () => {
    const series = toRunSeries(curvesOf(12), 'accuracy', 0);
    expect(series.map((one) => one.name)).toEqual(['train, each batch', 'train', 'validation']);
    expect(series[0]?.isInLegend).toBe(true);
    expect(series[2]?.y[0]).toBe(0.7);
  });
});

describe('a run validated on the test set', () => {
  it('says so in the legend of its curves', () => {
    const series = toRunSeries(curvesOf(12), 'loss', 0, 'validation (test set)');
    expect(series.at(-1)?.name).toBe('validation (test set)');
  });
});

describe('the axis and its marks', () => {
  it('marks a changed learning rate at its place in epochs', () => {
    expect(toRateMarkers(curvesOf(12))).toEqual([{ x: 0.5, label: 'rate 0.0005' }]);
  });

  it('ends where the curves end', () => {
    expect(lastEpochPosition(curvesOf(12))).toBeCloseTo(1.2, 9);
    expect(lastEpochPosition(curvesOf(4))).toBe(1);
    expect(lastEpochPosition(new RunCurves())).toBe(1);
  });
});

describe('toEpochTable', () => {
  it('lists the newest epoch first', () => {
    const table = toEpochTable([epochRecord(1), epochRecord(2)]);
    expect(table.rows.map((row) => row[0])).toEqual(['2', '1']);
    expect(table.rows[0]).toEqual(['2', '0.5000', '0.6000', '80.00 %', '70.00 %', '0.001', '54,000']);
  });

  it('ends at a length that can be read, and says so', () => {
    const records = Array.from({ length: mostTableRows + 1 }, (_, index) => epochRecord(index + 1));
    const table = toEpochTable(records);
    expect(table.rows.length).toBe(mostTableRows);
    expect(table.note).toContain(String(mostTableRows));
  });
});
