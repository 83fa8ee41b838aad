// Puts a graph together node by node: each takes the value before it, so that the graph is a chain with its constants.
import { floatTensor, type OnnxTensor } from '../../formats/onnx/file.ts';
import { attributeTypes } from '../../formats/onnx/messages.ts';
import type { NamedTensor } from '../../engine/types.ts';

/** An attribute by its type in ONNX. */
export type Attribute = { int: number } | { float: number } | { ints: readonly number[] };

interface WrittenAttribute {
  name: string;
  type: number;
  f?: number;
  i?: bigint;
  ints?: bigint[];
}

interface WrittenNode {
  name: string;
  opType: string;
  input: string[];
  output: string[];
  attribute: WrittenAttribute[];
}

function writeAttribute(name: string, attribute: Attribute): WrittenAttribute {
  if ('int' in attribute) return { name, type: attributeTypes.int, i: BigInt(attribute.int) };
  if ('float' in attribute) return { name, type: attributeTypes.float, f: attribute.float };
  return { name, type: attributeTypes.ints, ints: attribute.ints.map(BigInt) };
}

export class GraphWriter {
  readonly nodes: WrittenNode[] = [];
  readonly constants: OnnxTensor[] = [];
  /** The name of the value that the chain has come to. */
  value: string;
  /** What the names of the nodes that follow begin with: `layers.0`. */
  place = '';

  constructor(input: string) {
    this.value = input;
  }

  /** Adds a node that takes `inputs`, the present value where they are left out; returns the name of what it gives. */
  node(
    opType: string,
    inputs: readonly string[] = [this.value],
    attributes: Record<string, Attribute> = {},
  ): string {
    const name = this.#unused(`${this.place}.${opType}`);
    this.nodes.push({
      name,
      opType,
      input: [...inputs],
      output: [name],
      attribute: Object.entries(attributes).map(([key, attribute]) => writeAttribute(key, attribute)),
    });
    this.value = name;
    return name;
  }

  /** The last node gives a value of the graph's own. */
  renameValue(name: string): void {
    const last = this.nodes.at(-1);
    if (last !== undefined) last.output = [name];
    this.value = name;
  }

  /** Adds a tensor of the model, in another shape where one is given; returns its name. */
  tensor({ name, shape, data }: NamedTensor, as: readonly number[] = shape): string {
    return this.constant(floatTensor(name, as, data));
  }

  /** A single number. */
  number(name: string, value: number): string {
    return this.constant(floatTensor(this.#unused(`${this.place}.${name}`), [], Float32Array.of(value)));
  }

  constant(tensor: OnnxTensor): string {
    this.constants.push(tensor);
    return tensor.name;
  }

  /** The name, with a number behind it where it is taken. */
  #unused(name: string): string {
    const taken = (candidate: string): boolean =>
      this.nodes.some((node) => node.name === candidate) ||
      this.constants.some((constant) => constant.name === candidate);
    if (!taken(name)) return name;
    for (let number = 2; ; number += 1) if (!taken(`${name}.${number}`)) return `${name}.${number}`;
  }
}
