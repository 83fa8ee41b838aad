import type { Catalogue } from '../../src-shared/schemas/component.ts';

/** Everything the engine can do, as data. */
export const catalogue: Catalogue = { layers: [], initializers: [], optimizers: [], schedules: [] };
