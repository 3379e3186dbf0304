import type { Shape } from '../../base/tensor-shape.ts';
import type { OnnxGraph, OnnxNode } from './onnx-graph.ts';

/** Where the channels of a value stand: as TensorFlow.js has them, or as ONNX's convolutions take them. */
type Layout = 'last' | 'first';

/** A value that a layer gives, [batch, ...shape]; channels may come first, which is told apart by name. */
export interface OnnxValue {
  /** Of one sample, channels last. */
  readonly shape: Shape;
  /** What the graph calls it; a layout is added when it is first asked for. */
  readonly names: { [L in Layout]?: string };
}

/** A weight as it was saved. */
export interface SavedWeight {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

interface Place {
  readonly graph: OnnxGraph;
  /** Of the layer: unique in the model. */
  readonly name: string;
  /** What its nodes read. */
  readonly inputs: readonly OnnxValue[];
  /** Shape of one sample of what it gives. */
  readonly output: Shape;
  /** The layer whose weights it has, with which their names begin. */
  readonly owner: string;
  /** The saved weights by their names. */
  readonly saved: ReadonlyMap<string, SavedWeight>;
}

/** A layer's place in an ONNX graph: what its row writes nodes with. */
export class OnnxLayer {
  readonly inputs: readonly OnnxValue[];
  readonly output: Shape;
  /** The layer whose weights it has: itself, or the one that it shares them with. */
  readonly owner: string;
  readonly #place: Place;

  constructor(place: Place) {
    this.#place = place;
    [this.inputs, this.output, this.owner] = [place.inputs, place.output, place.owner];
  }

  /** The only input. */
  get input(): OnnxValue {
    return this.inputs[0]!;
  }

  /** The same layer at other values; those of a layer inside a layer. */
  within(changed: Partial<Pick<Place, 'inputs' | 'output'>>): OnnxLayer {
    return new OnnxLayer({ ...this.#place, ...changed });
  }

  /** Adds a node. @param output which of its outputs is wanted @returns that one's name */
  node(op: string, inputs: readonly string[], attributes?: OnnxNode['attributes'], output?: number): string {
    return this.#place.graph.add(this.#place.name, op, inputs, attributes, output);
  }

  /** Numbers, as an input of nodes; without a shape a scalar. */
  floats(values: Float32Array | number, shape: readonly number[] = []): string {
    return this.#place.graph.constant(typeof values === 'number' ? Float32Array.of(values) : values, shape);
  }

  /** Whole numbers, as an input of nodes: sizes, axes, indices. */
  ints(values: readonly number[], shape: readonly number[] = [values.length]): string {
    return this.#place.graph.constant(BigInt64Array.from(values, BigInt), shape);
  }

  /**
   * A weight, as an input of nodes: once for all layers that share it.
   *
   * @param name without the layer's @param change what ONNX wants of it; left out: what was saved
   * @param form tells apart what uses of one weight change otherwise
   */
  weight(name: string, change: (saved: SavedWeight) => SavedWeight = (saved) => saved, form = ''): string {
    const { graph, owner, saved } = this.#place;
    const whole = `${owner}/${name}`;
    return graph.weight(`${whole}${form}`, () => {
      const found = saved.get(whole);
      if (found === undefined) throw new Error(`the saved model has no weight ${whole}`);
      return change(found);
    });
  }

  /** What the graph calls a value with its channels last, or first. */
  in(layout: Layout, { shape, names }: OnnxValue): string {
    const other = layout === 'last' ? 'first' : 'last';
    const known = names[layout] ?? (shape.length === 1 ? names[other] : undefined);
    const axes = shape.map((_, axis) => axis + 1);
    const perm = layout === 'last' ? [0, ...axes.slice(1), 1] : [0, shape.length, ...axes.slice(0, -1)];
    return (names[layout] = known ?? this.node('Transpose', [names[other]!], { perm: { ints: perm } }));
  }

  /** The name of an input with its channels last. */
  last(value: OnnxValue = this.input): string {
    return this.in('last', value);
  }

  /** The same with its channels first. */
  first(value: OnnxValue = this.input): string {
    return this.in('first', value);
  }

  /** A value of this layer, its channels last. */
  gives(name: string, shape: Shape = this.output): OnnxValue {
    return { shape, names: { last: name } };
  }

  /** A value of this layer, its channels first. */
  givesFirst(name: string, shape: Shape = this.output): OnnxValue {
    return { shape, names: { first: name } };
  }

  /**
   * What nodes make of values of as many axes, wherever these stand: in the layout that all values have, so that none
   * has to be turned.
   *
   * @param write gets the values' names, which axis one of a sample's is there, and the order in which that layout has
   * the axes of a sample
   */
  each(
    values: readonly OnnxValue[],
    write: (names: readonly string[], axisOf: (axis: number) => number, order: readonly number[]) => string,
    shape: Shape = this.output,
  ): OnnxValue {
    const layout = values.every(({ names }) => names.first !== undefined) ? 'first' : 'last';
    const axes = values[0]!.shape.map((_, axis) => axis);
    const order = layout === 'last' ? axes : [axes.length - 1, ...axes.slice(0, -1)];
    const name = write(
      values.map((value) => this.in(layout, value)),
      (axis) => order.indexOf(axis) + 1,
      order,
    );
    return { shape, names: { [layout]: name } };
  }

  /** Another shape for the same values, in the order of channels last. @param sizes without the batch */
  reshaped(name: string, sizes: readonly number[]): string {
    return this.node('Reshape', [name, this.ints([-1, ...sizes])]);
  }
}

/** Puts the axes of a weight in another order. */
export function permuted({ shape, values }: SavedWeight, order: readonly number[]): SavedWeight {
  const sizes = order.map((axis) => shape[axis]!);
  const steps = order.map((axis) => shape.slice(axis + 1).reduce((product, size) => product * size, 1));
  const places = sizes.map(() => 0);
  const result = new Float32Array(values.length);
  let from = 0;
  for (let to = 0; to < result.length; to++) {
    result[to] = values[from]!;
    for (let axis = sizes.length - 1; axis >= 0; axis--) {
      from += steps[axis]!;
      if (++places[axis]! < sizes[axis]!) break;
      from -= steps[axis]! * sizes[axis]!;
      places[axis] = 0;
    }
  }
  return { shape: sizes, values: result };
}

/** Of a layer that does nothing but in training. */
export const unchangedInput = (_: unknown, layer: OnnxLayer): OnnxValue => layer.input;

/** The only input as indices: TensorFlow.js cuts off what is behind the point. */
export const indices = (layer: OnnxLayer): string => layer.node('Cast', [layer.last()], { to: { int: 7 } });
