import type { PoolGeometry } from '../kernels/pooling.ts';
import { imageShapeOf } from './imageShape.ts';
import type { Layer } from './layer.ts';
import { averagePool, operationsOfPool, planPooling } from './pooling.ts';

const label = 'Global average pooling';

/** One window, as large as the image. */
function geometryOf(inputShape: readonly number[]): PoolGeometry {
  const { height, width, channels } = imageShapeOf(inputShape, label);
  const windows = { windowHeight: height, windowWidth: width, stride: 1, outputHeight: 1, outputWidth: 1 };
  return { height, width, channels, ...windows };
}

/** Lin, Chen and Yan, "Network in network", 2013. */
export const globalAveragePooling: Layer = {
  description: {
    type: 'global-average-pooling',
    label,
    help: 'Keeps the mean of each channel over the whole image, so that height and width are gone (Lin and others, 2013).',
    options: [],
  },
  label: () => label,
  outputShape: (_component, inputShape) => [geometryOf(inputShape).channels],
  parameterShapes: () => [],
  operationsPerImage: (_component, inputShape) => operationsOfPool(geometryOf(inputShape)),
  plan: (context) => {
    const pool = geometryOf(context.inputShape);
    return planPooling(context, pool, averagePool(pool));
  },
};
