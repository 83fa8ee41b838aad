// The axes of every chart of training.
import { formatLoss, formatNumber, formatPercent } from '../../format/quantities.ts';
import type { ChartAxis } from '../../ui/charts/chartSeries.ts';

const formatShort = (value: number): string => formatNumber(Number(value.toPrecision(3)));

export function epochAxis(maximum: number): ChartAxis {
  return {
    label: 'epoch',
    scale: 'linear',
    minimum: 0,
    maximum,
    format: (value) => value.toFixed(2),
    formatTick: formatShort,
  };
}

export function secondsAxis(maximum: number): ChartAxis {
  return {
    label: 'seconds',
    scale: 'linear',
    minimum: 0,
    maximum,
    format: (value) => value.toFixed(1),
    formatTick: formatShort,
  };
}

export function lossAxis(scale: ChartAxis['scale']): ChartAxis {
  return { label: 'loss', scale, format: formatLoss, formatTick: formatShort };
}

export const accuracyAxis: ChartAxis = {
  label: 'accuracy',
  scale: 'linear',
  maximum: 1,
  format: (value) => formatPercent(value),
  formatTick: (value) => `${formatShort(value * 100)} %`,
};
