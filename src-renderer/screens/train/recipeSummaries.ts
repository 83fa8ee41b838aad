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

/** Names with the numbers that are above zero: `L2 0.0001, mixup 0.2`; `none` where there are none. */
function listNumbers(numbers: Record<string, number | null>): string {
  const parts = Object.entries(numbers).map(([name, value]) =>
    value === null || value === 0 ? '' : `${name} ${formatNumber(value)}`,
  );
  return parts.filter((part) => part !== '').join(', ') || 'none';
}

/** `none`, `L2 0.0001, largest norm 3` */
export function describeRegularisation({ penalties, mixup, maxNorm }: Recipe): string {
  return listNumbers({ L1: penalties.l1, L2: penalties.l2, mixup, 'largest norm': maxNorm });
}

/** `none`, `decay 0.999, norm 1` */
export function describeAveraging({ weightAveraging, clipping }: Recipe): string {
  const decay = weightAveraging?.decay ?? null;
  return listNumbers({ decay, norm: clipping.norm, value: clipping.value });
}

/** `cross-entropy, labels smoothed by 0.1, classes balanced` */
export function describeLoss({ labelSmoothing, classWeights }: Recipe): string {
  const parts = ['cross-entropy'];
  if (labelSmoothing > 0) parts.push(`labels smoothed by ${formatNumber(labelSmoothing)}`);
  if (classWeights === 'balanced') parts.push('classes balanced');
  return parts.join(', ');
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
