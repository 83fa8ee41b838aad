export interface ChartColours {
  surface: string;
  text: string;
  muted: string;
  grid: string;
  font: string;
  /** The colour of a CSS property such as `--train`. */
  of(property: string): string;
}

/** The theme's colours as they are now, for what is drawn on a canvas. */
export function readChartColours(element: Element): ChartColours {
  const style = getComputedStyle(element);
  const of = (property: string): string => style.getPropertyValue(property).trim();
  return {
    surface: of('--surface'),
    text: of('--text'),
    muted: of('--text-muted'),
    grid: of('--border'),
    font: style.fontFamily,
    of,
  };
}
