import type { OnnxLayer, OnnxValue } from './onnx-layer.ts';

/** The inputs with as many axes: those that lack some get axes of 1 below the batch. */
function level(layer: OnnxLayer): readonly OnnxValue[] {
  const rank = layer.output.length;
  return layer.inputs.map((input) => {
    if (input.shape.length === rank) return input;
    const shape = [...Array.from({ length: rank - input.shape.length }, () => 1), ...input.shape];
    return layer.gives(layer.reshaped(layer.last(input), shape), shape);
  });
}

/** One value of several, place by place, where smaller inputs are laid over larger ones. */
export const elementwise =
  (op: 'Sum' | 'Mean' | 'Max' | 'Min' | 'Mul' | 'Sub') =>
  (_: unknown, layer: OnnxLayer): OnnxValue =>
    layer.each(level(layer), ([first, ...others]) =>
      op === 'Mul' || op === 'Sub'
        ? others.reduce((all, other) => layer.node(op, [all, other]), first!)
        : layer.node(op, [first!, ...others]),
    );

/** Inputs side by side. @param place the axis of a sample */
export const concatenate = (place: number, layer: OnnxLayer): OnnxValue =>
  layer.each(layer.inputs, (names, axisOf) => layer.node('Concat', names, { axis: { int: axisOf(place) } }));

/** The sum of products along one axis of each of two inputs. @param places those axes, of a sample */
export function dot(places: readonly number[], normalize: boolean, layer: OnnxLayer): OnnxValue {
  const matrices = layer.inputs.map((input, index) => {
    const [x, rank] = [layer.last(input), input.shape.length];
    const axes = layer.ints([places[index]! + 1]);
    const scaled = normalize ? ofNormOne(layer, x, axes) : x;
    // [batch, steps, features] of the first input, [batch, features, steps] of the second.
    const wanted = index === 0 ? 1 : 0;
    if (rank === 1) return layer.node('Unsqueeze', [scaled, layer.ints([index + 1])]);
    return places[index] === wanted ? scaled : layer.node('Transpose', [scaled], { perm: { ints: [0, 2, 1] } });
  });
  return layer.gives(layer.reshaped(layer.node('MatMul', matrices), layer.output));
}

function ofNormOne(layer: OnnxLayer, x: string, axes: string): string {
  const squares = layer.node('ReduceSumSquare', [x, axes], { keepdims: { int: 1 } });
  const norm = layer.node('Sqrt', [layer.node('Max', [squares, layer.floats(1e-12)])]);
  return layer.node('Div', [x, norm]);
}
