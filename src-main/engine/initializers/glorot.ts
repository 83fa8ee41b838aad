import type { Initializer } from './initializer.ts';

/** Glorot and Bengio, "Understanding the difficulty of training deep feedforward neural networks", 2010. */
export const glorotNormal: Initializer = {
  description: {
    type: 'glorot-normal',
    label: 'Glorot normal',
    help: 'Normal with deviation sqrt(2 / (inputs + outputs)) (Glorot and Bengio, 2010).',
    options: [],
  },
  sampler: (_component, { fanIn, fanOut }, random) => {
    const deviation = Math.sqrt(2 / (fanIn + fanOut));
    return () => random.normal(0, deviation);
  },
};

/** The uniform distribution of the same variance. */
export const glorotUniform: Initializer = {
  description: {
    type: 'glorot-uniform',
    label: 'Glorot uniform',
    help: 'Uniform within sqrt(6 / (inputs + outputs)), as Keras starts dense layers (Glorot and Bengio, 2010).',
    options: [],
  },
  sampler: (_component, { fanIn, fanOut }, random) => {
    const limit = Math.sqrt(6 / (fanIn + fanOut));
    return () => random.uniform(-limit, limit);
  },
};
