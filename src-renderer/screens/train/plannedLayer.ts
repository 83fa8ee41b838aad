import type { LayerSummary } from '../../../src-shared/schemas/network.ts';
import { formatBytes, formatCount, formatWork } from '../../format/quantities.ts';

/** What a layer costs: `100,480 parameters`, `1.2 MB`, `0.2 MFLOP`. What it has none of is left out. */
export function listCosts({ parameters, memoryBytes, operationsPerImage }: LayerSummary): string[] {
  return [
    parameters > 0 ? `${formatCount(parameters)} ${parameters === 1 ? 'parameter' : 'parameters'}` : '',
    memoryBytes > 0 ? formatBytes(memoryBytes) : '',
    operationsPerImage > 0 ? formatWork(operationsPerImage) : '',
  ].filter((cost) => cost !== '');
}

/** `128`, `14 × 14 × 8` */
export function describeShape(shape: readonly number[]): string {
  return shape.map((size) => formatCount(size)).join(' × ');
}
