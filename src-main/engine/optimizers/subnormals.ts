// Moments of inputs that are always 0 decay into subnormal numbers, on which processors are some hundred times slower,
// and WebAssembly cannot flush them. Both limits lie far below what can change a float32 weight.

/** A first moment or velocity smaller than this becomes 0. */
export const smallestFirstMoment = 2 ** -100;

/** A second moment never falls below this: still a normal number after a multiplication by any decay rate. */
export const smallestSecondMoment = 2 ** -120;

export function flushFirstMoment(moment: number): number {
  return Math.abs(moment) < smallestFirstMoment ? 0 : moment;
}

export function raiseSecondMoment(moment: number): number {
  return Math.max(moment, smallestSecondMoment);
}
