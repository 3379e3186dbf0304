import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Variable } from '@tensorflow/tfjs';
import { failure } from '../../base/diagnostics.ts';
import type { Engine } from '../engine.ts';
import { type HostValues, type PrivateParts, privateParts } from '../private.ts';
import { type Node, savedModel } from './graph-def.ts';
import { TraceRefusal, stateNode, typeNumber } from './recorder.ts';
import { type Body, type InputSpec, type StepFunction, traceFunction } from './trace.ts';

/** Shapes of the inputs that have another one than the function was compiled for; a shape of the batch, mostly. */
export type Shapes = Readonly<Record<string, readonly number[]>>;

/** Values of the inputs, each of the type its spec names; a plain number for a scalar. */
export type Feed = Readonly<Record<string, HostValues | number>>;

/** A function as part of a session's graph. */
export interface CompiledFunction {
  /**
   * Traces the function for these shapes too, so that the next load covers them; without it the first run of a new
   * shape does, which loads the graph anew.
   * @throws TraceRefusal
   */
  prepare(shapes: Shapes): void;
  /**
   * Computes the function on the graph's state.
   * @returns its outputs, in the order of their dimensions, last one fastest
   * @throws TraceRefusal for a shape it was not prepared for, UserError `graph-run` when TensorFlow gives up
   */
  run(feed: Feed, shapes?: Shapes): Record<string, HostValues>;
}

/** One TensorFlow session: functions that share variables, which live in it until they are pulled. */
export interface GraphSession {
  /**
   * Traces a function. The variables it uses have to be part of the session's state, and exist before.
   * @param name of its nodes: letters, digits and `_`, once per session
   * @throws TraceRefusal where a graph would compute something else; the function is then to be run as it is
   */
  compile(name: string, fn: StepFunction, inputs: Readonly<Record<string, InputSpec>>): CompiledFunction;
  /**
   * Hands what was compiled to TensorFlow; runs do it where it is due. From the first time on the graph's state is
   * the true one, and `pull` brings it to the variables.
   * @throws TraceRefusal when TensorFlow does not take the graph
   */
  load(): void;
  /** Copies the graph's state to the tf.Variables. */
  pull(): void;
  /** Copies the tf.Variables to the graph's state. */
  push(): void;
  /** Frees the graph and its state; the tf.Variables stay as they are. */
  dispose(): void;
}

/** Creates a session over all variables that its functions read or change: weights, moving averages, optimizer slots. */
export function createGraphSession({ tf }: Pick<Engine, 'tf'>, { state }: { readonly state: readonly Variable[] }): GraphSession {
  const parts = privateParts(tf);
  const bodies: Body[] = [];
  const names = new Set<string>();
  let loaded: LoadedGraph | undefined;
  let disposed = false;

  const session: GraphSession = {
    compile: (name, fn, inputs) => {
      if (names.has(name)) throw new Error(`a function named ${name} is compiled already`);
      names.add(name);
      const trace = (own: Readonly<Record<string, InputSpec>>, prefix: string): Body => {
        const body = traceFunction({ tf, parts, prefix, fn, inputs: own, state });
        bodies.push(body);
        return body;
      };
      return compiledFunction(name, inputs, trace, (body, feed) => {
        session.load();
        return runBody(parts, loaded!, name, body, feed);
      });
    },
    load: () => {
      if (disposed) throw new Error('the session is disposed');
      if (loaded?.bodies === bodies.length) return;
      const next = loadGraph(parts, state, bodies);
      if (loaded === undefined) {
        writeState(parts, next, state.map((variable) => parts.idOf(variable)));
      } else {
        const values = readState(parts, loaded);
        writeState(parts, next, values.map(({ id }) => id));
        for (const { id } of values) parts.binding.deleteTensor(id);
        parts.binding.deleteSavedModel(loaded.id);
      }
      loaded = next;
    },
    pull: () => {
      if (loaded === undefined) return;
      readState(parts, loaded).forEach((metadata, index) => {
        const value = parts.wrap(metadata);
        state[index]!.assign(value);
        value.dispose();
      });
    },
    push: () => {
      if (loaded !== undefined) writeState(parts, loaded, state.map((variable) => parts.idOf(variable)));
    },
    dispose: () => {
      if (loaded !== undefined) parts.binding.deleteSavedModel(loaded.id);
      loaded = undefined;
      disposed = true;
    },
  };
  return session;
}

function compiledFunction(
  name: string,
  inputs: Readonly<Record<string, InputSpec>>,
  trace: (inputs: Readonly<Record<string, InputSpec>>, prefix: string) => Body,
  run: (body: Body, feed: Feed) => Record<string, HostValues>,
): CompiledFunction {
  const bodies = new Map<string, Body>();
  const bodyFor = (shapes: Shapes): Body => {
    for (const input of Object.keys(shapes)) if (!(input in inputs)) throw new Error(`${name} has no input ${input}`);
    const own = Object.fromEntries(Object.entries(inputs).map(([input, spec]) => [input, { ...spec, shape: shapes[input] ?? spec.shape }]));
    const key = JSON.stringify(Object.values(own).map(({ shape }) => shape));
    const body = bodies.get(key) ?? trace(own, `${name}/${bodies.size}`);
    bodies.set(key, body);
    return body;
  };
  bodyFor({});
  return {
    prepare: (shapes) => void bodyFor(shapes),
    run: (feed, shapes = {}) => run(bodyFor(shapes), feed),
  };
}

