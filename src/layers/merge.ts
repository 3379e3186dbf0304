import { Type } from 'typebox';
import { type Misfit, isMisfit } from '../base/row.ts';
import { type LayerRow, type Shape, defineLayer, formatShape, sizeOf } from './layer.ts';

/** The shape that all inputs have, or why they do not. */
function sameShape(name: string, inputs: readonly Shape[]): Shape | Misfit {
  const [first, ...others] = inputs;
  const other = others.find((shape) => String(shape) !== String(first));
  if (other === undefined) return first!;
  return { problem: `${name} needs inputs of one shape, but gets ${formatShape(first!)} and ${formatShape(other)}`, hint: 'A 1x1 convolution or a dense layer brings a branch to the shape of the other.' };
}

function defineElementwise(name: 'add' | 'multiply' | 'average' | 'maximum' | 'minimum', doc: string): LayerRow {
  return defineLayer({
    doc,
    example: `{ ${name}: {}, from: [a, b] }`,
    options: Type.Object({}),
    merges: true,
    outputShape: (_, __, inputs) => sameShape(name, inputs),
    flops: (_, output) => sizeOf(output),
    build: (_, { tf, name: layerName }) => tf.layers[name]({ name: layerName }),
  });
}

/** Layers that make one of several inputs. */
export const mergeLayers: Record<'add' | 'multiply' | 'average' | 'maximum' | 'minimum' | 'concatenate', LayerRow> = {
  add: defineElementwise('add', 'The sum of its inputs.'),
  multiply: defineElementwise('multiply', 'The product of its inputs.'),
  average: defineElementwise('average', 'The mean of its inputs.'),
  maximum: defineElementwise('maximum', 'The largest of its inputs, value by value.'),
  minimum: defineElementwise('minimum', 'The smallest of its inputs, value by value.'),
  concatenate: defineLayer({
    doc: 'Its inputs side by side along the last axis.',
    example: '{ concatenate: {}, from: [a, b] }',
    options: Type.Object({}),
    merges: true,
    outputShape: (input, _, inputs) => {
      const besides = sameShape('concatenate', inputs.map((shape) => shape.slice(0, -1)));
      if (isMisfit(besides)) return { problem: `concatenate needs inputs that differ in the last size alone, but gets ${inputs.map(formatShape).join(' and ')}` };
      return [...input.slice(0, -1), inputs.reduce((sum, shape) => sum + shape.at(-1)!, 0)];
    },
    flops: () => 0,
    build: (_, { tf, name }) => tf.layers.concatenate({ name, axis: -1 }),
  }),
};
