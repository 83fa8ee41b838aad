// Tells the rows of the layer editor apart: a layer that was edited, moved or brought back by an undo is the same row,
// with what is typed or unfolded in it.
import type { Component } from '../../src-shared/schemas/component.ts';

export class LayerKeys {
  readonly #keys = new WeakMap<Component, number>();
  #next = 0;

  /** The edited layer goes on as the one that it was before. */
  carryOver(before: Component, after: Component): void {
    this.#keys.set(after, this.#keyOf(before));
  }

  /** One for each layer, no two alike, even where the same layer stands twice. */
  of(layers: readonly Component[]): string[] {
    const seen = new Map<number, number>();
    return layers.map((layer) => {
      const key = this.#keyOf(layer);
      const occurrence = seen.get(key) ?? 0;
      seen.set(key, occurrence + 1);
      return `${key}.${occurrence}`;
    });
  }

  #keyOf(layer: Component): number {
    const known = this.#keys.get(layer);
    if (known !== undefined) return known;
    this.#next += 1;
    this.#keys.set(layer, this.#next);
    return this.#next;
  }
}
