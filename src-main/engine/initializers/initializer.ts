import type { Random } from '../../../src-shared/random.ts';
import type { Component, ComponentDescription } from '../../../src-shared/schemas/component.ts';

/** What a unit of the layer is connected to: its inputs, and how many units share each input. */
export interface Fans {
  fanIn: number;
  fanOut: number;
}

/** How the numbers of a parameter start. */
export interface Initializer {
  readonly description: ComponentDescription;
  /** The function that draws one number after the other; `component` is complete. */
  sampler(component: Component, fans: Fans, random: Random): () => number;
}
