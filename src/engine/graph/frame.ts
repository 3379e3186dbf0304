import type { Attribute, Node } from './graph-def.ts';
import type { Part } from './part.ts';
import type { Recorder } from './recorder.ts';

const FLOAT = 1;
const INT32 = 3;
const RESOURCE = 20;

// They make no values, only lay them out: computed again they take less than kept.
const LAYOUTS = new Set(['Split', 'SplitV', 'Reshape', 'Slice', 'Transpose', 'Unpack']);
// Iterations under way at a time: more take a tenth more of the processor, as steps wait for each other anyway.
const AHEAD = 1;

/** A value that steps leave for later ones, or for what comes after the loop. */
interface Stack {
  readonly handle: string;
  readonly shape: readonly number[];
  readonly attributes: Record<string, Attribute>;
  uses: number;
}

/**
 * A loop in a graph, as TensorFlow's executor runs it: a frame that values enter, that goes round until its condition
 * is false, and that they exit from (tensorflow/core/ops/control_flow_ops.cc, data_flow_ops.cc). A functional While is
 * turned into the same before it runs, and would need the names of all ops' outputs. Values of the steps are put on
 * TensorArrays, which hold them without a copy.
 *
 * Nodes of a part, some steps that were recorded apart, are written when something needs them. What is called a step
 * here is an iteration.
 */
export class Frame {
  readonly #recorder: Recorder;
  readonly #part: Part;
  readonly #steps: number;
  readonly #name: string;
  readonly #condition: string;
  /** What the frame's nodes call a value of the part or from outside. */
  readonly #local = new Map<string, string>();
  /** What parameters are slices of. */
  readonly #sources = new Map<string, string>();
  readonly #stacks = new Map<string, Stack>();
  readonly #states = new Map<string, { readonly merge: Node; readonly leave: string }>();
  /** This step's number, as a scalar. */
  readonly #index: string;
  /** The same as a vector of one. */
  #begin: string | undefined;
  /** A number that each write on a stack hands on, so that reads come after. */
  #flow: { readonly out: Node; readonly after: string } | undefined;
  readonly #before: Frame | undefined;

