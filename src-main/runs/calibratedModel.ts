// The temperature of a model (Guo et al. 2017): its file keeps the weights as they were trained and the temperature beside
// them; whatever predicts with the model, or exports it, takes it from here.
import { tensorName } from '../engine/architecture.ts';
import type { Model } from './modelFile.ts';

/**
 * The model that gives `softmax(logits / temperature)`: the weights and biases of its output layer, which is linear, are
 * divided by the temperature, and nothing is left to be said of it. A model without a temperature stays as it is.
 */
export function calibratedModel(model: Model): Model {
  const { temperature = 1, ...rest } = model;
  if (temperature === 1) return rest;
  const outputLayer = model.architecture.layers.length;
  const scaled = ['weight', 'bias'].map((name) => tensorName(outputLayer, name));
  return {
    ...rest,
    tensors: model.tensors.map((tensor) =>
      scaled.includes(tensor.name)
        ? { ...tensor, data: tensor.data.map((one) => one / temperature) }
        : tensor,
    ),
  };
}
