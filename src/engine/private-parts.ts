import type { Tensor } from '@tensorflow/tfjs';
import type { OpAttribute } from './node-backend.ts';
import { failure } from '../base/diagnostics.ts';
import type { Tf } from './tensorflow.ts';

/** Values on the JavaScript side of the addon. */
export type HostValues = Float32Array | Int32Array | Uint8Array;

/**
 * A tensor on TensorFlow's side of the addon. `id`s count up and are never given out twice; `dtype` is a TF_DataType.
 */
export interface TensorMetadata {
  readonly id: number;
  readonly shape: readonly number[];
  readonly dtype: number;
}

/** The calls of tfjs-node's addon that computations pass through, and the numbers TensorFlow gives to types. */
export interface Binding {
  /** @param values shared with TensorFlow, not copied, until the tensor is deleted */
  createTensor(shape: readonly number[], dtype: number, values: HostValues | readonly Uint8Array[]): number;
  deleteTensor(id: number): void;
  tensorDataSync(id: number): HostValues;
  executeOp(
    name: string,
    attributes: readonly OpAttribute[],
    inputs: readonly number[],
    outputs: number,
  ): TensorMetadata[];
  loadSavedModel(directory: string, tags: string): number;
  deleteSavedModel(session: number): void;
  /** @param feeds @param fetches `node:output`, separated by commas; a tensor of the wrong shape is not noticed */
  runSavedModel(session: number, inputs: readonly number[], feeds: string, fetches: string): TensorMetadata[];
  readonly TF_FLOAT: number;
  readonly TF_INT32: number;
  readonly TF_BOOL: number;
  readonly TF_UINT8: number;
  readonly TF_STRING: number;
  readonly TF_ATTR_STRING: number;
  readonly TF_ATTR_INT: number;
  readonly TF_ATTR_FLOAT: number;
  readonly TF_ATTR_BOOL: number;
  readonly TF_ATTR_TYPE: number;
  readonly TF_ATTR_SHAPE: number;
}

/** What the compiled step needs of tfjs-node beyond its public API. */
export interface PrivateParts {
  /** The addon itself: calls of it are never intercepted. */
  readonly binding: Binding;
  /** The TensorFlow tensor behind a tfjs tensor, uploaded first where it was not yet. */
  idOf(tensor: Tensor): number;
  /** The tfjs tensor that owns a TensorFlow tensor from now on. */
  wrap(metadata: TensorMetadata): Tensor;
  /** Runs `body` with some calls of the addon replaced. */
  intercept<T>(replaced: Partial<Binding>, body: () => T): T;
}

interface Backend {
  binding: Binding;
  getInputTensorIds(tensors: readonly Tensor[]): number[];
  createOutputTensor(metadata: TensorMetadata): Tensor;
}

const CALLS = [
  'createTensor',
  'deleteTensor',
  'tensorDataSync',
  'executeOp',
  'loadSavedModel',
  'deleteSavedModel',
  'runSavedModel',
] as const;
/** tensorflow/c/tf_datatype.h and tf_attrtype.h; the graph's protobuf uses the same numbers for types. */
const NUMBERS = {
  TF_FLOAT: 1,
  TF_INT32: 3,
  TF_UINT8: 4,
  TF_STRING: 7,
  TF_BOOL: 10,
  TF_ATTR_STRING: 0,
  TF_ATTR_INT: 1,
  TF_ATTR_FLOAT: 2,
  TF_ATTR_BOOL: 3,
  TF_ATTR_TYPE: 4,
  TF_ATTR_SHAPE: 5,
} as const;

/**
 * The private parts of the tfjs-node that runs, all of them reached from here alone. They are tfjs-node 4.22.0's;
 * whether this one has them is tried out, not read off its version.
 * @throws UserError `engine-parts` naming the part that is missing or does something else
 */
export function privateParts(tf: Tf): PrivateParts {
  const backend = tf.backend() as ReturnType<Tf['backend']> & Backend;
  const parts: PrivateParts = {
    binding: backend.binding,
    idOf: (tensor) => backend.getInputTensorIds([tensor])[0]!,
    wrap: (metadata) => backend.createOutputTensor(metadata),
    intercept: (replaced, body) => {
      const original = backend.binding;
      // The addon's own properties are read-only, so they can only be covered, not assigned.
      backend.binding = Object.create(original, Object.getOwnPropertyDescriptors(replaced)) as Binding;
      try {
        return body();
      } finally {
        backend.binding = original;
      }
    },
  };
  const problem = missingPart(backend) ?? tf.tidy(() => misbehaviour(tf, parts));
  if (problem !== undefined) {
    throw failure(
      'engine-parts',
      `this tfjs-node is not as it has to be: ${problem}`,
      'Install @tensorflow/tfjs-node 4.22.0, or train with step: eager.',
    );
  }
  return parts;
}

function missingPart(backend: Backend): string | undefined {
  const binding: Partial<Binding> | undefined = backend.binding;
  if (binding === undefined) return 'its backend has no binding';
  for (const call of CALLS) if (typeof binding[call] !== 'function') return `the addon has no ${call}`;
  for (const [name, value] of Object.entries(NUMBERS)) {
    const found = binding[name as keyof typeof NUMBERS];
    if (found !== value) return `${name} is ${found}, not ${value}`;
  }
  for (const method of ['getInputTensorIds', 'createOutputTensor'] as const) {
    if (typeof backend[method] !== 'function') return `its backend has no ${method}`;
  }
  return undefined;
}

/**
 * Adds 1 and 2 with the addon covered: every op has to pass through the cover, and its numbers have to be ours to wrap.
 */
function misbehaviour(tf: Tf, parts: PrivateParts): string | undefined {
  const { binding } = parts;
  const seen: string[] = [];
  const one = parts.idOf(tf.scalar(1));
  const sum = parts.intercept(
    { executeOp: (name, ...rest) => (seen.push(name), binding.executeOp(name, ...rest)) },
    () => tf.add(tf.scalar(1), tf.scalar(2)),
  );
  if (binding.tensorDataSync(one)[0] !== 1) return 'tensor ids do not lead to the values';
  if (seen.length !== 1 || sum.dataSync()[0] !== 3) return 'ops do not pass through its binding';
  const doubled = parts.wrap(binding.executeOp('AddV2', [], [one, one], 1)[0]!);
  return doubled.dataSync()[0] === 2 ? undefined : 'it does not wrap tensors of the addon';
}