interface LoadedGraph {
  /** Of the addon's list of sessions. */
  readonly id: number;
  readonly state: readonly Variable[];
  /** How many bodies the graph holds. */
  readonly bodies: number;
}

function loadGraph(parts: PrivateParts, state: readonly Variable[], bodies: readonly Body[]): LoadedGraph {
  const directory = mkdtempSync(join(tmpdir(), 'layerline-graph-'));
  try {
    const nodes = [...stateNodes(parts, state), ...bodies.flatMap((body) => body.nodes)];
    writeFileSync(join(directory, 'saved_model.pb'), savedModel(nodes));
    return { id: parts.binding.loadSavedModel(directory, 'serve'), state, bodies: bodies.length };
  } catch (error) {
    throw new TraceRefusal(`makes a graph that TensorFlow does not take (${firstLine(error)})`, { cause: error });
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** For each variable: the resource, how to read it, and how to write it. */
function stateNodes({ binding }: PrivateParts, state: readonly Variable[]): Node[] {
  const nodes = state.flatMap((variable, index): Node[] => {
    const name = stateNode(index);
    const type = { type: typeNumber(binding, variable.dtype) };
    const shape = { shape: variable.shape };
    return [
      { name, op: 'VarHandleOp', inputs: [], attributes: { dtype: type, shape, shared_name: { s: name } } },
      { name: `${name}/read`, op: 'ReadVariableOp', inputs: [name], attributes: { dtype: type } },
      { name: `${name}/value`, op: 'Placeholder', inputs: [], attributes: { dtype: type, shape } },
      // Memory that JavaScript lent must not end up in a variable: TensorFlow would give it back on a thread of its own.
      { name: `${name}/copy`, op: 'DeepCopy', inputs: [`${name}/value`], attributes: { T: type } },
      { name: `${name}/write`, op: 'AssignVariableOp', inputs: [name, `${name}/copy`], attributes: { dtype: type } },
    ];
  });
  const writes = state.map((_, index) => `^${stateNode(index)}/write`);
  const bool = { type: binding.TF_BOOL };
  const written: Node[] = [
    { name: 'state/all', op: 'NoOp', inputs: writes, attributes: {} },
    { name: 'state/flag', op: 'Placeholder', inputs: [], attributes: { dtype: bool, shape: { shape: [] } } },
    { name: 'state/written', op: 'Identity', inputs: ['state/flag', '^state/all'], attributes: { T: bool } },
  ];
  return [...nodes, ...written];
}

function readState({ binding }: PrivateParts, graph: LoadedGraph) {
  const reads = graph.state.map((_, index) => `${stateNode(index)}/read:0`);
  return reads.length === 0 ? [] : binding.runSavedModel(graph.id, [], '', reads.join(','));
}

function writeState({ binding }: PrivateParts, graph: LoadedGraph, ids: readonly number[]): void {
  const flag = binding.createTensor([], binding.TF_BOOL, Uint8Array.of(1));
  const feeds = ['state/flag:0', ...ids.map((_, index) => `${stateNode(index)}/value:0`)];
  const [written] = binding.runSavedModel(graph.id, [flag, ...ids], feeds.join(','), 'state/written:0');
  for (const id of [flag, written!.id]) binding.deleteTensor(id);
}

function runBody({ binding }: PrivateParts, graph: LoadedGraph, name: string, body: Body, feed: Feed): Record<string, HostValues> {
  const values = body.feeds.map((input) => checkedValues(name, input, feed[input.name]));
  for (const input of Object.keys(feed)) if (!body.feeds.some((known) => known.name === input)) throw new Error(`${name} has no input ${input}`);
  const ids = body.feeds.map(({ shape, dtype }, k) => binding.createTensor(shape, typeNumber(binding, dtype), values[k]!));
  try {
    const feeds = body.feeds.map(({ node }) => `${node}:0`).join(',');
    const fetches = body.fetches.map(({ node }) => `${node}:0`).join(',');
    const results = binding.runSavedModel(graph.id, ids, feeds, fetches);
    return Object.fromEntries(results.map(({ id }, k) => {
      const output = binding.tensorDataSync(id);
      binding.deleteTensor(id);
      return [body.fetches[k]!.name, output];
    }));
  } catch (error) {
    throw failure('graph-run', `TensorFlow stopped in ${name}: ${firstLine(error)}`, 'A smaller batch needs less memory; step: eager runs the same computation op by op.', error);
  } finally {
    for (const id of ids) binding.deleteTensor(id);
  }
}

const ARRAYS = { float32: Float32Array, int32: Int32Array, uint8: Uint8Array } as const;

/** TensorFlow takes a tensor of any shape for a placeholder, so everything is looked at here. */
function checkedValues(name: string, input: Body['feeds'][number], given: HostValues | number | undefined): HostValues {
  const expected = ARRAYS[input.dtype];
  const values = typeof given === 'number' ? expected.of(given) : given;
  const what = `input ${input.name} of ${name}`;
  if (values === undefined) throw new Error(`${what} is missing`);
  if (!(values instanceof expected)) throw new Error(`${what} takes ${expected.name}, not ${(values as object).constructor.name}`);
  const size = input.shape.reduce((product, extent) => product * extent, 1);
  if (values.length !== size) throw new Error(`${what} has shape [${input.shape.join(', ')}] and takes ${size} values, not ${values.length}`);
  return values;
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0]!;
}
