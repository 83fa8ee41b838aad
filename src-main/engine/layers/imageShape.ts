import { WeftError } from '../../../src-shared/failure.ts';
import type { ImageShape } from '../../../src-shared/schemas/dataset.ts';

/** The image that a layer takes. `label` begins the sentence: "Max pooling". Throws `layer.impossible` on a flat input. */
export function imageShapeOf(inputShape: readonly number[], label: string): ImageShape {
  const [height, width, channels] = inputShape;
  if (height === undefined || width === undefined || channels === undefined) {
    throw new WeftError(
      'layer.impossible',
      `${label} needs images; its input is a row of ${height} numbers.`,
      'Put it before the layers that flatten the image.',
    );
  }
  return { height, width, channels };
}
