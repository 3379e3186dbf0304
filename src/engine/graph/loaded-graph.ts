import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Variable } from '@tensorflow/tfjs';
import { UserError, failure } from '../../base/diagnostics.ts';
import { explainOutOfMemory } from '../../base/out-of-memory.ts';
import { temporaryFolder } from '../../base/temporary-folder.ts';
import { explainWrongIndex } from '../../base/wrong-indices.ts';
import type { HostValues, PrivateParts, TensorMetadata } from '../private-parts.ts';
import { type Node, savedModel } from './graph-def.ts';
import { stateNode } from './recorder.ts';
import { TraceRefusal } from './trace-refusal.ts';
import { typeNumber } from './tensors.ts';
import type { Body } from './trace.ts';

/** Values of the inputs, each of the type its spec names; a plain number for a scalar. */
export type Feed = Readonly<Record<string, HostValues | number>>;

/** A graph in a TensorFlow session of its own. */
export interface LoadedGraph {
  /** Of the addon's list of sessions. */
  readonly id: number;
  readonly state: readonly Variable[];
  /** How many bodies the graph holds. */
  readonly bodies: number;
}

/**
 * Hands the bodies to TensorFlow; the variables have no values yet.
 *
 * @throws TraceRefusal when it does not take them; UserError when what is around does not let it: no room for the file
 * that it reads them from, or no memory. To compute the same op by op would give other bits.
 */
export function loadGraph(parts: PrivateParts, state: readonly Variable[], bodies: readonly Body[]): LoadedGraph {
  const graph = savedModel([...stateNodes(parts, state), ...bodies.flatMap(({ nodes }) => nodes.map(addedInOrder))]);
  const directory = inTemporaryFolder(() => temporaryFolder('graph'));
  const file = join(directory, 'saved_model.pb');
  try {
    inTemporaryFolder(() => writeFileSync(file, graph));
    return { id: loadFile(parts, directory), state, bodies: bodies.length };
  } catch (error) {
    if (!(error instanceof TraceRefusal) || inTemporaryFolder(() => readFileSync(file)).equals(graph)) throw error;
    throw notWritten(`${file} was changed meanwhile`, error);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/**
 * TensorFlow makes one AddN of additions that follow each other, and AddN begins with an input that nothing else holds
 * at the moment: which one that is changes with each run, and the bits of the sum with it. It leaves alone what it has
 * marked as rewritten (kAddOpsRewriteTag of grappler/optimizers/arithmetic_optimizer.cc; kernels/aggregate_ops.cc).
 */
function addedInOrder(node: Node): Node {
  if (node.op !== 'Add' && node.op !== 'AddV2') return node;
  return { ...node, attributes: { ...node.attributes, _grappler_ArithmeticOptimizer_AddOpsRewriteStage: { b: true } } };
}

function loadFile({ binding }: PrivateParts, directory: string): number {
  try {
    return binding.loadSavedModel(directory, 'serve');
  } catch (error) {
    const known = explainOutOfMemory(error);
    if (known instanceof UserError) throw known;
    if (/too many open files/i.test(String(error)))
      throw failure(
        'graph-not-loaded',
        `TensorFlow cannot take up the compiled step: ${firstLine(error)}`,
        'Let a process have more files open: `ulimit -n 4096`.',
        error,
      );
    throw new TraceRefusal(`makes a graph that TensorFlow does not take (${firstLine(error)})`, { cause: error });
  }
}

function inTemporaryFolder<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw notWritten((error as Error).message, error);
  }
}

function notWritten(why: string, cause: unknown): UserError {
  return failure(
    'graph-not-written',
    `the compiled step cannot be written for TensorFlow in ${tmpdir()}: ${why}`,
    'It takes some megabytes for a moment: make room there, or name another folder, TMPDIR=FOLDER.',
    cause,
  );
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
      // Memory that JavaScript lent must not end up in a variable: TensorFlow would give it back on a thread of its
      // own.
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

/** The values of all variables, as tensors of the addon that the caller has to delete. */
export function readState({ binding }: PrivateParts, graph: LoadedGraph): TensorMetadata[] {
  const reads = graph.state.map((_, index) => `${stateNode(index)}/read:0`);
  return reads.length === 0 ? [] : binding.runSavedModel(graph.id, [], '', reads.join(','));
}

/** Sets all variables; the tensors stay the caller's. */
export function writeState({ binding }: PrivateParts, graph: LoadedGraph, ids: readonly number[]): void {
  const flag = binding.createTensor([], binding.TF_BOOL, Uint8Array.of(1));
  const feeds = ['state/flag:0', ...ids.map((_, index) => `${stateNode(index)}/value:0`)];
  const [written] = binding.runSavedModel(graph.id, [flag, ...ids], feeds.join(','), 'state/written:0');
  for (const id of [flag, written!.id]) binding.deleteTensor(id);
}

/**
 * Makes ready to run one body, again and again.
 *
 * @param load gives the graph that holds the body
 * @param name of the function, for messages
 * @returns throws UserError when TensorFlow gives up: `graph-run`, or what it means
 */
export function bodyRunner(
  { binding }: PrivateParts,
  load: () => LoadedGraph,
  name: string,
  { feeds, fetches }: Body,
): (feed: Feed) => Record<string, HostValues> {
  const known = new Set(feeds.map((input) => input.name));
  const nodesOf = (ends: readonly { readonly node: string }[]) => ends.map(({ node }) => `${node}:0`).join(',');
  const [fed, fetched] = [nodesOf(feeds), nodesOf(fetches)];
  const types = feeds.map(({ dtype }) => typeNumber(binding, dtype));
  return (feed) => {
    const values = feeds.map((input) => checkedValues(name, input, feed[input.name]));
    for (const input of Object.keys(feed)) if (!known.has(input)) throw new Error(`${name} has no input ${input}`);
    const { id } = load();
    const ids = feeds.map(({ shape }, k) => binding.createTensor(shape, types[k]!, values[k]!));
    try {
      const results = binding.runSavedModel(id, ids, fed, fetched);
      return Object.fromEntries(
        results.map((result, k) => {
          const output = binding.tensorDataSync(result.id);
          binding.deleteTensor(result.id);
          return [fetches[k]!.name, output];
        }),
      );
    } catch (error) {
      const known = explainWrongIndex(explainOutOfMemory(error));
      throw known instanceof UserError
        ? known
        : failure(
            'graph-run',
            `TensorFlow stopped in ${name}: ${firstLine(error)}`,
            '`--set train.step=eager` runs the same computation op by op.',
            error,
          );
    } finally {
      for (const one of ids) binding.deleteTensor(one);
    }
  };
}

const ARRAYS = { float32: Float32Array, int32: Int32Array, uint8: Uint8Array } as const;

/** TensorFlow takes a tensor of any shape for a placeholder, so everything is looked at here. */
function checkedValues(name: string, input: Body['feeds'][number], given: HostValues | number | undefined): HostValues {
  const expected = ARRAYS[input.dtype];
  const values = typeof given === 'number' ? expected.of(given) : given;
  const what = `input ${input.name} of ${name}`;
  if (values === undefined) throw new Error(`${what} is missing`);
  if (!(values instanceof expected))
    throw new Error(`${what} takes ${expected.name}, not ${(values as object).constructor.name}`);
  const size = input.shape.reduce((product, extent) => product * extent, 1);
  if (values.length !== size)
    throw new Error(`${what} has shape [${input.shape.join(', ')}] and takes ${size} values, not ${values.length}`);
  return values;
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0]!;
}
