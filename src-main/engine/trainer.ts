import type { Trainer, TrainerOptions } from './types.ts';

/** Plans the recipe's network, allocates everything it needs and starts its threads. Throws `recipe.invalid`. */
export async function createTrainer(options: TrainerOptions): Promise<Trainer> {
  throw new Error(`not there yet: ${options.recipe.name}`);
}
