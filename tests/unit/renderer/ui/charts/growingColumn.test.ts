import { describe, expect, it } from 'vitest';
import { GrowingColumn } from '../../../../../src-renderer/ui/charts/growingColumn.ts';

describe('GrowingColumn', () => {
  it('keeps every number in order while it grows past its first capacity', () => {
    const column = new GrowingColumn();
    for (let value = 0; value < 5000; value += 1) column.push(value);
    expect(column.length).toBe(5000);
    expect(column.view().every((value, index) => value === index)).toBe(true);
    expect(column.last).toBe(4999);
  });

  it('has no last number while it is empty', () => {
    expect(new GrowingColumn().last).toBeUndefined();
    expect(new GrowingColumn().view().length).toBe(0);
  });
});
