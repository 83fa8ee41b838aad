import type { Recipe } from '../../src-shared/schemas/recipe.ts';
import { planNetwork } from './network.ts';
import { initializeParameters, readTensors } from './tensors.ts';
import type { Architecture, NamedTensor } from './types.ts';

/** The tensors that training the recipe starts from: its seed decides them. Throws `recipe.invalid`. */
export function initialTensors(architecture: Architecture, recipe: Recipe): NamedTensor[] {
  const plan = planNetwork({ architecture, rows: 1, training: null, precision: 'float32' });
  plan.arena.bind(plan.arena.createMemory().buffer);
  initializeParameters(plan.parameters, recipe);
  return readTensors(plan.parameters);
}
