import type { Tensor, Variable } from '@tensorflow/tfjs';
import type { OpAttribute } from '../node-backend.ts';
import type { Binding, HostValues, PrivateParts, TensorMetadata } from '../private-parts.ts';
import { attributeOf } from './attribute.ts';
import { type Attribute, type Node, tensorAttribute } from './graph-def.ts';
import type { Execution } from './execution.ts';
import type { FusedUpdate } from './fused-update.ts';
import { type Kind, PARAMETER, type Part } from './part.ts';
import { changesNothing, plainOp } from './plain-op.ts';
import { TraceRefusal } from './trace-refusal.ts';
import { renew, typeNumber } from './tensors.ts';

/** What a state variable holds between two updates of it. */
interface Version {
  readonly variable: number;
  /** The update that made it; the first version has none. */
  readonly madeBy?: Node;
  read?: Node;
  /** The update that ends it, and so has to wait for its read. */
  endedBy?: Node;
}

/** The name of the resource of a session's state variable. */
export function stateNode(index: number): string {
  return `state/${index}`;
}

/** Marks the constants whose tensors existed before the recording. */
export const OUTSIDE = 'outside-';

// Their result may share the memory of the input, which belongs to the caller.
const VIEWS = new Set(['Placeholder', 'Cast', 'Reshape', 'Squeeze', 'ExpandDims', 'Identity']);
// Stateful in TensorFlow: a seeded one repeats itself in eager calls, but moves on within a graph.
const RANDOM = /^(Random|Multinomial|TruncatedNormal|ParameterizedTruncatedNormal)/;

/**
 * Turns the calls that an eager computation makes into nodes of a graph. Tensors are known by the addon's ids:
 * one that was never seen before is a value from outside, and becomes a constant.
 */
export class Recorder {
  readonly nodes: Node[] = [];
  readonly #binding: Binding;
  readonly #parts: PrivateParts;
  readonly #prefix: string;
  readonly #state: readonly Variable[];
  readonly #outputs = new Map<number, string>();
  readonly #shapes = new Map<number, readonly number[]>();
  readonly #kinds = new Map<string, Kind>();
  readonly #smallConstants = new Map<string, string>();
  readonly #versions = new Map<number, Version>();
  readonly #current: Version[];
  /** Ids whose values depend on inputs or state: what JavaScript reads of them cannot be put into the graph. */
  readonly #dependent = new Set<number>();
  readonly #updates: Node[] = [];
  readonly #execution: Execution;
  readonly #describeOutside: (id: number) => string | undefined;
  #hostRead: number | undefined;
  #part: { readonly name: string; readonly nodes: Map<string, Node> } | undefined;

  /** @param describeOutside what is wrong with taking this tensor as a constant */
  constructor(
    parts: PrivateParts,
    prefix: string,
    state: readonly Variable[],
    execution: Execution,
    describeOutside: (id: number) => string | undefined,
  ) {
    this.#parts = parts;
    this.#binding = parts.binding;
    this.#prefix = prefix;
    this.#state = state;
    this.#execution = execution;
    this.#describeOutside = describeOutside;
    this.#current = state.map((_, index) => this.#openVersion(index, undefined));
  }

  /** The calls of the addon, recorded. */
  calls(): Partial<Binding> {
    return {
      executeOp: (name, attributes, inputs, outputs) => {
        const results = this.#execution.run(
          this.#shapeKey(name, attributes, inputs),
          name,
          attributes,
          inputs,
          outputs,
        );
        this.#recordOp(name, attributes, inputs, results);
        return results;
      },
      createTensor: (shape, dtype, values) => {
        const id = this.#binding.createTensor(shape, dtype, values);
        if (Array.isArray(values)) throw new TraceRefusal('works on strings');
        this.#remember({ id, shape, dtype }, this.constant(dtype, shape, values as HostValues));
        return id;
      },
      tensorDataSync: (id) => {
        if (this.#dependent.has(id)) this.#hostRead = id;
        return this.#binding.tensorDataSync(id);
      },
      runSavedModel: () => {
        throw new TraceRefusal('runs another graph');
      },
    };
  }

  /** A tensor that every run feeds anew. @returns the placeholder's name */
  input(tensor: Tensor, dtype: number): string {
    const placeholder = this.add('Placeholder', [], { dtype: { type: dtype }, shape: { shape: tensor.shape } });
    const { TF_UINT8, TF_FLOAT } = this.#binding;
    const value =
      dtype === TF_UINT8
        ? this.add('Cast', [placeholder.name], { SrcT: { type: dtype }, DstT: { type: TF_FLOAT } })
        : placeholder;
    const id = this.#parts.idOf(tensor);
    this.#remember({ id, shape: tensor.shape, dtype: this.#typeOf(tensor) }, value.name);
    this.#dependent.add(id);
    return placeholder.name;
  }

