import { Type } from 'typebox';
import { mapOf } from '../../base/map-schema.ts';
import { realNumber, wholeNumber } from '../../base/numbers.ts';
import { quantities } from '../../base/quantities.ts';
import { EXPECTED, type Table, choice } from '../../base/row.ts';
import { remotePattern } from '../../cache/remote/remote-address.ts';
import { chartDocs } from '../../charts/chart-docs.ts';
import { augmentations } from '../../datasets/augment/augmentations.ts';
import { datasets } from '../../datasets/datasets.ts';
import { cells } from '../../layers/cells.ts';
import { layers } from '../../layers/layers.ts';
import { constraints } from '../../layers/weights/constraints.ts';
import { addressPattern } from '../../tracking/server/server-address.ts';
import { initializers } from '../../layers/weights/initializers.ts';
import { losses } from '../../training/losses.ts';
import { metrics } from '../../training/metrics.ts';
import { optimizers } from '../../training/optimizers.ts';
import { regularizers } from '../../layers/weights/regularizers.ts';
import { schedules } from '../../training/schedules.ts';
import { modelSchema } from './model-schema.ts';
import { QUANTITY, type SchemaView, view } from './schema-view.ts';
import { evaluateSchema, trainSchema } from './train-schema.ts';

/** Every table that a pipeline file chooses from, by what messages call a member. */
export const tables: Readonly<Record<string, Table>> = {
  'data set': datasets,
  layer: layers,
  cell: cells,
  initializer: initializers,
  regularizer: regularizers,
  constraint: constraints,
  optimizer: optimizers,
  loss: losses,
  schedule: schedules,
  augmentation: augmentations,
  metric: metrics,
};

const closed = { additionalProperties: false } as const;

const title = (description: string, example: string) =>
  Type.String({
    description,
    examples: [example],
    pattern: '^(?=.*\\S)[^\\p{Cc}\\p{Zl}\\p{Zp}]{1,250}$',
    [EXPECTED]: 'a text of 1 to 250 characters on one line',
  });

const quantity = (kind: keyof typeof quantities, description: string, examples: readonly string[]) => {
  const { pattern, expected } = quantities[kind];
  return Type.Optional(
    Type.String({ description, examples: [...examples], pattern, [EXPECTED]: expected, [QUANTITY]: kind }),
  );
};

const partWord = (what: string) =>
  Type.Optional(
    Type.String({ description: `What it says of rows ${what}.`, examples: ['a'], minLength: 1, maxLength: 100 }),
  );

