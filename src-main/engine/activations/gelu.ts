import type { Activation } from './activation.ts';

/** Past this, erf differs from 1 by less than float64 can tell. */
const erfSaturation = 6;

/**
 * The error function by its series `2 / sqrt(pi) * e^(-x^2) * sum 2^n x^(2n+1) / (1 * 3 * … * (2n+1))`, whose terms all
 * have one sign (Abramowitz and Stegun, 7.1.6).
 */
function erf(input: number): number {
  if (Math.abs(input) > erfSaturation) return Math.sign(input);
  let term = input;
  let sum = input;
  for (let n = 1; Math.abs(term) > Math.abs(sum) * Number.EPSILON; n += 1) {
    term *= (2 * input * input) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-input * input) * sum;
}

/** The standard normal distribution function. */
const normalBelow = (input: number): number => 0.5 * (1 + erf(input / Math.SQRT2));
const normalDensity = (input: number): number => Math.exp(-0.5 * input * input) / Math.sqrt(2 * Math.PI);

/** Hendrycks and Gimpel, "Gaussian error linear units", 2016; the exact form, not the one by tanh. */
export const gelu: Activation = {
  type: 'gelu',
  label: 'GELU',
  help: 'x P(X < x) for a standard normal X',
  value: (input) => input * normalBelow(input),
  slope: (input) => normalBelow(input) + input * normalDensity(input),
  slopeFrom: 'input',
};
