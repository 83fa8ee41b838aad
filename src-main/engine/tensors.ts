// Parameters between the arena and the outside: how they start, and how files name and lay them.
import { WeftError } from '../../src-shared/failure.ts';
import { Random } from '../../src-shared/random.ts';
import type { Recipe } from '../../src-shared/schemas/recipe.ts';
import { placeLayers, tensorName } from './architecture.ts';
import { choose, initializers } from './catalogue.ts';
import type { Parameter } from './layers/layer.ts';
import { panelColumns } from './matrix.ts';
import type { FloatArray, Region } from './region.ts';
import type { Architecture, NamedTensor } from './types.ts';

/** The names and shapes of the tensors that an architecture consists of, in their order. Throws `recipe.invalid`. */
export function describeTensors(architecture: Architecture): { name: string; shape: number[] }[] {
  return placeLayers(architecture).flatMap(({ parameterShapes }, index) =>
    parameterShapes.map(({ name, fileShape }) => ({ name: tensorName(index, name), shape: [...fileShape] })),
  );
}

/** Visits each number of a parameter in the order in which files hold it, with its place in the arena. */
function forEachInFileOrder(
  { values, fileRow }: Parameter,
  visit: (fileIndex: number, arenaIndex: number) => void,
): void {
  // Which row of the arena each row of a file is.
  const rows = Array.from({ length: values.rows }, (_value, row) => row);
  if (fileRow !== undefined) rows.forEach((_value, row) => (rows[fileRow(row)] = row));
  for (let column = 0; column < values.columns; column += 1) {
    for (let row = 0; row < values.rows; row += 1) {
      visit(column * values.rows + row, values.index(rows[row]!, column));
    }
  }
}

/**
 * A parameter's numbers as files hold them, taken from an array that is laid out as the block of parameters is, from
 * number `sourceFirst` of the block on. Fast: states are copied while training waits.
 */
export function fileValues(
  { values, fileRow = (row) => row }: Parameter,
  source: FloatArray,
  sourceFirst = 0,
): Float32Array {
  const { rows, columns, stride, panelStride } = values;
  const data = new Float32Array(rows * columns);
  const first = values.first - sourceFirst;
  for (let row = 0; row < rows; row += 1) {
    const place = fileRow(row);
    for (let column = 0; column < columns; column += panelColumns) {
      const end = Math.min(panelColumns, columns - column);
      const from = first + row * stride + (column / panelColumns) * panelStride;
      for (let lane = 0; lane < end; lane += 1) data[(column + lane) * rows + place] = source[from + lane]!;
    }
  }
  return data;
}

/** Puts a parameter's numbers, as files hold them, into an array that is laid out as the block of parameters is. */
export function writeParameter(parameter: Parameter, data: Float32Array, target: FloatArray): void {
  forEachInFileOrder(parameter, (fileIndex, arenaIndex) => {
    target[arenaIndex] = data[fileIndex]!;
  });
}

/** Gives every parameter its starting numbers; those that are drawn come from the seed's stream `weights`. */
export function initializeParameters(parameters: readonly Parameter[], recipe: Recipe): void {
  const random = Random.fromSeed(recipe.seed, 'weights');
  const chosen = {
    weight: choose(initializers, recipe.initializer, 'initializer'),
    bias: choose(initializers, recipe.biasInitializer, 'biasInitializer'),
  };
  for (const parameter of parameters) {
    const { kind, values, start } = parameter;
    let draw = (): number => start;
    if (kind === 'weight' || kind === 'bias') {
      const { entry, component } = chosen[kind];
      draw = entry.sampler(component, parameter, random);
    }
    forEachInFileOrder(parameter, (_fileIndex, arenaIndex) => {
      values.data[arenaIndex] = draw();
    });
  }
}

/**
 * A copy of the parameters as files hold them. Those that are trained are taken from `averages` instead, where there is
 * such a region, laid out as they are themselves.
 */
export function readTensors(
  parameters: readonly Parameter[],
  averages: Region<FloatArray> | null = null,
): NamedTensor[] {
  return parameters.map((parameter) => {
    const source = averages === null || parameter.kind === 'statistic' ? parameter.values : averages;
    return {
      name: parameter.tensorName,
      shape: [...parameter.fileShape],
      data: fileValues(parameter, source.data),
    };
  });
}

/** Replaces the parameters. Throws `model.missing-tensor` and `model.shape-mismatch`. */
export function writeTensors(parameters: readonly Parameter[], tensors: readonly NamedTensor[]): void {
  const byName = new Map(tensors.map((tensor) => [tensor.name, tensor]));
  for (const parameter of parameters) {
    const tensor = byName.get(parameter.tensorName);
    if (tensor === undefined) {
      throw new WeftError(
        'model.missing-tensor',
        `The tensor "${parameter.tensorName}" of the network is missing.`,
      );
    }
    if (tensor.shape.join() !== parameter.fileShape.join()) {
      throw new WeftError(
        'model.shape-mismatch',
        `The tensor "${tensor.name}" has the shape [${tensor.shape.join(', ')}], the network needs [${parameter.fileShape.join(', ')}].`,
      );
    }
    writeParameter(parameter, tensor.data, parameter.values.data);
  }
}