  /**
   * Records apart what `body` computes out of its parameters; what it computes out of other things is recorded as ever.
   */
  apart<T>(body: (parameter: (shape: readonly number[]) => Tensor) => T): { readonly part: Part; readonly value: T } {
    const part = { name: `${this.#prefix}/${this.nodes.length}-part`, nodes: new Map<string, Node>() };
    this.#part = part;
    const parameter = (shape: readonly number[]) => {
      const node: Node = {
        name: `${part.name}/${part.nodes.size}-parameter`,
        op: PARAMETER,
        inputs: [],
        attributes: {},
      };
      part.nodes.set(node.name, node);
      return this.standIn(node.name, { shape, dtype: this.#binding.TF_FLOAT });
    };
    try {
      return { part, value: body(parameter) };
    } finally {
      this.#part = undefined;
    }
  }

  /** A tensor of zeros for what a node of the graph gives. */
  standIn(output: string, { shape, dtype }: Kind): Tensor {
    const size = shape.reduce((product, extent) => product * extent, 1);
    const id = this.#binding.createTensor(shape, dtype, new Float32Array(size));
    this.#remember({ id, shape, dtype }, output);
    this.#dependent.add(id);
    return this.#parts.wrap({ id, shape, dtype });
  }

  /** What the graph calls a tensor. */
  nameOf(tensor: Tensor): string {
    return this.#reference(this.#parts.idOf(tensor));
  }

  /** Type and shape of what a node gives. */
  kindOf(output: string): Kind {
    return this.#kinds.get(output)!;
  }

  /** Puts the update into the graph; the eager variables only take new tensors to stand for their new values. */
  fuse({ op, variables, inputs, attributes = {} }: FusedUpdate): void {
    const indices = variables.map((variable) => this.#state.indexOf(variable));
    const missing = variables[indices.indexOf(-1)];
    if (missing !== undefined)
      throw new TraceRefusal(`updates the variable ${missing.name}, which is not part of its state`);
    const values = inputs.map((tensor) => this.#reference(this.#parts.idOf(tensor)));
    const switches = Object.entries(attributes).map(([name, b]) => [name, { b }] as const);
    const node = this.add(op, [...indices.map(stateNode), ...values], {
      T: { type: this.#binding.TF_FLOAT },
      ...Object.fromEntries(switches),
    });
    for (const index of indices) {
      this.#close(this.#current[index]!, node);
      renew(this.#parts, this.#state[index]!);
      this.#current[index] = this.#openVersion(index, node);
    }
    this.#updates.push(node);
  }

  /** Ends the recording: writes the variables that changed, then names the results. @returns the nodes to fetch */
  finish(results: readonly Tensor[]): string[] {
    this.#assignState();
    const values = results.map((tensor) => this.#reference(this.#parts.idOf(tensor)));
    this.#checkHostRead();
    const done =
      this.#updates.length === 0
        ? []
        : [
            `^${
              this.add(
                'NoOp',
                this.#updates.map((node) => `^${node.name}`),
                {},
              ).name
            }`,
          ];
    const nothing = (): string => this.#constant(this.#binding.TF_FLOAT, [], Float32Array.of(0)).name;
    return (values.length === 0 ? [nothing()] : values).map((value, k) => {
      const type = results[k] === undefined ? this.#binding.TF_FLOAT : this.#typeOf(results[k]);
      return this.add('Identity', [value, ...done], { T: { type } }).name;
    });
  }

  /** Values first: a variable may take what another one held before its update. */
  #assignState(): void {
    const changed = this.#state.flatMap((variable, index) => {
      const id = this.#parts.idOf(variable);
      return this.#versions.get(id) === this.#current[index] ? [] : [{ variable, index, value: this.#reference(id) }];
    });
    for (const { variable, index, value } of changed) {
      const type = { type: this.#typeOf(variable) };
      const source = this.nodes.find((node) => node.name === value);
      const own =
        source !== undefined && VIEWS.has(source.op) ? this.add('DeepCopy', [value], { T: type }).name : value;
      const node = this.add('AssignVariableOp', [stateNode(index), own], { dtype: type });
      this.#close(this.#current[index]!, node);
      this.#updates.push(node);
    }
  }

  /** What the shapes of an op's results depend on; undefined where JavaScript may read the values. */
  #shapeKey(name: string, attributes: readonly OpAttribute[], inputs: readonly number[]): string | undefined {
    if (!inputs.some((id) => this.#dependent.has(id))) return undefined;
    const input = (id: number) =>
      this.#dependent.has(id) ? `[${this.#shapes.get(id)!.join()}]` : (this.#outputs.get(id) ?? id);
    return `${name}(${inputs.map(input).join()}) ${attributes.map(({ value }) => String(value)).join(' ')}`;
  }

  #recordOp(
    name: string,
    attributes: readonly OpAttribute[],
    ids: readonly number[],
    results: readonly TensorMetadata[],
  ): void {
    // The gather kernel of tfjs-node looks at its indices to check their range, which TensorFlow does as well.
    if (name === 'GatherV2' && this.#hostRead === ids[1]) this.#hostRead = undefined;
    this.#checkHostRead();
    if (RANDOM.test(name)) throw new TraceRefusal(`draws random numbers (${name}) that do not depend on its inputs`);
    const plain = plainOp(name, ids, attributes, results);
    const inputs = plain.inputs.map((id) => this.#reference(id));
    const dependent = ids.some((id) => this.#dependent.has(id));
    if (dependent) for (const { id } of results) this.#dependent.add(id);
    if (changesNothing(name, attributes, this.#shapes.get(ids[0]!), results[0]?.shape))
      return this.#remember(results[0]!, inputs[0]!);
    const converted = plain.attributes.map(
      (attribute) => [attribute.name, attributeOf(this.#binding, attribute)] as const,
    );
    const inferred: Record<string, Attribute> =
      name === 'ExpandDims' ? { T: { type: results[0]!.dtype }, Tdim: { type: this.#binding.TF_INT32 } } : {};
    const node = this.#addApart(plain.name, inputs, { ...inferred, ...Object.fromEntries(converted) });
    results.forEach((result, k) => this.#remember(result, k === 0 ? node.name : `${node.name}:${k}`));
  }

  #remember({ id, shape, dtype }: TensorMetadata, output: string): void {
    this.#outputs.set(id, output);
    this.#shapes.set(id, shape);
    this.#kinds.set(output, { shape, dtype });
  }

  #reference(id: number): string {
    const version = this.#versions.get(id);
    if (version !== undefined) return this.#read(version).name;
    return this.#outputs.get(id) ?? this.#outside(id);
  }

  /** A tensor that existed before the recording, such as a table the function closes over. */
  #outside(id: number): string {
    const problem = this.#describeOutside(id);
    if (problem !== undefined) throw new TraceRefusal(problem);
    const [view] = this.#binding.executeOp('Identity', [], [id], 1);
    this.#binding.deleteTensor(view!.id);
    // The name carries the id: another tensor in the second trace is a difference, whatever it holds.
    const { name } = this.#constant(view!.dtype, view!.shape, this.#binding.tensorDataSync(id), `${OUTSIDE}${id}`);
    this.#remember({ ...view!, id }, name);
    return name;
  }

  /** One node for each value of shapes and axes, which many ops take as inputs. */
  constant(dtype: number, shape: readonly number[], values: HostValues): string {
    if (values.length > 16) return this.#constant(dtype, shape, values).name;
    const key = JSON.stringify([
      dtype,
      shape,
      Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString('hex'),
    ]);
    const name = this.#smallConstants.get(key) ?? this.#constant(dtype, shape, values).name;
    this.#smallConstants.set(key, name);
    return name;
  }

  #constant(dtype: number, shape: readonly number[], values: HostValues, label?: string): Node {
    const node = this.add('Const', [], { dtype: { type: dtype }, value: tensorAttribute(dtype, shape, values) }, label);
    this.#kinds.set(node.name, { dtype, shape });
    return node;
  }

  #openVersion(variable: number, madeBy: Node | undefined): Version {
    const id = this.#parts.idOf(this.#state[variable]!);
    const version: Version = { variable, ...(madeBy && { madeBy }) };
    this.#shapes.set(id, this.#state[variable]!.shape);
    this.#versions.set(id, version);
    this.#dependent.add(id);
    return version;
  }

  #read(version: Version): Node {
    if (version.read === undefined) {
      const after = version.madeBy === undefined ? [] : [`^${version.madeBy.name}`];
      const dtype = { type: this.#typeOf(this.#state[version.variable]!) };
      version.read = this.add('ReadVariableOp', [stateNode(version.variable), ...after], { dtype });
      this.#kinds.set(version.read.name, { dtype: dtype.type, shape: this.#state[version.variable]!.shape });
      version.endedBy?.inputs.push(`^${version.read.name}`);
    }
    return version.read;
  }

  #close(version: Version, node: Node): void {
    version.endedBy = node;
    const before = version.read ?? version.madeBy;
    if (before !== undefined) node.inputs.push(`^${before.name}`);
  }

  #checkHostRead(): void {
    if (this.#hostRead !== undefined) throw new TraceRefusal('reads computed values in JavaScript');
  }

  #typeOf(tensor: Tensor): number {
    return typeNumber(this.#binding, tensor.dtype);
  }

  /** Adds a node to the graph. */
  add(op: string, inputs: string[], attributes: Record<string, Attribute>, label: string = op): Node {
    const node: Node = { name: `${this.#prefix}/${this.nodes.length}-${label}`, op, inputs, attributes };
    this.nodes.push(node);
    return node;
  }

  /** To the part that is under way, where the node needs what is of it. */
  #addApart(op: string, inputs: string[], attributes: Record<string, Attribute>): Node {
    const part = this.#part;
    if (part === undefined || !inputs.some((input) => part.nodes.has(input.split(':')[0]!)))
      return this.add(op, inputs, attributes);
    const node: Node = { name: `${part.name}/${part.nodes.size}-${op}`, op, inputs, attributes };
    part.nodes.set(node.name, node);
    return node;
  }
}
