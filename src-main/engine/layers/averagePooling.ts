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

const label = 'Average pooling';

const geometryOf = (component: Component, inputShape: readonly number[]): PoolGeometry =>
  poolGeometryOf(component, inputShape, label);

/** LeCun, Bottou, Bengio and Haffner, "Gradient-based learning applied to document recognition", 1998, as subsampling. */
export const averagePooling: Layer = {
  description: {
    type: 'average-pooling',
    label,
    help: 'Keeps the mean of every window, channel by channel: sum x / size^2 over size x size pixels, without padding.',
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
      forward: ({ kernels }, input, output, from, to) => kernels.averagePool(input, output, pool, from, to),
      backward: ({ kernels }, { dOutput, dInput }, from, to) =>
        kernels.averagePoolBack(dOutput, dInput, pool, from, to),
    });
  },
};
