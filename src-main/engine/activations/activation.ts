/** An activation function of a layer, as plain arithmetic on one number: what every kernel of it must equal. */
export interface Activation {
  readonly type: string;
  readonly label: string;
  /** The formula. */
  readonly help: string;
  value(input: number): number;
  /** The derivative at `input`, where `output = value(input)`. */
  slope(input: number, output: number): number;
  /** Where the slope follows from the output alone, the input need not be kept for the backward pass. */
  readonly slopeFrom: 'input' | 'output';
}