const data = Type.Object(
  {
    source: choice('data set', datasets, {
      description: 'The data set: a named one, or a format with its files.',
      examples: ['mnist'],
    }),
    split: Type.Object(
      {
        validation: Type.Union(
          [wholeNumber({ minimum: 0 }), realNumber({ exclusiveMinimum: 0, exclusiveMaximum: 1 })],
          {
            description:
              'Training samples held back to validate after each epoch: how many, or which share of them; ' +
              '0 for none, and no `val_` metrics. The test samples come with the data set. ' +
              'Without effect where `column` or files of the source say which samples validate.',
            examples: [5000, 0.1],
            default: 0.1,
          },
        ),
        stratified: Type.Boolean({
          description:
            'Give each class the same share of the validation samples as it has of all, ' +
            'and of a test that is a share of a table. Without effect where there is an `order` or a `group`.',
          examples: [true],
          default: true,
        }),
        order: Type.Optional(
          Type.String({
            description:
              'The samples have an order in time: the last of them are the test, where that is a share of them, ' +
              'and those before it validate, instead of random ones. `time` takes them as they stand in the ' +
              'files; the name of a column sorts the rows of a table by it, numbers or dates such as 2024-12-31.',
            examples: ['time', 'date'],
            minLength: 1,
            maxLength: 100,
          }),
        ),
        group: Type.Optional(
          Type.String({
            description:
              'A column of a table: rows that are alike in it, such as those of one patient, are all in one part. ' +
              'Nothing is learnt from it. Shares are of the rows, met as nearly as whole groups can.',
            examples: ['patient'],
            minLength: 1,
            maxLength: 100,
          }),
        ),
        column: Type.Optional(
          Type.String({
            description:
              'A column of a table that says the part of each row: train, validation (or valid, val) and test, ' +
              'or what `parts` says. Nothing is learnt from it. ' +
              'Where it names none for validation, they are drawn from those of train.',
            examples: ['part'],
            minLength: 1,
            maxLength: 100,
          }),
        ),
        parts: Type.Optional(
          Type.Object(
            {
              train: partWord('trained on'),
              validation: partWord('for validation'),
              test: partWord('for the test'),
            },
            {
              ...closed,
              description: 'What `column` says of each part, where it is not the name of the part.',
              examples: [{ train: 'fit', validation: 'dev', test: 'holdout' }],
              minProperties: 1,
            },
          ),
        ),
      },
      {
        ...closed,
        description: 'How the training samples are divided.',
        examples: [{ validation: 5000 }],
        default: {},
      },
    ),
    folds: Type.Optional(
      wholeNumber({
        description:
          'Cross-validation: the samples are divided into so many parts of equal size, and there is a run for each ' +
          'of them that it is held back in. Where the test is a share of the samples, it is the test; where the test ' +
          'is given, it validates, and the test is the same for all. Classes and groups are as `split` says.',
        examples: [5],
        minimum: 2,
        maximum: 100,
      }),
    ),
    fold: Type.Optional(
      wholeNumber({
        description: 'The one of the `folds` that is held back, counted from 1; left out: each, in a run of its own.',
        examples: [1],
        minimum: 1,
        maximum: 100,
      }),
    ),
    memory: quantity(
      'byteSize',
      'Most memory that the samples may take; 2 GB without it. ' +
        'Of `images` and `masks`, what is more is decoded once into `.layerline/packed/`, and read from there.',
      ['512MB', '4GB'],
    ),
  },
  { ...closed, description: 'What is learnt from.', examples: [{ source: 'mnist', split: { validation: 5000 } }] },
);

const reference = Type.Object(
  {
    label: title('What the reference is called in figures and report.', 'the tutorial'),
    epochs: mapOf(
      mapOf(
        realNumber(),
        {
          ...closed,
          description: 'Values by epoch, counted from 1.',
        },
        '^[1-9]\\d{0,6}$',
      ),
      {
        ...closed,
        description: 'Values of metrics of training: metric, epoch, value.',
        examples: [{ loss: { 1: 0.342, 15: 0.0147 } }],
        default: {},
      },
      '^[A-Za-z_]\\w*$',
    ),
    metrics: mapOf(
      realNumber(),
      {
        ...closed,
        description: 'Single values.',
        examples: [{ test_accuracy: 0.9872 }],
        default: {},
      },
      '^[A-Za-z_]\\w*$',
    ),
  },
  {
    ...closed,
    description: 'Published figures for the same work, drawn beside those of the run.',
    examples: [{ label: 'the tutorial', epochs: { loss: { 1: 0.342 } }, metrics: { test_accuracy: 0.9872 } }],
  },
);

const visualize = Type.Object(
  {
    figures: Type.Optional(
      Type.Array(Type.Enum(Object.keys(chartDocs)), {
        description: `Figures of the report; without it, all that fit the data. ${Object.entries(chartDocs)
          .map(([name, doc]) => `${name}: ${doc}`)
          .join(' ')}`,
        examples: [['learningCurves', 'confusionMatrix']],
        uniqueItems: true,
      }),
    ),
    reference: Type.Optional(reference),
  },
  { ...closed, description: 'What is drawn.', examples: [{ figures: ['learningCurves'] }], default: {} },
);

