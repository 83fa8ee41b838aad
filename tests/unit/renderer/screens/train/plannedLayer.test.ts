import { describe, expect, it } from 'vitest';
import { describeShape, listCosts } from '../../../../../src-renderer/screens/train/plannedLayer.ts';

const summary = { label: '', outputShape: [], parameters: 0, memoryBytes: 0, operationsPerImage: 0 };

describe('what is planned for a layer', () => {
  it('is stated exactly where it is counted, and in rounded units where it is measured', () => {
    const costs = { parameters: 18_496, memoryBytes: 6_800_123, operationsPerImage: 7_225_344 };
    expect(listCosts({ ...summary, ...costs })).toEqual(['18,496 parameters', '6.8 MB', '7.2 MFLOP']);
    expect(listCosts({ ...summary, parameters: 1 })).toEqual(['1 parameter']);
    expect(listCosts(summary)).toEqual([]);
  });

  it('has the shape of images or of rows', () => {
    expect(describeShape([28, 28, 32])).toBe('28 × 28 × 32');
    expect(describeShape([3136])).toBe('3,136');
  });
});