  /**
   * @param before the loop that this one goes back over, from the last step to the first; its values are there for each
   * step
   */
  constructor(recorder: Recorder, part: Part, steps: number, before?: Frame) {
    [this.#recorder, this.#part, this.#steps, this.#before] = [recorder, part, steps, before];
    const back = before !== undefined;
    this.#name = `${part.name}/${back ? 'back' : 'forth'}`;
    const limit = this.#enter(this.#integer(back ? -1 : steps));
    const one = this.#enter(this.#integer(1));
    const merge = this.#merge(this.#integer(back ? steps - 1 : 0));
    const test = recorder.add(back ? 'Greater' : 'Less', [merge.name, limit], { T: { type: INT32 } });
    this.#condition = recorder.add('LoopCond', [test.name], {}).name;
    const { stay } = this.#switch(merge);
    this.#index = stay;
    this.#next(merge, recorder.add(back ? 'Sub' : 'AddV2', [stay, one], { T: { type: INT32 } }).name);
  }

  /** Makes a parameter what the step before has left; before the first step, a value from outside. */
  carry(parameter: string, initial: string): void {
    const merge = this.#merge(initial);
    const { stay, leave } = this.#switch(merge);
    this.#local.set(parameter, stay);
    this.#states.set(parameter, { merge, leave });
  }

  /** What a step leaves to the next one, as the value of this parameter. */
  leave(parameter: string, value: string): void {
    this.#next(this.#states.get(parameter)!.merge, this.#here(value));
  }

  /** Makes a parameter a slice of a value from outside, [steps, ...], in each step its own. */
  slice(parameter: string, source: string): void {
    this.#sources.set(parameter, source);
    this.#local.set(parameter, this.#slice(source));
  }

  /** The value of a parameter after the last step. */
  last(parameter: string): string {
    const { leave, merge } = this.#states.get(parameter)!;
    return this.#recorder.add('Exit', [leave], { T: merge.attributes['T']! }).name;
  }

  /** A value of all steps, [steps, ...]. */
  all(value: string): string {
    const { handle, shape } = this.#stackOf(value);
    const [start, limit, delta] = [0, this.#steps, 1].map((number) => this.#integer(number)) as [
      string,
      string,
      string,
    ];
    const indices = this.#recorder.add('Range', [start, limit, delta], { Tidx: { type: INT32 } }).name;
    return this.#recorder.add('TensorArrayGatherV3', [handle, indices, this.#flow!.after], {
      dtype: this.#typeOf(value),
      element_shape: { shape },
    }).name;
  }

  /** The stack that each step puts this value on. */
  #stackOf(value: string): Stack {
    const known = this.#stacks.get(value);
    const stack = known ?? this.#write(value);
    stack.uses++;
    // What is read but once goes then.
    stack.attributes['clear_after_read'] = { b: stack.uses === 1 };
    return stack;
  }

  #write(value: string): Stack {
    const recorder = this.#recorder;
    const { shape } = recorder.kindOf(value);
    const attributes = {
      dtype: this.#typeOf(value),
      element_shape: { shape },
      dynamic_size: { b: false },
      clear_after_read: { b: true },
      identical_element_shapes: { b: true },
      tensor_array_name: { s: '' },
    };
    const handle = recorder.add('TensorArrayV3', [this.#integer(this.#steps)], attributes).name;
    this.#flow ??= this.#openFlow();
    const { out } = this.#flow;
    out.inputs[0] = recorder.add(
      'TensorArrayWriteV3',
      [this.#enter(handle, RESOURCE), this.#index, this.#here(value), out.inputs[0]!],
      { T: this.#typeOf(value) },
    ).name;
    const stack = { handle, shape, attributes, uses: 0 };
    this.#stacks.set(value, stack);
    return stack;
  }

  #openFlow(): { readonly out: Node; readonly after: string } {
    const merge = this.#merge(this.#recorder.constant(FLOAT, [], Float32Array.of(0)));
    const { stay, leave } = this.#switch(merge);
    return { out: this.#next(merge, stay), after: this.#recorder.add('Exit', [leave], { T: { type: FLOAT } }).name };
  }

  #slice(source: string): string {
    this.#begin ??= this.#recorder.add('ExpandDims', [this.#index, this.#enter(this.#integer(0))], {
      T: { type: INT32 },
      Tdim: { type: INT32 },
    }).name;
    const inputs = [this.#enter(source), this.#begin, this.#begin, this.#enter(this.#integer(1, [1]))];
    const masks = Object.fromEntries(
      ['begin_mask', 'end_mask', 'ellipsis_mask', 'new_axis_mask'].map((mask) => [mask, { i: 0 }]),
    );
    // Without its first axis; the end is not looked at then.
    return this.#recorder.add('StridedSlice', inputs, {
      T: this.#typeOf(source),
      Index: { type: INT32 },
      ...masks,
      shrink_axis_mask: { i: 1 },
    }).name;
  }

  /** What this frame calls a value; written if it was not. */
  #here(value: string): string {
    const known = this.#local.get(value);
    if (known !== undefined) return known;
    const node = this.#part.nodes.get(value.split(':')[0]!);
    if (node === undefined) return this.#enter(value);
    const source = this.#before === undefined ? undefined : this.#before.#sources.get(value);
    const local = source === undefined ? (this.#read(value, node) ?? this.#compute(value, node)) : this.#slice(source);
    this.#local.set(value, local);
    return local;
  }

  #compute(value: string, node: Node): string {
    const written =
      this.#local.get(node.name) ??
      this.#recorder.add(
        node.op,
        node.inputs.map((input) => this.#here(input)),
        node.attributes,
      ).name;
    this.#local.set(node.name, written);
    return value.replace(node.name, written);
  }

  /** A value that the loop before has computed, as it was in this step. */
  #read(value: string, node: Node): string | undefined {
    if (this.#before === undefined || !this.#before.#knows(value) || LAYOUTS.has(node.op)) return undefined;
    const { handle } = this.#before.#stackOf(value);
    return this.#recorder.add(
      'TensorArrayReadV3',
      [this.#enter(handle, RESOURCE), this.#index, this.#enter(this.#before.#flow!.after, FLOAT)],
      { dtype: this.#typeOf(value) },
    ).name;
  }

  /** Whether this frame computes the value: a state, or of a node of its own. */
  #knows(value: string): boolean {
    const [name] = value.split(':') as [string];
    return this.#states.has(value) || (this.#part.nodes.has(name) && this.#local.has(name));
  }

  #enter(outer: string, dtype = this.#recorder.kindOf(outer).dtype): string {
    const known = this.#local.get(outer);
    if (known !== undefined) return known;
    const { name } = this.#recorder.add('Enter', [outer], {
      T: { type: dtype },
      frame_name: { s: this.#name },
      is_constant: { b: true },
      parallel_iterations: { i: AHEAD },
    });
    this.#local.set(outer, name);
    return name;
  }

  #merge(initial: string): Node {
    const T = this.#typeOf(initial);
    const { name } = this.#recorder.add('Enter', [initial], {
      T,
      frame_name: { s: this.#name },
      is_constant: { b: false },
      parallel_iterations: { i: AHEAD },
    });
    return this.#recorder.add('Merge', [name], { T, N: { i: 2 } });
  }

  #switch(merge: Node): { readonly leave: string; readonly stay: string } {
    const { name } = this.#recorder.add('Switch', [merge.name, this.#condition], { T: merge.attributes['T']! });
    return { leave: name, stay: `${name}:1` };
  }

  #next(merge: Node, value: string): Node {
    const node = this.#recorder.add('NextIteration', [value], { T: merge.attributes['T']! });
    merge.inputs.push(node.name);
    return node;
  }

  #integer(value: number, shape: readonly number[] = []): string {
    return this.#recorder.constant(INT32, shape, Int32Array.of(value));
  }

  #typeOf(value: string): Attribute {
    return { type: this.#recorder.kindOf(value).dtype };
  }
}
