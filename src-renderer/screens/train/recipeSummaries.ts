// What holds, in a few words: for the folded parts of the form.
import { findDescription } from '../../../src-shared/components.ts';
import type {
  Component,
  ComponentDescription,
  OptionDescription,
} from '../../../src-shared/schemas/component.ts';
import type { EarlyStopping, Recipe } from '../../../src-shared/schemas/recipe.ts';
import { formatCount, formatNumber } from '../../format/quantities.ts';

/** `beta1 0.9, beta2 0.999` */
export function describeOptions(options: readonly OptionDescription[], component: Component): string {
  return options
    .map((option) => {
      const value = component[option.name] ?? option.default;
      return `${option.label} ${typeof value === 'number' ? formatNumber(value) : String(value)}`;
    })
    .join(', ');
}

/** `Glorot uniform, biases Zeros` */
export function describeInitializers(descriptions: readonly ComponentDescription[], recipe: Recipe): string {
  const labelOf = (component: Component): string =>
    findDescription(descriptions, component.type)?.label ?? component.type;
  return `${labelOf(recipe.initializer)}; biases ${labelOf(recipe.biasInitializer).toLowerCase()}`;
}

/** `none`, `L2 0.0001` */
export function describePenalties(penalties: Recipe['penalties']): string {
  const parts = [
    penalties.l1 > 0 ? `L1 ${formatNumber(penalties.l1)}` : '',
    penalties.l2 > 0 ? `L2 ${formatNumber(penalties.l2)}` : '',
  ].filter((part) => part !== '');
  return parts.length === 0 ? 'none' : parts.join(', ');
}

/** `off`, `after 5 epochs without improvement` */
export function describeEarlyStopping(earlyStopping: EarlyStopping | null): string {
  if (earlyStopping === null) return 'off';
  const epochs = earlyStopping.patience === 1 ? '1 epoch' : `${formatCount(earlyStopping.patience)} epochs`;
  return `after ${epochs} without improvement`;
}

/** `seed 1, threads chosen by Weft` */
export function describeReproducibility(seed: number, threads: number): string {
  const ofThreads =
    threads === 0 ? 'threads chosen by Weft' : threads === 1 ? '1 thread' : `${threads} threads`;
  return `seed ${seed}, ${ofThreads}`;
}
