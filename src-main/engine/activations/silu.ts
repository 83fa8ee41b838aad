import type { Activation } from './activation.ts';
import { sigmoid } from './sigmoid.ts';

/** Elfwing, Uchibe and Doya, 2017; Ramachandran, Zoph and Le, "Searching for activation functions", 2017, as Swish. */
export const silu: Activation = {
  type: 'silu',
  label: 'SiLU',
  help: 'x / (1 + e^-x)',
  value: (input) => input * sigmoid.value(input),
  slope: (input) => {
    const share = sigmoid.value(input);
    return share * (1 + input * (1 - share));
  },
  slopeFrom: 'input',
};
