import type { Activation } from './activation.ts';

/** Dugas et al., "Incorporating second-order functional knowledge for better option pricing", 2000. */
export const softplus: Activation = {
  type: 'softplus',
  label: 'Softplus',
  help: 'ln(1 + e^x)',
  value: (input) => Math.max(0, input) + Math.log1p(Math.exp(-Math.abs(input))),
  slope: (_input, output) => -Math.expm1(-output),
  slopeFrom: 'output',
};
