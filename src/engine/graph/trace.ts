import { isDeepStrictEqual } from 'node:util';
import type { Tensor, Variable } from '@tensorflow/tfjs';
import type { Tf } from '../tensorflow.ts';
import type { PrivateParts } from '../private-parts.ts';
import type { Node } from './graph-def.ts';
import { Execution } from './execution.ts';
import type { FusedUpdate } from './fused-update.ts';
import { OUTSIDE, Recorder } from './recorder.ts';
import { TraceRefusal } from './trace-refusal.ts';
import { renew, typeNumber } from './tensors.ts';

/**
 * Named tensors to named tensors; may update variables on the way. Called inside `tf.tidy`; an output that `tf.keep`
 * holds is disposed by the caller.
 */
export type StepFunction = (inputs: Record<string, Tensor>) => Record<string, Tensor>;

/** An input of a compiled function. `uint8` crosses as bytes and arrives in the function as float32. */
export interface InputSpec {
  readonly dtype: 'float32' | 'int32' | 'uint8';
  readonly shape: readonly number[];
}

/** A function for inputs of certain shapes, as nodes of a session's graph. */
export interface Body {
  readonly nodes: readonly Node[];
  readonly feeds: readonly (InputSpec & { readonly name: string; readonly node: string })[];
  readonly fetches: readonly { readonly name: string; readonly node: string }[];
}

/** What a trace works on. */
export interface TraceRequest {
  readonly tf: Tf;
  readonly parts: PrivateParts;
  /** Of all nodes' names. */
  readonly prefix: string;
  readonly fn: StepFunction;
  readonly inputs: Readonly<Record<string, InputSpec>>;
  readonly state: readonly Variable[];
  /** The function was traced for other shapes, and two runs did not differ. */
  readonly proved: boolean;
}

let active: Recorder | undefined;

/**
 * Updates variables by an op of TensorFlow's that has no eager counterpart in tfjs-node.
 *
 * @param eager the same update in TensorFlow.js ops: runs instead, unless the call is being compiled
 */
export function applyFused(update: FusedUpdate, eager: () => void): void {
  if (active === undefined) eager();
  else active.fuse(update);
}

/** Whether what is computed now is being compiled. */
export function isCompiled(): boolean {
  return active !== undefined;
}

/** The recording under way. */
export function activeRecorder(): Recorder {
  return active!;
}

/**
 * Records the function as a graph by running it on zeros, twice unless it has proved itself; no variable has changed
 * afterwards.
 *
 * @throws TraceRefusal where a graph would not compute what the function does: when it reads computed values, or
 * when two runs differ, such as by random numbers drawn in JavaScript
 */
export function traceFunction(request: TraceRequest): Body {
  const execution = new Execution(request.parts.binding, true);
  try {
    return traceProved(request, execution);
  } catch (error) {
    if (error instanceof TraceRefusal) throw error;
    // Results that stand for others may not suit an op: they may be indices, out of a smaller table. A true failure
    // comes again.
    return traceProved(request, new Execution(request.parts.binding, false));
  } finally {
    execution.dispose();
  }
}

function traceProved(request: TraceRequest, execution: Execution): Body {
  const outputs: Tensor[] = [];
  const trace = () => traceOnce(request, execution, outputs);
  let body = trace();
  let difference: string | undefined;
  // The first run may differ by what it leaves for later ones: constants uploaded on first use, caches of layers.
  for (let repeats = 0; repeats < 2 && !request.proved; repeats++) {
    const next = trace();
    difference = firstDifference(body.nodes, next.nodes);
    body = next;
    if (difference === undefined) break;
  }
  if (difference !== undefined) throw new TraceRefusal(difference);
  request.tf.dispose(outputs);
  return body;
}

/** @param made takes the tensors that the function gave out: they may be kept, and so be left to dispose */
function traceOnce(
  { tf, parts, prefix, fn, inputs: specs, state }: TraceRequest,
  execution: Execution,
  made: Tensor[],
): Body {
  let body: Body | undefined;
  tf.tidy(() =>
    withStateKept(tf, parts, state, () => {
      const recorder = new Recorder(parts, prefix, state, execution, (id) => describeOutside(tf, parts, id));
      const inputs: Record<string, Tensor> = {};
      const feeds = Object.entries(specs).map(([name, spec]) => {
        const tensor = tf.zeros([...spec.shape], spec.dtype === 'int32' ? 'int32' : 'float32');
        inputs[name] = tensor;
        return { ...spec, name, node: recorder.input(tensor, typeNumber(parts.binding, spec.dtype)) };
      });
      const newest = tf.scalar(0).id;
      const fetches = record(recorder, parts, () => {
        const outputs = Object.entries(fn(inputs));
        made.push(...outputs.map(([, tensor]) => tensor).filter(({ id }) => id > newest));
        return recorder
          .finish(outputs.map(([, tensor]) => tensor))
          .map((node, k) => ({ name: outputs[k]?.[0] ?? '', node }));
      });
      body = { nodes: recorder.nodes, feeds, fetches };
    }),
  );
  return body!;
}

function record<T>(recorder: Recorder, parts: PrivateParts, body: () => T): T {
  const outer = active;
  active = recorder;
  try {
    return parts.intercept(recorder.calls(), body);
  } finally {
    active = outer;
  }
}

/** Runs `body` with every variable of the state on a tensor of its own, and sets all variables back. */
function withStateKept(tf: Tf, parts: PrivateParts, state: readonly Variable[], body: () => void): void {
  const before = new Map(
    Object.values(tf.engine().registeredVariables).map((variable) => [variable, tf.clone(variable as Tensor)]),
  );
  try {
    for (const variable of state) renew(parts, variable);
    const held = new Map([...before.keys()].map((variable) => [variable, variable.dataId]));
    body();
    for (const variable of Object.values(tf.engine().registeredVariables)) {
      if (!before.has(variable))
        throw new TraceRefusal(`makes the variable ${variable.name}, which has to exist before`);
      if (!state.includes(variable) && held.get(variable) !== variable.dataId)
        throw new TraceRefusal(`updates the variable ${variable.name}, which is not part of its state`);
    }
  } finally {
    for (const variable of Object.values(tf.engine().registeredVariables)) {
      const value = before.get(variable);
      if (value === undefined) variable.dispose();
      else variable.assign(value);
    }
  }
}

function describeOutside(tf: Tf, parts: PrivateParts, id: number): string | undefined {
  const variable = Object.values(tf.engine().registeredVariables).find((candidate) => parts.idOf(candidate) === id);
  return variable && `uses the variable ${variable.name}, which is not part of its state`;
}

function firstDifference(first: readonly Node[], second: readonly Node[]): string | undefined {
  const at = first.findIndex((node, k) => !isDeepStrictEqual(node, second[k]));
  const [a, b] = [first[at], second[at]];
  if (a === undefined) return first.length === second.length ? undefined : 'computes something else when it runs again';
  if (a.op !== 'Const' || b?.op !== 'Const') return 'computes something else when it runs again';
  if (a.name.includes(OUTSIDE)) return 'keeps tensors from one run to the next that are not variables';
  const user = first.find((node) => node.inputs.includes(a.name));
  return `takes other numbers from JavaScript when it runs again (for ${user?.op ?? 'a result'}), such as random ones`;
}
