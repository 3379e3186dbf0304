/** A value of a node's attribute, by the kind that ONNX gives it. */
export type OnnxAttribute =
  | { readonly int: number }
  | { readonly float: number }
  | { readonly text: string }
  | { readonly ints: readonly number[] }
  | { readonly floats: readonly number[] }
  | { readonly texts: readonly string[] };

/** One operation of a graph. */
export interface OnnxNode {
  readonly name: string;
  readonly op: string;
  /** Names of values; an empty one stands for an input that is left out. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, OnnxAttribute>>;
}

/** Numbers that a graph holds: float32, or int64 where they say sizes, axes or indices. */
export interface OnnxTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array | BigInt64Array;
}

/** Nodes in the order that they are computed in, and what they are computed with. */
export class OnnxGraph {
  readonly nodes: OnnxNode[] = [];
  readonly tensors: OnnxTensor[] = [];
  readonly #taken: Set<string>;
  readonly #constants = new Map<string, string>();

  /** @param names those of its inputs and outputs, which no other value may have */
  constructor(names: readonly string[]) {
    this.#taken = new Set(names);
  }

  /**
   * Adds a node.
   *
   * @param where the layer that it is of, for its name
   * @param output which of its outputs is wanted
   * @returns the name of that output
   */
  add(
    where: string,
    op: string,
    inputs: readonly string[],
    attributes: OnnxNode['attributes'] = {},
    output = 0,
  ): string {
    const name = this.name(`${where}/${op}`);
    this.nodes.push({ name, op, inputs, outputs: [...Array.from({ length: output }, () => ''), name], attributes });
    return name;
  }

  /** Numbers of the graph's own, once for all that need the same. @returns their name */
  constant(values: OnnxTensor['values'], shape: readonly number[]): string {
    const key = values.length > 64 ? undefined : `${values.constructor.name} ${shape.join()} ${values.join()}`;
    const known = key === undefined ? undefined : this.#constants.get(key);
    if (known !== undefined) return known;
    const name = this.name('constant');
    this.tensors.push({ name, shape, values });
    if (key !== undefined) this.#constants.set(key, name);
    return name;
  }

  /** A weight, which several layers may share: made where it is not there yet. @returns its name */
  weight(key: string, make: () => Omit<OnnxTensor, 'name'>): string {
    const known = this.#constants.get(key);
    if (known !== undefined) return known;
    const name = this.name(key);
    this.tensors.push({ name, ...make() });
    this.#constants.set(key, name);
    return name;
  }

  /** A name that no value has yet. */
  name(wanted: string): string {
    let name = wanted;
    for (let count = 2; this.#taken.has(name); count++) name = `${wanted}_${count}`;
    this.#taken.add(name);
    return name;
  }
}
