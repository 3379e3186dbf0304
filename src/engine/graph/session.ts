import type { Variable } from '@tensorflow/tfjs';
import { UserError } from '../../base/diagnostics.ts';
import type { Engine, Tf } from '../tensorflow.ts';
import { type HostValues, type PrivateParts, privateParts } from '../private-parts.ts';
import { type Feed, type LoadedGraph, bodyRunner, loadGraph, readState, writeState } from './loaded-graph.ts';
import { TraceRefusal } from './trace-refusal.ts';
import { type Body, type InputSpec, type StepFunction, traceFunction } from './trace.ts';

/** Shapes of the inputs that have another one than the function was compiled for; a shape of the batch, mostly. */
export type Shapes = Readonly<Record<string, readonly number[]>>;

type InputSpecs = Readonly<Record<string, InputSpec>>;

/**
 * Computes a function on the graph's state, for inputs of certain shapes.
 *
 * @returns its outputs, in the order of their dimensions, last one fastest
 * @throws UserError `graph-run` when TensorFlow gives up
 */
export type RunBody = (feed: Feed) => Record<string, HostValues>;

/** A function as part of a session's graph. */
export interface CompiledFunction {
  /**
   * Traces the function for these shapes too, unless it was, so that the next load covers them; what is run without a
   * load after that loads the graph anew.
   * @throws TraceRefusal
   */
  prepare(shapes: Shapes): RunBody;
  /** Runs what `prepare` gives. */
  run(feed: Feed, shapes?: Shapes): ReturnType<RunBody>;
}

/** One TensorFlow session: functions that share variables, which live in it until they are pulled. */
export interface GraphSession {
  /**
   * Traces a function. The variables it uses have to be part of the session's state, and exist before.
   * @param name of its nodes: letters, digits and `_`, once per session
   * @throws TraceRefusal where a graph would compute something else; the function is then to be run as it is
   */
  compile(name: string, fn: StepFunction, inputs: InputSpecs): CompiledFunction;
  /**
   * Hands what was compiled to TensorFlow; runs do it where it is due. From the first time on the graph's state is
   * the true one, and `pull` brings it to the variables.
   * @throws TraceRefusal when TensorFlow does not take the graph; UserError when there is no room or no memory for it
   */
  load(): void;
  /** Copies the graph's state to the tf.Variables. */
  pull(): void;
  /** Copies the tf.Variables to the graph's state. */
  push(): void;
  /** Frees the graph and its state; the tf.Variables stay as they are. */
  dispose(): void;
}

/**
 * Creates a session over all variables that its functions read or change: weights, moving averages, optimizer slots.
 * @throws TraceRefusal where the engine is another than the tfjs-node this is written for, such as wasm
 */
export function createGraphSession(
  { tf }: Pick<Engine, 'tf'>,
  { state }: { readonly state: readonly Variable[] },
): GraphSession {
  const parts = partsOrRefusal(tf);
  const bodies: Body[] = [];
  const names = new Set<string>();
  let loaded: LoadedGraph | undefined;
  let disposed = false;

  const load = (): LoadedGraph => {
    if (disposed) throw new Error('the session is disposed');
    if (loaded?.bodies !== bodies.length) loaded = replaceGraph(parts, loaded, loadGraph(parts, state, bodies));
    return loaded;
  };
  return {
    compile: (name, fn, inputs) => {
      if (names.has(name)) throw new Error(`a function named ${name} is compiled already`);
      names.add(name);
      let proved = false;
      const trace = (own: InputSpecs, prefix: string): Body => {
        const body = traceFunction({ tf, parts, prefix, fn, inputs: own, state, proved });
        proved = true;
        bodies.push(body);
        return body;
      };
      return compiledFunction(name, inputs, trace, load, parts);
    },
    load: () => void load(),
    pull: () => {
      if (loaded === undefined) return;
      readState(parts, loaded).forEach((metadata, index) => {
        const value = parts.wrap(metadata);
        state[index]!.assign(value);
        value.dispose();
      });
    },
    push: () => {
      if (loaded !== undefined) writeState(parts, loaded, idsOf(parts, state));
    },
    dispose: () => {
      if (loaded !== undefined) parts.binding.deleteSavedModel(loaded.id);
      loaded = undefined;
      disposed = true;
    },
  };
}

function idsOf(parts: PrivateParts, state: readonly Variable[]): number[] {
  return state.map((variable) => parts.idOf(variable));
}

/** Gives a new graph its state: from the graph before it, which goes, or else from the variables. */
function replaceGraph(parts: PrivateParts, before: LoadedGraph | undefined, next: LoadedGraph): LoadedGraph {
  if (before === undefined) {
    writeState(parts, next, idsOf(parts, next.state));
  } else {
    const ids = readState(parts, before).map(({ id }) => id);
    writeState(parts, next, ids);
    for (const id of ids) parts.binding.deleteTensor(id);
    parts.binding.deleteSavedModel(before.id);
  }
  return next;
}

function partsOrRefusal(tf: Tf): PrivateParts {
  try {
    return privateParts(tf);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new TraceRefusal(`needs what this engine does not have: ${error.message}`, { cause: error });
  }
}

function compiledFunction(
  name: string,
  inputs: InputSpecs,
  trace: (inputs: InputSpecs, prefix: string) => Body,
  load: () => LoadedGraph,
  parts: PrivateParts,
): CompiledFunction {
  const bodies = new Map<string, RunBody>();
  const prepare = (shapes: Shapes): RunBody => {
    for (const input of Object.keys(shapes)) if (!(input in inputs)) throw new Error(`${name} has no input ${input}`);
    const own = Object.fromEntries(
      Object.entries(inputs).map(([input, spec]) => [input, { ...spec, shape: shapes[input] ?? spec.shape }]),
    );
    const key = JSON.stringify(Object.values(own).map(({ shape }) => shape));
    const run = bodies.get(key) ?? bodyRunner(parts, load, name, trace(own, `${name}/${bodies.size}`));
    bodies.set(key, run);
    return run;
  };
  prepare({});
  return { prepare, run: (feed, shapes = {}) => prepare(shapes)(feed) };
}
