import { describe, expect, it } from 'vitest';
import { toChartCsv, type ChartSeries } from '../../../../../src-renderer/ui/charts/chartSeries.ts';

const series = (name: string, isDerived = false): ChartSeries => ({
  name,
  colour: '--train',
  style: 'thin',
  x: [0.5, 1],
  y: [2.25, 1.5],
  isInLegend: true,
  isDerived,
});

describe('toChartCsv', () => {
  it('writes every point of every series, but none of those derived from others', () => {
    const bytes = toChartCsv([series('train'), series('smoothed', true), series('a, b')], 'epoch', 'loss');
    expect(new TextDecoder().decode(bytes)).toBe(
      'series,epoch,loss\r\ntrain,0.5,2.25\r\ntrain,1,1.5\r\n"a, b",0.5,2.25\r\n"a, b",1,1.5\r\n',
    );
  });
});
