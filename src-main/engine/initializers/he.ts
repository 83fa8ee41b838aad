import type { Initializer } from './initializer.ts';

/** He, Zhang, Ren and Sun, "Delving deep into rectifiers", 2015: keeps the variance through ReLU layers. */
export const heNormal: Initializer = {
  description: {
    type: 'he-normal',
    label: 'He normal',
    help: 'Normal with deviation sqrt(2 / inputs): suits ReLU and its relatives (He et al., 2015).',
    options: [],
  },
  sampler: (_component, { fanIn }, random) => {
    const deviation = Math.sqrt(2 / fanIn);
    return () => random.normal(0, deviation);
  },
};

/** The uniform distribution of the same variance: a limit of `sqrt(3)` deviations. */
export const heUniform: Initializer = {
  description: {
    type: 'he-uniform',
    label: 'He uniform',
    help: 'Uniform within sqrt(6 / inputs): suits ReLU and its relatives (He et al., 2015).',
    options: [],
  },
  sampler: (_component, { fanIn }, random) => {
    const limit = Math.sqrt(6 / fanIn);
    return () => random.uniform(-limit, limit);
  },
};
