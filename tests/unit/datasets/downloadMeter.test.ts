import { describe, expect, it } from 'vitest';
import { DownloadMeter } from '../../../src-main/datasets/downloadMeter.ts';

describe('DownloadMeter', () => {
  it('adds the files up, measures the rate and says how long it will take', () => {
    let nowMs = 0;
    const meter = new DownloadMeter(
      'set',
      new Map([
        ['a', 1000],
        ['b', 3000],
      ]),
      () => nowMs,
    );
    expect(meter.begin('a', 'm', 0, 1100)).toMatchObject({
      receivedBytes: 0,
      totalBytes: 4100,
      resumedBytes: 0,
      secondsLeft: null,
    });
    nowMs = 50;
    expect(meter.receive('a', 'm', 200)).toBeUndefined();
    nowMs = 1000;
    expect(meter.receive('a', 'm', 500)).toEqual({
      datasetId: 'set',
      fileName: 'a',
      mirror: 'm',
      receivedBytes: 500,
      totalBytes: 4100,
      resumedBytes: 0,
      bytesPerSecond: 500,
      secondsLeft: 7.2,
    });
  });

  it('counts a file from its start again when another mirror begins, without a negative rate', () => {
    let nowMs = 0;
    const meter = new DownloadMeter('set', new Map([['a', 1000]]), () => nowMs);
    meter.begin('a', 'm', 0);
    meter.receive('a', 'm', 500);
    nowMs = 1000;
    meter.begin('a', 'other', 0);
    nowMs = 2000;
    expect(meter.receive('a', 'other', 100)).toMatchObject({
      receivedBytes: 100,
      totalBytes: 1000,
      bytesPerSecond: 300,
    });
  });

  it('counts what an earlier download had left as received, but neither in the rate nor in the time left', () => {
    let nowMs = 0;
    const meter = new DownloadMeter(
      'set',
      new Map([
        ['a', 1000],
        ['b', 3000],
      ]),
      () => nowMs,
    );
    meter.have('a');
    meter.begin('b', 'm', 2000, 3000);
    nowMs = 1000;
    expect(meter.receive('b', 'm', 2100)).toMatchObject({
      receivedBytes: 3100,
      totalBytes: 4000,
      resumedBytes: 3000,
      bytesPerSecond: 100,
      secondsLeft: 9,
    });
    // What was kept turned out to be of no use.
    expect(meter.begin('b', 'm', 0)).toMatchObject({ receivedBytes: 1000, resumedBytes: 1000 });
  });
});
