// The usual ways in which tools scale pixels before a network sees them.
import type { InputScaling } from '../../src-shared/schemas/foreignModel.ts';

export interface ScalingChoice {
  value: string;
  label: string;
  input: InputScaling;
}

export const scalingChoices: readonly ScalingChoice[] = [
  { value: 'unit', label: '0 to 1 (pixel / 255)', input: { means: [0], deviations: [1] } },
  { value: 'raw', label: '0 to 255 (as they are)', input: { means: [0], deviations: [1 / 255] } },
  { value: 'symmetric', label: '-1 to 1', input: { means: [0.5], deviations: [0.5] } },
  {
    value: 'mnist',
    label: 'Standardized as MNIST (0.1307, 0.3081)',
    input: { means: [0.1307], deviations: [0.3081] },
  },
  {
    value: 'fashion-mnist',
    label: 'Standardized as Fashion-MNIST (0.2860, 0.3530)',
    input: { means: [0.286], deviations: [0.353] },
  },
];

/** What a person chooses to give the numbers themselves. */
export const otherScaling = 'other';

/** Which of the choices a scaling is. */
export function scalingChoiceOf({ means, deviations }: InputScaling): string {
  const same = scalingChoices.find(
    ({ input }) => input.means.join() === means.join() && input.deviations.join() === deviations.join(),
  );
  return same?.value ?? otherScaling;
}
