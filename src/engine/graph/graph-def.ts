import type { HostValues } from '../private-parts.ts';
import { bytes, float, integer, message } from './protobuf.ts';

/** The value of a node's attribute; types are numbers of TF_DataType, which are those of DataType too. */
export type Attribute =
  | { readonly s: string }
  | { readonly i: number | readonly number[] }
  | { readonly f: number | readonly number[] }
  | { readonly b: boolean | readonly boolean[] }
  | { readonly type: number }
  | { readonly shape: readonly number[] }
  | { readonly tensor: Uint8Array };

/** One operation of a graph. */
export interface Node {
  readonly name: string;
  readonly op: string;
  /** `node`, `node:output`, or `^node` for one that only has to have run before; those come last. */
  readonly inputs: string[];
  readonly attributes: Readonly<Record<string, Attribute>>;
}

const FLOAT = 1;
const INT32 = 3;

function shapeFields(shape: readonly number[]): Buffer[] {
  return shape.map((size) => message(2, integer(1, size)));
}

/** A TensorProto, for a Const's `value`. A tensor of one value throughout is written as that value. */
export function tensorAttribute(dtype: number, shape: readonly number[], values: HostValues): Attribute {
  const head = [integer(1, dtype), message(2, ...shapeFields(shape))];
  const raw = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  const first = values[0];
  const splat =
    (dtype === FLOAT || dtype === INT32) && first !== undefined && values.every((value) => Object.is(value, first));
  if (!splat) return { tensor: Buffer.concat([...head, bytes(4, raw)]) };
  return { tensor: Buffer.concat([...head, dtype === FLOAT ? float(5, first) : integer(7, first)]) };
}

function list<T>(value: T | readonly T[], field: number, encode: (field: number, value: T) => Buffer): Buffer {
  return Array.isArray(value)
    ? message(1, ...(value as readonly T[]).map((item) => encode(field, item)))
    : encode(field, value as T);
}

/** The fields of AttrValue and of its ListValue have the same numbers. */
function attributeFields(attribute: Attribute): Buffer {
  if ('s' in attribute) return bytes(2, attribute.s);
  if ('i' in attribute) return list(attribute.i, 3, integer);
  if ('f' in attribute) return list(attribute.f, 4, float);
  if ('b' in attribute) return list(attribute.b, 5, integer);
  if ('type' in attribute) return integer(6, attribute.type);
  if ('shape' in attribute) return message(7, ...shapeFields(attribute.shape));
  return bytes(8, attribute.tensor);
}

function nodeFields(node: Node): Buffer {
  return Buffer.concat([
    bytes(1, node.name),
    bytes(2, node.op),
    ...node.inputs.map((input) => bytes(3, input)),
    ...Object.entries(node.attributes).map(([name, value]) =>
      message(5, bytes(1, name), message(2, attributeFields(value))),
    ),
  ]);
}

/**
 * The content of a `saved_model.pb` that holds one graph under the tag `serve`, without signatures or checkpoints:
 * tensorflow/core/protobuf/{saved_model,meta_graph}.proto, tensorflow/core/framework/{graph,node_def,attr_value}.proto.
 */
export function savedModel(nodes: readonly Node[]): Buffer {
  // The GraphDef version of TF 2.21, and the oldest reader that may take it (tensorflow/core/public/version.h).
  const versions = message(4, integer(1, 2441), integer(2, 12));
  const graph = message(2, ...nodes.map((node) => message(1, nodeFields(node))), versions);
  return Buffer.concat([integer(1, 1), message(2, message(1, bytes(4, 'serve')), graph)]);
}
