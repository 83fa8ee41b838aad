// Plans where the parameters of all layers lie: in one block, their gradients and the optimizer's slots in others of
// the same layout, so that an update is one pass over numbers.
import { tensorName, type PlacedLayer } from './architecture.ts';
import type { Arena } from './arena.ts';
import type { FloatArray, Region } from './region.ts';
import type { Parameter, ParameterKind } from './layers/layer.ts';
import { panelMatrix, roomForPanels } from './matrix.ts';

export interface ParameterBlock {
  values: Region<FloatArray>;
  /** Of what is trained; null in a network that only predicts. */
  gradients: Region<FloatArray> | null;
  slots: Region<FloatArray>[];
  /** Numbers up to here are penalised: the weights. */
  weightCount: number;
  /** Numbers up to here are trained; statistics follow. */
  trainedCount: number;
  /** By layer, in the order in which it asked for them. */
  byLayer: Parameter[][];
}

/** The order of the kinds in the block. */
const kinds: readonly ParameterKind[] = ['weight', 'bias', 'scale', 'statistic'];

/** `slotCount` is null where nothing is trained. */
export function planParameters(
  arena: Arena,
  placed: readonly PlacedLayer[],
  slotCount: number | null,
): ParameterBlock {
  const shapes = placed.flatMap(({ parameterShapes }) => parameterShapes);
  const next = new Map<ParameterKind, number>();
  let count = 0;
  for (const kind of kinds) {
    next.set(kind, count);
    for (const shape of shapes) if (shape.kind === kind) count += roomForPanels(shape.rows, shape.columns);
  }
  const weightCount = next.get('bias') ?? count;
  const trainedCount = next.get('statistic') ?? count;
  const values = arena.numbers(count);
  const gradients = slotCount === null ? null : arena.numbers(trainedCount);
  const slots = Array.from({ length: slotCount ?? 0 }, () => arena.numbers(trainedCount));
  const byLayer = placed.map(({ parameterShapes }, index) =>
    parameterShapes.map((shape): Parameter => {
      const { kind, rows, columns } = shape;
      const first = next.get(kind) ?? 0;
      next.set(kind, first + roomForPanels(rows, columns));
      const hasGradient = gradients !== null && kind !== 'statistic';
      return {
        ...shape,
        tensorName: tensorName(index, shape.name),
        values: panelMatrix(values, first, rows, columns),
        gradient: hasGradient ? panelMatrix(gradients, first, rows, columns) : null,
      };
    }),
  );
  return { values, gradients, slots, weightCount, trainedCount, byLayer };
}
