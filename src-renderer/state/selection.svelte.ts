// What the screens look at together: the model that Evaluate and Errors show, and the pair of classes whose images
// Errors lists.
import type { ModelReference } from '../../src-shared/schemas/model.ts';
import { modelKey } from './modelKey.ts';
import { navigation } from './navigation.svelte.ts';

class Selection {
  /** Null as long as nothing was chosen: screens then take the latest run. */
  model = $state.raw<ModelReference | null>(null);
  /** Class indices; null means every class. */
  trueClass = $state<number | null>(null);
  predictedClass = $state<number | null>(null);

  /** Shows the model on Evaluate. */
  evaluate(model: ModelReference): void {
    this.model = model;
    navigation.open('evaluate');
  }

  /** Shows the images of one cell of the confusion matrix on Errors. */
  showErrors(trueClass: number | null, predictedClass: number | null): void {
    this.trueClass = trueClass;
    this.predictedClass = predictedClass;
    navigation.open('errors');
  }

  /** The model is gone: nothing may go on pointing at it. */
  forget(model: ModelReference): void {
    if (this.model !== null && modelKey(this.model) === modelKey(model)) this.model = null;
  }
}

export const selection = new Selection();
