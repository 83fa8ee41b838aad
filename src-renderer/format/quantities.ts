// Numbers as the screens write them.

const countFormat = new Intl.NumberFormat('en-US');
const sameYearFormat = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
});
const otherYearFormat = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium' });
const whenFormat = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' });

/** `12,000` */
export function formatCount(count: number): string {
  return countFormat.format(count);
}

/** A fraction as `87.3 %`. */
export function formatPercent(fraction: number, digits = 1): string {
  return `${(fraction * 100).toFixed(digits)} %`;
}

/** A loss with as many digits as say something: `0.3412`, `12.41`. */
export function formatLoss(loss: number): string {
  return Number.isFinite(loss) ? (Math.abs(loss) < 10 ? loss.toFixed(4) : loss.toPrecision(4)) : String(loss);
}

/** A setting as a person would write it: `0.001`, `1e-7`, `5000`. */
export function formatNumber(value: number): string {
  if (value !== 0 && (Math.abs(value) < 1e-4 || Math.abs(value) >= 1e7)) {
    return value.toExponential().replace('e+', 'e');
  }
  return String(value);
}

/** In the unit, each a thousand times the one before, that leaves at most three digits before the point. */
function formatInUnits(amount: number, units: readonly string[]): string {
  let value = amount;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 || value >= 99.5 ? Math.round(value) : value.toFixed(1)} ${units[unit] ?? ''}`;
}

/** Bytes in decimal units, as download pages count them: `30.9 MB`. */
export function formatBytes(bytes: number): string {
  return formatInUnits(bytes, ['bytes', 'kB', 'MB', 'GB', 'TB']);
}

/** Multiplications and additions of floating-point numbers: `7.2 MFLOP`. */
export function formatWork(operations: number): string {
  return formatInUnits(operations, ['FLOP', 'kFLOP', 'MFLOP', 'GFLOP', 'TFLOP']);
}

/** `8 s`, `2 min 5 s`, `1 h 12 min`. */
export function formatDuration(seconds: number): string {
  if (!Number.isFinite(seconds)) return '–';
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

/** An ISO date as `21 Nov 2026, 05:36`, in the person's time zone. */
export function formatWhen(isoDate: string): string {
  return whenFormat.format(new Date(isoDate));
}

/** An ISO date in few letters: `21 Nov, 05:36` in the year of `now`, else `21 Nov 2025`. */
export function formatWhenBriefly(isoDate: string, now: Date): string {
  const date = new Date(isoDate);
  return (date.getFullYear() === now.getFullYear() ? sameYearFormat : otherYearFormat).format(date);
}

/** A closed range as `1 – 4,096`. */
export function formatRange(minimum: number, maximum: number): string {
  const format = (value: number): string =>
    Number.isInteger(value) && Math.abs(value) < 1e7 ? formatCount(value) : formatNumber(value);
  return `${format(minimum)} – ${format(maximum)}`;
}
