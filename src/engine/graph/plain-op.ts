import type { OpAttribute } from '../node-backend.ts';
import type { TensorMetadata } from '../private-parts.ts';

/** An op as a graph is to have it. */
interface PlainOp {
  readonly name: string;
  /** Ids of tensors. */
  readonly inputs: readonly number[];
  readonly attributes: readonly OpAttribute[];
}

/** What an eager call is called in a graph: the same computation, where the eager name is a detour. */
export function plainOp(
  name: string,
  inputs: readonly number[],
  attributes: readonly OpAttribute[],
  results: readonly TensorMetadata[],
): PlainOp {
  if (name === 'BatchMatMulV2' && results[0]!.shape.length === 2)
    return {
      name: 'MatMul',
      inputs,
      attributes: attributes.map((one) => ({ ...one, name: matMulAttributes[one.name] ?? one.name })),
    };
  return name.startsWith('_MklNative')
    ? plainMkl(name.slice('_MklNative'.length), inputs, attributes)
    : { name, inputs, attributes };
}

/**
 * TensorFlow.js multiplies matrices as batches of one; as such, TensorFlow splits small ones among threads at a loss
 * (LSTM(64): a third of a step's time).
 */
const matMulAttributes: Readonly<Record<string, string>> = { adj_x: 'transpose_a', adj_y: 'transpose_b' };

/** oneDNN's ops exist outside of graphs only under their own names; a graph finds them by the plain ones. */
function plainMkl(name: string, inputs: readonly number[], attributes: readonly OpAttribute[]): PlainOp {
  return {
    name,
    // The fourth input is the workspace that the forward op of oneDNN left.
    inputs: name === 'MaxPoolGrad' ? inputs.slice(0, 3) : inputs,
    attributes: attributes.filter(
      (attribute) => attribute.name !== '_kernel' && attribute.name !== 'workspace_enabled',
    ),
  };
}

/**
 * Whether an op gives its first input as it is: gradients of TensorFlow.js cast and reshape to what a tensor is
 * already.
 */
export function changesNothing(
  name: string,
  attributes: readonly OpAttribute[],
  before: readonly number[] | undefined,
  after: readonly number[] | undefined,
): boolean {
  const valueOf = (attribute: string) => attributes.find((one) => one.name === attribute)?.value;
  if (name === 'Cast') return valueOf('SrcT') === valueOf('DstT');
  return name === 'Reshape' && before !== undefined && String(before) === String(after);
}
