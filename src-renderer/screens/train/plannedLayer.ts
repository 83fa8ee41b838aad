import type { LayerSummary } from '../../../src-shared/schemas/network.ts';
import { formatBytes, formatCount } from '../../format/quantities.ts';

/** `100,480 parameters · 1.2 MB` */
export function describePlannedLayer(layer: LayerSummary | null): string {
  if (layer === null) return '';
  return `${formatCount(layer.parameters)} parameters · ${formatBytes(layer.memoryBytes)}`;
}

/** `128`, `14 × 14 × 8` */
export function describeShape(shape: readonly number[]): string {
  return shape.map((size) => formatCount(size)).join(' × ');
}
