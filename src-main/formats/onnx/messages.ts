// The part of ONNX's protobuf schema that a network of layers needs, with the field numbers that onnx.proto publishes
// (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto3). What else a file holds is skipped by its reader.
import { create, createFileRegistry, type Message } from '@bufbuild/protobuf';
import { messageDesc } from '@bufbuild/protobuf/codegenv2';
import {
  FieldDescriptorProto_Label as Label,
  FieldDescriptorProto_Type as Type,
  FileDescriptorProtoSchema,
} from '@bufbuild/protobuf/wkt';

/** `TensorProto.DataType`, as far as it is used. */
export const dataTypes = { float32: 1, uint8: 2, int64: 7 } as const;
/** `AttributeProto.AttributeType`, as far as it is used. */
export const attributeTypes = { float: 1, int: 2, ints: 7 } as const;

export type OperatorSetIdProto = Message<'onnx.OperatorSetIdProto'> & { domain: string; version: bigint };
export type StringStringEntryProto = Message<'onnx.StringStringEntryProto'> & { key: string; value: string };
export type AttributeProto = Message<'onnx.AttributeProto'> & {
  name: string;
  f: number;
  i: bigint;
  ints: bigint[];
  type: number;
};
export type NodeProto = Message<'onnx.NodeProto'> & {
  input: string[];
  output: string[];
  name: string;
  opType: string;
  attribute: AttributeProto[];
};
export type TensorProto = Message<'onnx.TensorProto'> & {
  dims: bigint[];
  dataType: number;
  name: string;
  /** Row-major, little-endian. */
  rawData: Uint8Array;
};
export type Dimension = Message<'onnx.Dimension'> & { dimValue: bigint; dimParam: string };
export type TensorShapeProto = Message<'onnx.TensorShapeProto'> & { dim: Dimension[] };
export type TensorTypeProto = Message<'onnx.TensorTypeProto'> & {
  elemType: number;
  shape?: TensorShapeProto;
};
export type TypeProto = Message<'onnx.TypeProto'> & { tensorType?: TensorTypeProto };
export type ValueInfoProto = Message<'onnx.ValueInfoProto'> & {
  name: string;
  type?: TypeProto;
  docString: string;
};
export type GraphProto = Message<'onnx.GraphProto'> & {
  node: NodeProto[];
  name: string;
  initializer: TensorProto[];
  docString: string;
  input: ValueInfoProto[];
  output: ValueInfoProto[];
};
export type ModelProto = Message<'onnx.ModelProto'> & {
  irVersion: bigint;
  producerName: string;
  producerVersion: string;
  docString: string;
  graph?: GraphProto;
  opsetImport: OperatorSetIdProto[];
  metadataProps: StringStringEntryProto[];
};

const scalars = {
  string: Type.STRING,
  bytes: Type.BYTES,
  float: Type.FLOAT,
  int32: Type.INT32,
  int64: Type.INT64,
} as const;

/** `[number, type]`: a scalar's or a message's name, in brackets where the field is repeated. */
type FieldTable = Record<string, [number, string | [string]]>;

const isScalar = (type: string): type is keyof typeof scalars => Object.hasOwn(scalars, type);

function messageOf(name: string, fields: FieldTable) {
  return {
    name,
    field: Object.entries(fields).map(([fieldName, [number, given]]) => {
      const isRepeated = typeof given !== 'string';
      const type = isRepeated ? given[0] : given;
      const common = { name: fieldName, number, label: isRepeated ? Label.REPEATED : Label.OPTIONAL };
      return isScalar(type)
        ? { ...common, type: scalars[type] }
        : { ...common, type: Type.MESSAGE, typeName: `.onnx.${type}` };
    }),
  };
}

// The messages that ONNX nests (TensorShapeProto.Dimension, TypeProto.Tensor) stand beside the others here; bytes
// carry no names.
const messages: [string, FieldTable][] = [
  [
    'ModelProto',
    {
      ir_version: [1, 'int64'],
      producer_name: [2, 'string'],
      producer_version: [3, 'string'],
      doc_string: [6, 'string'],
      graph: [7, 'GraphProto'],
      opset_import: [8, ['OperatorSetIdProto']],
      metadata_props: [14, ['StringStringEntryProto']],
    },
  ],
  ['OperatorSetIdProto', { domain: [1, 'string'], version: [2, 'int64'] }],
  ['StringStringEntryProto', { key: [1, 'string'], value: [2, 'string'] }],
  [
    'GraphProto',
    {
      node: [1, ['NodeProto']],
      name: [2, 'string'],
      initializer: [5, ['TensorProto']],
      doc_string: [10, 'string'],
      input: [11, ['ValueInfoProto']],
      output: [12, ['ValueInfoProto']],
    },
  ],
  [
    'NodeProto',
    {
      input: [1, ['string']],
      output: [2, ['string']],
      name: [3, 'string'],
      op_type: [4, 'string'],
      attribute: [5, ['AttributeProto']],
    },
  ],
  [
    'AttributeProto',
    {
      name: [1, 'string'],
      f: [2, 'float'],
      i: [3, 'int64'],
      ints: [8, ['int64']],
      type: [20, 'int32'],
    },
  ],
  [
    'TensorProto',
    {
      dims: [1, ['int64']],
      data_type: [2, 'int32'],
      name: [8, 'string'],
      raw_data: [9, 'bytes'],
    },
  ],
  ['ValueInfoProto', { name: [1, 'string'], type: [2, 'TypeProto'], doc_string: [3, 'string'] }],
  ['TypeProto', { tensor_type: [1, 'TensorTypeProto'] }],
  ['TensorTypeProto', { elem_type: [1, 'int32'], shape: [2, 'TensorShapeProto'] }],
  ['TensorShapeProto', { dim: [1, ['Dimension']] }],
  ['Dimension', { dim_value: [1, 'int64'], dim_param: [2, 'string'] }],
];

function readSchema() {
  const fileName = 'onnx.proto';
  const file = create(FileDescriptorProtoSchema, {
    name: fileName,
    package: 'onnx',
    syntax: 'proto3',
    messageType: messages.map(([name, fields]) => messageOf(name, fields)),
  });
  const described = createFileRegistry(file, () => undefined).getFile(fileName);
  if (described === undefined) throw new Error('The schema of ONNX has no file.');
  return described;
}

/** A whole file. */
export const modelProto = messageDesc<ModelProto>(readSchema(), 0);