const tracking = Type.Object(
  {
    uri: Type.Optional(
      Type.String({
        description:
          'MLflow server that the run is recorded on, besides the local store. ' +
          'The command line and MLFLOW_TRACKING_URI come first. ' +
          'Credentials of the environment go there once `pipeline run --trust-tracking` was said.',
        examples: ['http://127.0.0.1:5000'],
        pattern: addressPattern,
        [EXPECTED]: 'the address of an MLflow server',
      }),
    ),
    experiment: Type.Optional(
      title('Experiment that the run belongs to; without it, the name of the pipeline.', 'digits'),
    ),
  },
  { ...closed, description: 'Where the run is recorded.', examples: [{ experiment: 'digits' }], default: {} },
);

const cache = Type.Object(
  {
    remote: Type.String({
      description:
        'A place that several machines reach, where outcomes of stages are kept besides `.layerline/`: ' +
        'what another machine of the same kind has done is fetched, and not done again. ' +
        'A folder (`file:`) has to be there, empty at first; `mlflow-artifacts:` is the store of the tracking ' +
        'server; `s3:` is a bucket, used where PIPELINE_CACHE_REMOTE names it. PIPELINE_CACHE_REMOTE comes first.',
      examples: ['file:///mnt/shared/cache', 'mlflow-artifacts:/layerline', 's3://bucket/layerline'],
      pattern: remotePattern,
      [EXPECTED]: 'the address of a place that several machines reach',
    }),
  },
  {
    ...closed,
    description: 'Where kept outcomes are shared with other machines.',
    examples: [{ remote: 'file:///mnt/shared/cache' }],
  },
);

const budget = Type.Object(
  {
    time: quantity('duration', 'Wall time of a whole run.', ['10m', '1h30m']),
    memory: quantity(
      'byteSize',
      'Largest resident memory of the process; KB, MB, GB, TB are powers of 1000, KiB, MiB, GiB, TiB of 1024.',
      ['2GB', '800MB'],
    ),
  },
  {
    ...closed,
    description:
      'What a run may take. A run whose forecast is above it does not start; ' +
      'one that turns out slower or larger than that is stopped in training.',
    examples: [{ time: '10m', memory: '2GB' }],
  },
);

/** What `train` has only where it has no `outputs`. */
export const ofOneOutput: readonly string[] = ['loss', 'classWeights'];

/**
 * The schema that a file's full form is checked against: with one loss, or with outputs that have a loss each.
 *
 * @param several the file has `train.outputs`
 */
export function schemaFor(several: boolean): SchemaView {
  const whole = view(pipelineSchema);
  const train = view(trainSchema);
  const properties = Object.fromEntries(
    Object.entries(train.properties!).filter(([key]) => !ofOneOutput.includes(key)),
  );
  const fitting = several ? { ...train, properties } : { ...train, required: ['loss', ...train.required!] };
  return { ...whole, properties: { ...whole.properties, train: fitting } };
}

/** Schema of a pipeline file in full form: what compact texts and defaults are expanded to. */
export const pipelineSchema = Type.Object(
  {
    extends: Type.Optional(
      Type.String({
        description:
          'A pipeline file that this one is laid over: maps merge key by key, ' +
          'everything else replaces what is there. The path counts from the folder of this file; ' +
          'the paths in both from that of the file that is run.',
        examples: ['./base.yaml'],
      }),
    ),
    name: title('Name of the pipeline; names the experiment in the tracker too.', 'mnist'),
    seed: wholeNumber({
      description: 'The only source of randomness: first weights, split, order, dropout.',
      examples: [42],
      default: 42,
      minimum: 0,
      maximum: 4_294_967_295,
    }),
    repeat: Type.Optional(
      wholeNumber({
        description:
          'Train so many times, each time with another seed, and tell mean, standard deviation and interval; ' +
          'left out or 1: once. With `folds`, each repetition has all of them, divided anew.',
        examples: [5],
        minimum: 1,
        maximum: 100,
      }),
    ),
    data,
    model: modelSchema,
    train: trainSchema,
    evaluate: evaluateSchema,
    visualize,
    tracking,
    cache: Type.Optional(cache),
    budget: Type.Optional(budget),
  },
  {
    ...closed,
    title: 'Layerline pipeline',
    description: 'A training pipeline: data, model, training, evaluation, figures.',
  },
);
