// Each activation of the catalogue as operators of ONNX's operator set 17 (https://onnx.ai/onnx/operators/), and back.
import { leak } from '../../engine/activations/leakyRelu.ts';
import type { GraphReader } from './graphReader.ts';
import type { GraphWriter } from './graphWriter.ts';

interface ActivationOperators {
  write(graph: GraphWriter): void;
  /** Whether the next nodes are this one, in which case they are taken. */
  read(graph: GraphReader): boolean;
}

/** One operator, with one number where the operator has one. */
function single(opType: string, parameter?: { name: string; value: number }): ActivationOperators {
  return {
    write: (graph) => {
      graph.node(opType, [graph.value], parameter && { [parameter.name]: { float: parameter.value } });
    },
    read: (graph) => {
      if (!graph.isNext(opType)) return false;
      const node = graph.take(opType);
      if (parameter !== undefined) node.expectFloat(parameter.name, parameter.value);
      return true;
    },
  };
}

/** `x sigmoid(x)`: an operator of its own only from operator set 24 on. */
const silu: ActivationOperators = {
  write: (graph) => {
    const input = graph.value;
    graph.node('Mul', [input, graph.node('Sigmoid')]);
  },
  read: (graph) => {
    if (!graph.isNext('Sigmoid') || !graph.isNext('Mul', 1)) return false;
    const input = graph.value;
    const sigmoid = graph.take('Sigmoid').output;
    graph.take('Mul', [input, sigmoid]);
    return true;
  },
};

/** `x (1 + erf(x / sqrt(2))) / 2`: an operator of its own only from operator set 20 on. */
const gelu: ActivationOperators = {
  write: (graph) => {
    const input = graph.value;
    graph.node('Div', [input, graph.number('sqrt2', Math.SQRT2)]);
    graph.node('Erf');
    graph.node('Add', [graph.value, graph.number('one', 1)]);
    graph.node('Mul', [input, graph.value]);
    graph.node('Mul', [graph.value, graph.number('half', 0.5)]);
  },
  read: (graph) => {
    if (!graph.isNext('Div')) return false;
    const input = graph.value;
    graph.take('Div').expectConstant(1, Math.SQRT2);
    graph.take('Erf');
    const sum = graph.take('Add');
    sum.expectConstant(1, 1);
    graph.take('Mul', [input, sum.output]);
    graph.take('Mul').expectConstant(1, 0.5);
    return true;
  },
};

/** Nothing at all. */
const linear: ActivationOperators = { write: () => undefined, read: () => false };

/** By the type in the catalogue; those of several nodes before those that they begin with. */
export const activationOperators: Readonly<Record<string, ActivationOperators>> = {
  silu,
  gelu,
  relu: single('Relu'),
  'leaky-relu': single('LeakyRelu', { name: 'alpha', value: leak }),
  tanh: single('Tanh'),
  sigmoid: single('Sigmoid'),
  elu: single('Elu', { name: 'alpha', value: 1 }),
  softplus: single('Softplus'),
  linear,
};
