// What a layer gave for an image, cut into maps to look at.

export interface LayerMap {
  name: string;
  height: number;
  width: number;
  /** `(height, width)` */
  values: Float32Array;
}

/** Maps that are shown of a layer, at most: those of the first channels. */
export const mostMaps = 32;
/** Units of a flat layer in one row. */
const unitsInRow = 32;

/** One map for each channel of `[height, width, channels]`; one map in rows of 32 for `[units]`, the last row filled with 0. */
export function layerMapsOf(shape: readonly number[], values: Float32Array): LayerMap[] {
  if (shape.length === 1) {
    const width = Math.min(unitsInRow, values.length);
    const height = Math.ceil(values.length / width);
    const filled = new Float32Array(height * width);
    filled.set(values);
    return [{ name: `${values.length} units`, height, width, values: filled }];
  }
  const [height = 1, width = 1, channels = 1] = shape;
  return Array.from({ length: Math.min(mostMaps, channels) }, (_value, channel) => ({
    name: `Channel ${channel + 1}`,
    height,
    width,
    values: Float32Array.from(
      { length: height * width },
      (_number, pixel) => values[pixel * channels + channel]!,
    ),
  }));
}
