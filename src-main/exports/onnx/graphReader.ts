// Goes through the nodes of a graph that graphWriter.ts put together, and trusts nothing of it: that each node takes the
// value before it, that it has the attributes and constants it must have.
import { WeftError } from '../../../src-shared/failure.ts';
import { float32Of } from '../../../src-shared/schemas/bytes.ts';
import { dataTypes, type GraphProto, type NodeProto, type TensorProto } from '../../formats/onnx/messages.ts';

/** A node that was taken, for what is asked of it. */
export interface TakenNode {
  /** The name of the value that it gives. */
  output: string;
  ints(name: string): number[];
  /** Rounded to the seven digits that a 32-bit float holds, as the number was before. */
  float(name: string): number;
  /** The constant that is the node's input at `place`. */
  floats(place: number): { shape: number[]; data: Float32Array };
  integers(place: number): number[];
  expectInt(name: string, value: number): void;
  expectFloat(name: string, value: number): void;
  expectInts(name: string, values: readonly number[]): void;
  expectConstant(place: number, value: number): void;
}

const floatDigits = 7;

export class GraphReader {
  /** The name of the value that the chain has come to. */
  value: string;
  readonly #nodes: readonly NodeProto[];
  readonly #constants: ReadonlyMap<string, TensorProto>;
  readonly #fileName: string;
  #next = 0;

  constructor(graph: GraphProto | undefined, input: string, fileName: string) {
    this.value = input;
    this.#nodes = graph?.node ?? [];
    this.#constants = new Map((graph?.initializer ?? []).map((tensor) => [tensor.name, tensor]));
    this.#fileName = fileName;
  }

  /** Whether there are nodes left. */
  get hasMore(): boolean {
    return this.#next < this.#nodes.length;
  }

  /** The kind of the next node. */
  get nextType(): string {
    return this.#nodes[this.#next]?.opType ?? 'nothing';
  }

  isNext(opType: string, ahead = 0): boolean {
    return this.#nodes[this.#next + ahead]?.opType === opType;
  }

  /** Goes on by a node of that kind, whose inputs begin with `inputs`: the present value where they are left out. */
  take(opType: string, inputs: readonly string[] = [this.value]): TakenNode {
    const node = this.#nodes[this.#next];
    if (node?.opType !== opType) throw this.fault(`${opType} is missing before ${this.nextType}`);
    const [output] = node.output;
    if (output === undefined) throw this.fault(`${node.name} gives nothing`);
    if (inputs.some((name, place) => node.input[place] !== name)) {
      throw this.fault(`${node.name} takes ${node.input.join(' and ')} instead of ${inputs.join(' and ')}`);
    }
    this.#next += 1;
    this.value = output;
    return this.#access(node, output);
  }

  /** The error for a graph that isn't as Weft writes them. */
  fault(what: string): WeftError {
    return new WeftError(
      'onnx.other-graph',
      `The graph of "${this.#fileName}" is not one that Weft writes: ${what}.`,
    );
  }

  #access(node: NodeProto, output: string): TakenNode {
    const attribute = (name: string) => {
      const found = node.attribute.find((one) => one.name === name);
      if (found === undefined) throw this.fault(`${node.name} has no ${name}`);
      return found;
    };
    const constant = (place: number): TensorProto => {
      const found = this.#constants.get(node.input[place] ?? '');
      if (found === undefined) throw this.fault(`input ${place} of ${node.name} is not a constant`);
      return found;
    };
    const read: TakenNode = {
      output,
      ints: (name) => attribute(name).ints.map(Number),
      float: (name) => Number(attribute(name).f.toPrecision(floatDigits)),
      floats: (place) => {
        const { dataType, dims, rawData, name } = constant(place);
        const shape = dims.map(Number);
        const length = shape.reduce((product, size) => product * size, 1);
        if (dataType !== dataTypes.float32 || rawData.length !== 4 * length) {
          throw this.fault(`${name} is not made of ${length} 32-bit floats`);
        }
        return { shape, data: float32Of(rawData) };
      },
      integers: (place) => {
        const { dataType, rawData, name } = constant(place);
        if (dataType !== dataTypes.int64) throw this.fault(`${name} is not made of 64-bit integers`);
        return Array.from(new BigInt64Array(new Uint8Array(rawData).buffer), Number);
      },
      expectInt: (name, value) => {
        if (attribute(name).i !== BigInt(value)) throw this.fault(`${name} of ${node.name} is not ${value}`);
      },
      expectFloat: (name, value) => {
        if (attribute(name).f !== Math.fround(value))
          throw this.fault(`${name} of ${node.name} is not ${value}`);
      },
      expectInts: (name, values) => {
        const given = read.ints(name).join();
        if (given !== values.join())
          throw this.fault(`${name} of ${node.name} is ${given}, not ${values.join()}`);
      },
      expectConstant: (place, value) => {
        const [given] = read.floats(place).data;
        if (given !== Math.fround(value)) throw this.fault(`${node.name} takes ${given}, not ${value}`);
      },
    };
    return read;
  }
}
