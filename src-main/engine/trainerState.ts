// Everything that decides how training goes on from between two steps, taken out of the arena and put back: tensors as
// files hold them, so that a state is the same whatever the layout inside.
import { WeftError } from '../../src-shared/failure.ts';
import type { Parameter } from './layers/layer.ts';
import type { FloatArray } from './region.ts';
import type { TrainingRegions } from './network.ts';
import { fileValues, writeParameter } from './tensors.ts';
import type { NamedTensor, TrainerState } from './types.ts';

/** The tensors of a state. */
export type TrainerTensors = Omit<TrainerState, 'position'>;

const isTrained = ({ kind }: Parameter): boolean => kind !== 'statistic';

function copyOf(parameter: Parameter, source: FloatArray, sourceFirst = 0): NamedTensor {
  return {
    name: parameter.tensorName,
    shape: [...parameter.fileShape],
    data: fileValues(parameter, source, sourceFirst),
  };
}

/**
 * Copies the tensors out of the arena. `statistics` are those of the moment that the copy is to be of, laid out as they
 * are at the end of the block of values.
 */
export function copyTrainerTensors(
  parameters: readonly Parameter[],
  { values, gradients, slots, averages }: TrainingRegions,
  statistics: FloatArray,
): TrainerTensors {
  const trained = parameters.filter(isTrained);
  return {
    tensors: parameters.map((parameter) =>
      isTrained(parameter) ? copyOf(parameter, values.data) : copyOf(parameter, statistics, gradients.length),
    ),
    slots: slots.map(({ name, region }) => {
      return { name, tensors: trained.map((parameter) => copyOf(parameter, region.data)) };
    }),
    averages: averages === null ? null : trained.map((parameter) => copyOf(parameter, averages.data)),
  };
}

function misfit(what: string): WeftError {
  return new WeftError('state.misfit', `The saved state does not fit the recipe: ${what}.`);
}

function putBack(
  parameters: readonly Parameter[],
  tensors: readonly NamedTensor[],
  target: FloatArray,
  what: string,
): void {
  const byName = new Map(tensors.map((tensor) => [tensor.name, tensor]));
  for (const parameter of parameters) {
    const tensor = byName.get(parameter.tensorName);
    if (tensor === undefined) throw misfit(`${what} "${parameter.tensorName}" is missing`);
    if (tensor.shape.join() !== parameter.fileShape.join()) {
      throw misfit(
        `${what} "${tensor.name}" has the shape [${tensor.shape.join(', ')}], not [${parameter.fileShape.join(', ')}]`,
      );
    }
    writeParameter(parameter, tensor.data, target);
  }
}

/** Puts a state's tensors into the arena. Throws `state.misfit` when they are not those of the network. */
export function restoreTrainerTensors(
  parameters: readonly Parameter[],
  regions: TrainingRegions,
  state: TrainerTensors,
): void {
  const trained = parameters.filter(isTrained);
  putBack(parameters, state.tensors, regions.values.data, 'the tensor');
  const slotNames = (slots: readonly { name: string }[]): string => slots.map(({ name }) => name).join(', ');
  if (slotNames(state.slots) !== slotNames(regions.slots)) {
    throw misfit(
      `its optimizer remembers ${slotNames(state.slots) || 'nothing'}, that of the recipe ${slotNames(regions.slots) || 'nothing'}`,
    );
  }
  for (const { name, region } of regions.slots) {
    const saved = state.slots.find((slot) => slot.name === name);
    putBack(trained, saved?.tensors ?? [], region.data, `the optimizer's ${name} of`);
  }
  if (regions.averages === null) return;
  if (state.averages === null) throw misfit('the running averages are missing');
  putBack(trained, state.averages, regions.averages.data, 'the running average of');
}

/** The tensors that a run with this state would be validated with and keep: the averages, where there are some. */
export function keptTensors({ tensors, averages }: TrainerTensors): NamedTensor[] {
  if (averages === null) return tensors;
  const byName = new Map(averages.map((tensor) => [tensor.name, tensor]));
  return tensors.map((tensor) => byName.get(tensor.name) ?? tensor);
}

/** Every tensor of a state. */
function allTensors({ tensors, slots, averages }: TrainerTensors): NamedTensor[] {
  return [...tensors, ...slots.flatMap((slot) => slot.tensors), ...(averages ?? [])];
}

/** Whether every number is finite: one that isn't times 0 is not 0. */
export function isFiniteState(state: TrainerTensors): boolean {
  return allTensors(state).every(({ data }) => {
    let sum = 0;
    for (let index = 0; index < data.length; index += 1) sum += data[index]! * 0;
    return sum === 0;
  });
}
