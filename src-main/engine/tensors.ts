import { choose, layers } from './catalogue.ts';
import type { Architecture, NamedTensor } from './types.ts';

/**
 * The tensors that an architecture's files hold, in order: those of its layers, then of the output layer that its
 * classes imply. Throws `recipe.invalid`.
 */
export function describeTensors(architecture: Architecture): Pick<NamedTensor, 'name' | 'shape'>[] {
  const { shape, classCount } = architecture;
  const output = { type: 'dense', units: classCount, activation: 'linear' };
  let inputShape: readonly number[] = [shape.height, shape.width, shape.channels];
  return [...architecture.layers, output].flatMap((layer, index) => {
    const { entry, component } = choose(layers, layer, `layers.${index}`);
    const parameters = entry.parameterShapes(component, inputShape);
    inputShape = entry.outputShape(component, inputShape);
    return parameters.map(({ name, fileShape }) => {
      return { name: `layers.${index}.${name}`, shape: [...fileShape] };
    });
  });
}
