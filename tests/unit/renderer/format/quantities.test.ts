import { describe, expect, it } from 'vitest';
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatLoss,
  formatNumber,
  formatPercent,
  formatRange,
  formatWork,
} from '../../../../src-renderer/format/quantities.ts';

describe('quantities on screen', () => {
  it('groups the thousands of counts', () => {
    expect(formatCount(60_000)).toBe('60,000');
  });

  it('writes fractions as per cent with one digit', () => {
    expect(formatPercent(0.8734)).toBe('87.3 %');
    expect(formatPercent(1)).toBe('100.0 %');
  });

  it('goes on to the next unit before four digits would be needed', () => {
    expect(formatBytes(999)).toBe('999 bytes');
    expect(formatBytes(1000)).toBe('1.0 kB');
    expect(formatBytes(30_878_645)).toBe('30.9 MB');
    expect(formatBytes(999_600)).toBe('1.0 MB');
    expect(formatBytes(250_000_000)).toBe('250 MB');
  });

  it('counts arithmetic in the unit that a person compares networks in', () => {
    expect(formatWork(640)).toBe('640 FLOP');
    expect(formatWork(217_984)).toBe('218 kFLOP');
    expect(formatWork(7_225_344)).toBe('7.2 MFLOP');
    expect(formatWork(999_500_000)).toBe('1.0 GFLOP');
  });

  it('writes durations in the two units that matter', () => {
    expect(formatDuration(7.6)).toBe('8 s');
    expect(formatDuration(59.7)).toBe('1 min 0 s');
    expect(formatDuration(125)).toBe('2 min 5 s');
    expect(formatDuration(4320)).toBe('1 h 12 min');
    expect(formatDuration(Number.POSITIVE_INFINITY)).toBe('–');
  });

  it('writes settings as a person would', () => {
    expect(formatNumber(0.001)).toBe('0.001');
    expect(formatNumber(1e-7)).toBe('1e-7');
    expect(formatNumber(4_294_967_295)).toBe('4.294967295e9');
    expect(formatNumber(0)).toBe('0');
  });

  it('states ranges with both ends', () => {
    expect(formatRange(1, 4096)).toBe('1 – 4,096');
    expect(formatRange(0.01, 0.5)).toBe('0.01 – 0.5');
  });

  it('keeps losses readable from tiny to huge, diverged ones included', () => {
    expect(formatLoss(0.34123)).toBe('0.3412');
    expect(formatLoss(123.456)).toBe('123.5');
    expect(formatLoss(Number.NaN)).toBe('NaN');
  });
});
