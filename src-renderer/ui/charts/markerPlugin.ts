import type { Chart, Plugin } from 'chart.js';
import type { ChartColours } from './chartColours.ts';
import type { ChartMarker } from './chartSeries.ts';

const labelFont = 11;
const labelRows = 3;
const gap = 4;

/** What is drawn across the plot: labelled vertical lines, and the line under the pointer. */
export interface Markers {
  list: readonly ChartMarker[];
  labels: 'top' | 'bottom';
  /** The x value under the pointer; null while it is elsewhere. */
  pointer: number | null;
}

function drawLine(chart: Chart, x: number, dashes: number[]): void {
  const { ctx, chartArea } = chart;
  ctx.setLineDash(dashes);
  ctx.beginPath();
  ctx.moveTo(Math.round(x) + 0.5, chartArea.top);
  ctx.lineTo(Math.round(x) + 0.5, chartArea.bottom);
  ctx.stroke();
}

/** Labels stand beside their line, one row further from the edge where they would cover the one before. */
function drawMarkers(chart: Chart, { list, labels }: Markers, colours: ChartColours): void {
  const { ctx, chartArea } = chart;
  const xScale = chart.scales['x'];
  if (xScale === undefined) return;
  const rowEnds: number[] = Array.from({ length: labelRows }, () => -Infinity);
  ctx.font = `${labelFont}px ${colours.font}`;
  ctx.textBaseline = 'top';
  for (const marker of list) {
    const x = xScale.getPixelForValue(marker.x);
    if (x < chartArea.left - 1 || x > chartArea.right + 1) continue;
    drawLine(chart, x, [4, 3]);
    const width = ctx.measureText(marker.label).width;
    const left = x + gap + width > chartArea.right ? x - gap - width : x + gap;
    const row = rowEnds.findIndex((end) => end + gap < left);
    if (row < 0) continue;
    const fromEdge = gap + row * (labelFont + gap);
    const top = labels === 'top' ? chartArea.top + fromEdge : chartArea.bottom - fromEdge - labelFont;
    ctx.globalAlpha = 0.85;
    ctx.fillStyle = colours.surface;
    ctx.fillRect(left - 2, top - 2, width + 4, labelFont + 4);
    ctx.globalAlpha = 1;
    ctx.fillStyle = colours.text;
    ctx.fillText(marker.label, left, top);
    rowEnds[row] = left + width;
  }
}

export function createMarkerPlugin(markers: Markers, colours: () => ChartColours): Plugin<'line'> {
  return {
    id: 'markers',
    afterDatasetsDraw(chart) {
      const { ctx } = chart;
      ctx.save();
      ctx.lineWidth = 1;
      ctx.strokeStyle = colours().muted;
      drawMarkers(chart, markers, colours());
      const xScale = chart.scales['x'];
      if (markers.pointer !== null && xScale !== undefined) {
        drawLine(chart, xScale.getPixelForValue(markers.pointer), []);
      }
      ctx.restore();
    },
  };
}
