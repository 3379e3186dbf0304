import { type TSchema, Type } from 'typebox';
import { wholeNumber } from '../../base/numbers.ts';
import { EXPECTED, choice } from '../../base/row.ts';
import { layers } from '../../layers/layers.ts';
import { layerNamePattern } from '../expand/layer-name.ts';
import { ALSO, IN_BLOCK } from './schema-view.ts';

const closed = { additionalProperties: false } as const;

const layerName = Type.String({
  description:
    'Name of the layer, unique in the model; it names its weights and its random numbers. ' +
    'Without it: the type and a number, such as dense_1.',
  examples: ['features'],
  pattern: layerNamePattern,
  [EXPECTED]: 'a name of up to 100 letters, digits, `_`, `.` or `-` that starts with a letter',
});

const source = Type.String({
  description: 'Name of a layer above, or `input` for the data; where the data has several inputs, the name of one.',
  examples: ['input'],
  pattern: '^[A-Za-z]',
  [EXPECTED]: 'the name of a layer',
});

const layerFrom = Type.Optional(
  Type.Union(
    [source, Type.Array(source, { minItems: 1, [EXPECTED]: 'the name of a layer, or a list of at least one' })],
    {
      description:
        'Where the layer takes its input from: the name of a layer above, or several for a layer that merges; ' +
        '`input` is the data, or what the block takes. Without it: the layer above.',
      examples: ['features', ['left', 'right']],
      [EXPECTED]: 'the name of a layer, or a list of names',
    },
  ),
);

const shared = {
  description:
    'Name of a layer above whose weights it takes: both are one layer, used twice. ' +
    'By itself, `share: NAME` repeats a layer or a use of a block with its weights.',
  examples: ['features'],
  minLength: 1,
  [EXPECTED]: 'the name of a layer',
};

const beside = { name: layerName, from: layerFrom, share: Type.Optional(Type.String(shared)) };

const blockNames = '^[A-Z][A-Za-z0-9]{0,49}$';

/** A layer of a list; or what is written out to layers before the check: a repetition, the use of a block. */
function layerSchema(inBlock: boolean): TSchema {
  const mark = inBlock ? { [IN_BLOCK]: true } : {};
  const inside = choice('layer', layers, { description: 'A layer.', ...mark }, beside);
  const repetition = Type.Object(
    {
      times: wholeNumber({ description: 'How often.', examples: [3], minimum: 1 }),
      layers: Type.Array(inside, {
        description: 'The layers of one turn; `input` is what the turn before gives.',
        examples: [['conv 3x3x16 same', 'relu']],
        minItems: 1,
      }),
    },
    {
      ...closed,
      description:
        'Layers that stand several times one after the other, each time with weights of their own.\n\n' +
        'Example: repeat: { times: 3, layers: [conv 3x3x16 same, relu] }',
    },
  );
  const besides = { name: Type.Optional(layerName), from: layerFrom };
  const use = {
    ...Type.Object(besides, closed),
    patternProperties: { [blockNames]: { type: ['object', 'null'], description: 'A block, with its parameters.' } },
    not: { propertyNames: { enum: Object.keys(besides) } },
  };
  const about = {
    description: 'A layer: compact text, or a map with the layer type as its key; `repeat`; or the name of a block.',
    examples: ['flatten', { dense: { units: 10 } }],
    ...mark,
    [ALSO]: [
      { type: 'string', pattern: blockNames, description: 'A block.' },
      use,
      Type.Object({ repeat: repetition, ...besides }, closed),
      Type.Object({ share: Type.String(shared), ...besides }, closed),
    ],
  };
  return choice('layer', layers, about, beside);
}

const block = Type.Object(
  {
    parameters: Type.Optional(
      Type.Object(
        {},
        {
          additionalProperties: true,
          description: 'Names and default values; a name without value must be given by each use.',
          examples: [{ filters: 16, stride: 1 }],
        },
      ),
    ),
    layers: Type.Array(layerSchema(true), {
      description:
        'The layers; `$filters` stands for the value of a parameter, and in `from` `input` for what the block takes.',
      examples: [['conv 3x3x$filters/$stride same', 'relu']],
      minItems: 1,
    }),
  },
  { ...closed, description: 'Layers to use several times, with parameters. The name starts with a capital letter.' },
);

/** Schema of the `model` section; in full form without blocks. */
export const modelSchema = Type.Object(
  {
    blocks: Type.Optional(
      Type.Unsafe({
        type: 'object',
        patternProperties: { [blockNames]: block },
        ...closed,
        description:
          'Named lists of layers with parameters: ' +
          '`Residual: { parameters: { filters: 16 }, layers: [conv 3x3x$filters same, ...] }` ' +
          'is used as `- Residual: { filters: 32 }`.',
        examples: [{ Unit: { parameters: { filters: 16 }, layers: ['conv 3x3x$filters same', 'relu'] } }],
      }),
    ),
    layers: Type.Array(layerSchema(false), {
      description: 'The layers from input to output; each follows the one above it.',
      examples: [['flatten', 'dense 10']],
      minItems: 1,
    }),
  },
  { ...closed, description: 'What learns.', examples: [{ layers: ['flatten', 'dense 10'] }] },
);
