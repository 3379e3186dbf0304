import { Type } from 'typebox';
import { mapOf } from '../../base/map-schema.ts';
import { realNumber } from '../../base/numbers.ts';
import { EXPECTED } from '../../base/row.ts';
import { dataFileOption } from '../files/data-file.ts';
import { type DataFilesOption, dataFilesOption } from '../tables/find-tables.ts';
import { namesOfFiles } from '../listed-sources.ts';

const arrayName = Type.String({ minLength: 1, maxLength: 100 });

const classNames = (description: string) =>
  Type.Array(Type.String({ minLength: 1, maxLength: 100 }), {
    description,
    minItems: 2,
    maxItems: 256,
    uniqueItems: true,
  });

const partPattern = (of: string, usual: string) =>
  Type.String({
    description: `Name of an array for ${of}, in which \`*\` stands for what \`inputs\` and \`targets\` call it.`,
    default: usual,
    pattern: '^[^*]*[*][^*]*$',
    maxLength: 100,
    [EXPECTED]: 'a name with one `*`, such as `train_*`',
  });

const shared = {
  inputs: Type.Array(arrayName, {
    description:
      'The arrays that are learnt from; their first axis counts the samples. A single one is called `input` ' +
      'in the model, several as they are here.',
    default: ['x'],
    minItems: 1,
    uniqueItems: true,
  }),
  targets: mapOf(
    Type.Union([
      Type.Enum(['number', 'fromData']),
      classNames('Its classes.'),
      Type.Object(
        {
          ordinal: Type.Union([Type.Literal('fromData'), classNames('Its classes, from the lowest to the highest.')], {
            description:
              'Classes that have an order, from the lowest to the highest; with `fromData` the numbers of the ' +
              'array. The model ends with a unit for each class but the first.',
          }),
        },
        { additionalProperties: false },
      ),
    ]),
    {
      description:
        'The arrays to predict: each `number`, or the list of its classes; with `fromData` they are those of the ' +
        'array, sorted, and stand in the resolved file and the model. Labels are texts, or whole numbers: label 0 ' +
        'is the first of the list, unless all names of it are numbers, which are the labels themselves then. ' +
        'Of classes in order, such as marks: `{ ordinal: ... }`.',
      default: { y: 'fromData' },
      minProperties: 1,
      examples: [
        { y: 'fromData' },
        { y: ['cat', 'dog'] },
        { price: 'number' },
        { rating: { ordinal: ['bad', 'fair', 'good'] } },
      ],
    },
  ),
  images: Type.Boolean({
    description:
      'Whether arrays of uint8 are pictures, count x height x width or with 1 or 3 channels behind: ' +
      'their greys and colours, 0 to 255, become 0 to 1.',
    default: false,
  }),
  parts: Type.Object(
    {
      train: partPattern('training', '*_train'),
      validation: partPattern('validation', '*_val'),
      test: partPattern('the test', '*_test'),
    },
    {
      additionalProperties: false,
      description:
        'What arrays of a part are called: where there are such, `x` is `x_train` and `x_test`, as Keras has it. ' +
        'Those for validation may be missing; `data.split` divides the training then.',
      default: {},
      examples: [{ train: 'train_*', validation: 'val_*', test: 'test_*' }],
    },
  ),
  test: realNumber({
    description: 'The share that is taken out for the test, where no arrays are for it.',
    default: 0.2,
    exclusiveMinimum: 0,
    exclusiveMaximum: 1,
  }),
};

const npzOptions = Type.Object({
  file: dataFilesOption('The archive of arrays', 'samples of the same arrays'),
  ...shared,
});

const npyOptions = Type.Object({
  files: mapOf(dataFileOption('An array'), {
    description: 'The files, each with the name of its array.',
    minProperties: 1,
    examples: [{ x: 'data/x.npy', y: 'data/y.npy' }],
  }),
  ...shared,
});

/** What a pipeline file says of `npz`. */
export const npzFace = {
  doc:
    'Arrays of NumPy in one .npz file, as numpy.savez and savez_compressed write it: numbers of any kind to learn ' +
    'from, numbers or labels to predict.',
  example: 'source: { npz: { file: data/digits.npz, inputs: [x], targets: { y: fromData }, images: true } }',
  options: npzOptions,
  order: 'time' as const,
  sources: ({ file }: { file: DataFilesOption }) => namesOfFiles(file),
};

/** What a pipeline file says of `npy`. */
export const npyFace = {
  doc: 'Arrays of NumPy in .npy files, as numpy.save writes them: as `npz`, with a file for each array.',
  example: 'source: { npy: { files: { x: data/x.npy, y: data/y.npy }, inputs: [x], targets: { y: [cat, dog] } } }',
  options: npyOptions,
  order: 'time' as const,
};
