import type { Component } from '../../../src-shared/schemas/component.ts';
import type { PoolGeometry } from '../kernels/pooling.ts';
import { numberOf } from '../options.ts';
import type { Layer } from './layer.ts';
import {
  operationsOfPool,
  planPooling,
  pooledShape,
  poolGeometryOf,
  poolingOptions,
} from './poolingGeometry.ts';

const label = 'Max pooling';

const geometryOf = (component: Component, inputShape: readonly number[]): PoolGeometry =>
  poolGeometryOf(component, inputShape, label);

/** Yamaguchi, Sakamoto, Akabane and Fujimoto, "A neural network for speaker-independent isolated word recognition", 1990. */
export const maxPooling: Layer = {
  description: {
    type: 'max-pooling',
    label,
    help: 'Keeps the largest number of every window, channel by channel: max(x) over size x size pixels, without padding.',
    options: poolingOptions,
  },
  label: (component) =>
    `${label} ${numberOf(component, 'size')} x ${numberOf(component, 'size')}, stride ${numberOf(component, 'stride')}`,
  outputShape: (component, inputShape) => pooledShape(geometryOf(component, inputShape)),
  parameterShapes: () => [],
  operationsPerImage: (component, inputShape) => operationsOfPool(geometryOf(component, inputShape)),
  plan: (context) => {
    const pool = geometryOf(context.component, context.inputShape);
    return planPooling(context, pool, {
      forward: ({ kernels }, input, output, from, to) => kernels.maxPool(input, output, pool, from, to),
      backward: ({ kernels }, { input, output, dOutput, dInput }, from, to) =>
        kernels.maxPoolBack(input, output, dOutput, dInput, pool, from, to),
    });
  },
};
