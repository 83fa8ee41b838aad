// A line chart on a canvas: chart.js with what many points need. It draws only what it is handed, already thinned
// out to the pixels there are.
import {
  Chart,
  LinearScale,
  LineController,
  LineElement,
  LogarithmicScale,
  PointElement,
  type ChartDataset,
  type ChartOptions,
} from 'chart.js';
import type { ChartColours } from './chartColours.ts';
import type { ChartAxis, ChartMarker, ChartSeries } from './chartSeries.ts';
import { decimate, type ChartPoint } from './decimation.ts';
import { createMarkerPlugin, type Markers } from './markerPlugin.ts';

Chart.register(LineController, LineElement, PointElement, LinearScale, LogarithmicScale);

const fontPixels = 11;
/** With more points than this across the chart, they would touch. */
const mostPointsDrawn = 60;
/** Before the chart has its size. */
const fewestColumns = 50;
const yAxisWidth = 48;
/** Dense curves must not hide what lies over them. */
const opacityPercent = { faint: 22, thin: 70, dashed: 90, points: 100 } as const;
const dashes = [5, 4];

export interface DrawingContent {
  series: readonly ChartSeries[];
  markers: readonly ChartMarker[];
  markerLabels: 'top' | 'bottom';
  xAxis: ChartAxis;
  yAxis: ChartAxis;
  colours: ChartColours;
}

/** On a logarithmic axis only 1, 2 and 5 of each decade are written, or 1 alone where there are many decades. */
function isTickWritten(value: number, decades: number): boolean {
  const mantissa = Math.round(value / 10 ** Math.floor(Math.log10(value) + 1e-9));
  return decades > 3 ? mantissa === 1 : mantissa === 1 || mantissa === 2 || mantissa === 5;
}

type AxisOptions = NonNullable<NonNullable<ChartOptions<'line'>['scales']>[string]>;

function axisOptions(axis: ChartAxis, colours: ChartColours, isX: boolean): AxisOptions {
  const options = {
    title: {
      display: isX,
      text: axis.label,
      color: colours.muted,
      font: { size: fontPixels, family: colours.font },
    },
    border: { color: colours.grid },
    grid: { color: colours.grid, display: !isX, tickLength: 4 },
    ticks: {
      color: colours.muted,
      font: { size: fontPixels, family: colours.font },
      maxRotation: 0,
      maxTicksLimit: isX ? 11 : 7,
      includeBounds: false,
      autoSkip: axis.scale === 'linear',
      callback(this: { min: number; max: number }, value: number | string): string | null {
        const number = Number(value);
        if (axis.scale === 'logarithmic' && !isTickWritten(number, Math.log10(this.max / this.min)))
          return null;
        return axis.formatTick(number);
      },
    },
    // Charts one above the other begin at the same place.
    afterFit(scale: { width: number }): void {
      if (!isX) scale.width = yAxisWidth;
    },
    ...(axis.minimum === undefined ? {} : { min: axis.minimum }),
    ...(axis.maximum === undefined ? {} : { max: axis.maximum }),
  };
  return axis.scale === 'linear' ? { ...options, type: 'linear' } : { ...options, type: 'logarithmic' };
}

function toDataset(
  series: ChartSeries,
  points: ChartPoint[],
  colours: ChartColours,
): ChartDataset<'line', ChartPoint[]> {
  const colour = colours.of(series.colour);
  const hasPoints = series.style === 'points' && points.length <= mostPointsDrawn;
  return {
    label: series.name,
    data: points,
    borderColor: `color-mix(in srgb, ${colour} ${opacityPercent[series.style]}%, transparent)`,
    backgroundColor: colour,
    borderWidth: series.style === 'points' ? 2 : 1,
    borderJoinStyle: 'round',
    borderDash: series.style === 'dashed' ? dashes : [],
    pointRadius: hasPoints ? (series.pointShape === undefined ? 3 : 4) : points.length === 1 ? 2 : 0,
    pointStyle: series.pointShape ?? 'circle',
    pointBorderColor: colour,
    pointBorderWidth: series.pointShape === 'cross' || series.pointShape === 'star' ? 2 : 0,
    // Points on the plot's edge are drawn whole.
    clip: 4,
  };
}

export class LineDrawing {
  readonly #chart: Chart<'line', ChartPoint[]>;
  readonly #markers: Markers = { list: [], labels: 'top', pointer: null };
  #content: DrawingContent;
  #isClosed = false;

  constructor(canvas: HTMLCanvasElement, content: DrawingContent) {
    this.#content = content;
    this.#chart = new Chart(canvas, {
      type: 'line',
      data: { datasets: [] },
      options: {
        animation: false,
        parsing: false,
        normalized: true,
        maintainAspectRatio: false,
        events: [],
        layout: { padding: { top: 6, right: 10 } },
        onResize: () => queueMicrotask(() => this.draw(this.#content)),
      },
      plugins: [createMarkerPlugin(this.#markers, () => this.#content.colours)],
    });
    this.draw(content);
  }

  /** Draws the content as it is now; a no-op once closed. */
  draw(content: DrawingContent): void {
    if (this.#isClosed) return;
    this.#content = content;
    const { series, xAxis, yAxis, colours } = content;
    const range = { minimum: xAxis.minimum ?? 0, maximum: xAxis.maximum ?? 1 };
    const columns = Math.max(fewestColumns, Math.round(this.#chart.width));
    const isLogarithmic = yAxis.scale === 'logarithmic';
    // chart.js draws its first dataset on top.
    this.#chart.data.datasets = series.toReversed().map((one) => {
      const points = decimate(one.x, one.y, range, columns);
      return toDataset(one, isLogarithmic ? points.filter((point) => point.y > 0) : points, colours);
    });
    this.#chart.options.scales = {
      x: axisOptions(xAxis, colours, true),
      y: axisOptions(yAxis, colours, false),
    };
    this.#markers.list = content.markers;
    this.#markers.labels = content.markerLabels;
    this.#chart.update('none');
  }

  /** Moves the line under the pointer to a place on the canvas and says which x value is there; null takes it away. */
  point(canvasX: number | null): number | null {
    const { scales, chartArea } = this.#chart;
    const xScale = scales['x'];
    const isInside = canvasX !== null && canvasX >= chartArea.left && canvasX <= chartArea.right;
    const value = isInside ? (xScale?.getValueForPixel(canvasX) ?? null) : null;
    if (value !== this.#markers.pointer) {
      this.#markers.pointer = value;
      this.#chart.draw();
    }
    return value;
  }

  close(): void {
    this.#isClosed = true;
    this.#chart.destroy();
  }
}
