import { Type } from 'typebox';
import { mapOf } from '../../base/map-schema.ts';
import { realNumber, wholeNumber } from '../../base/numbers.ts';
import { EXPECTED, choice } from '../../base/row.ts';
import { checkpointOptions } from '../../checkpoints/checkpoint-schedule.ts';
import { augmentations } from '../../datasets/augment/augmentations.ts';
import { clippingOptions } from '../../training/clipping.ts';
import { earlyStoppingOptions } from '../../training/early-stopping.ts';
import { gatePattern } from '../../training/gates.ts';
import { losses } from '../../training/losses.ts';
import { metrics } from '../../training/metrics.ts';
import { emaOptions } from '../../training/moving-average.ts';
import { optimizers } from '../../training/optimizers.ts';
import { schedules } from '../../training/schedules.ts';
import { EITHER } from './schema-view.ts';

const closed = { additionalProperties: false } as const;

const classWeights = Type.Union(
  [
    Type.Literal('balanced'),
    mapOf(realNumber({ minimum: 0 }), {
      description: 'A factor for each class, by its name; 1 for those left out.',
    }),
  ],
  {
    description:
      'What the loss of a training sample is multiplied with: a factor by class name, or `balanced`, ' +
      'which gives small classes as much as large ones (samples / (classes * samples of the class)). ' +
      'The mean over a batch still divides by its samples, as in Keras.',
    examples: ['balanced', { cat: 2, dog: 1 }],
  },
);

const lossChoice = choice('loss', losses, {
  description:
    'What training makes small; the mean over the samples of a batch. ' +
    'Of numbers that are standardized for training it is the loss of those: ' +
    'that of always saying their mean is about 1 for meanSquaredError, whatever their unit.',
  examples: ['softmaxCrossEntropy'],
});

const output = Type.Object(
  {
    layer: Type.Optional(
      Type.String({
        description: 'The layer that gives the output. Without it: the layer with the name of the target.',
        examples: ['species'],
        minLength: 1,
      }),
    ),
    loss: lossChoice,
    weight: realNumber({
      description: 'What its loss is multiplied with in the sum over all outputs.',
      examples: [0.5],
      default: 1,
      exclusiveMinimum: 0,
    }),
    classWeights: Type.Optional(classWeights),
  },
  { ...closed, description: 'An output of the model.', examples: [{ loss: 'softmaxCrossEntropy', weight: 0.5 }] },
);

/** Schema of the `train` section; a file has one of `loss` and `outputs`. */
export const trainSchema = Type.Object(
  {
    optimizer: choice('optimizer', optimizers, {
      description: 'How the weights follow the gradients.',
      examples: ['adam', { adam: { learningRate: 0.001 } }],
    }),
    loss: Type.Optional(lossChoice),
    outputs: Type.Optional(
      mapOf(output, {
        description:
          'Instead of `loss`, where the data has several targets: for each, by its name, ' +
          'the layer that predicts it and a loss. Training makes the weighted sum of the losses small.',
        examples: [
          { species: { loss: 'softmaxCrossEntropy' }, mass: { layer: 'kilos', loss: 'meanSquaredError', weight: 0.1 } },
        ],
        minProperties: 1,
      }),
    ),
    batchSize: wholeNumber({ description: 'Samples per step.', examples: [100], default: 32, minimum: 1 }),
    epochs: wholeNumber({
      description: 'Passes over the training samples.',
      examples: [15],
      minimum: 1,
      maximum: 1_000_000,
    }),
    schedule: Type.Optional(
      choice('schedule', schedules, {
        description:
          "How the learning rate changes from step to step, beginning with the optimizer's. Without it, it stays.",
        examples: ['cosine', { step: { every: 10, factor: 0.1 } }],
      }),
    ),
    sampling: Type.Optional(
      Type.Union(
        [
          Type.Literal('balanced'),
          Type.Record(Type.String(), realNumber({ exclusiveMinimum: 0 }), {
            description: 'The share of each file or folder, by the name that the source has for it.',
            minProperties: 1,
          }),
        ],
        {
          description:
            'How an epoch takes its samples, drawn by seed and epoch. Without it: each once. Otherwise as many: ' +
            'with `balanced` equally many of each class, those of the first target that has one for each sample; or, ' +
            'where the source lists several files or folders, their shares, by their names there, in relation to the ' +
            'sum. Samples of small classes and of files that are short of their share come several times.',
          examples: ['balanced', { 'photos/own': 0.7, 'photos/public': 0.3 }],
        },
      ),
    ),
    augment: Type.Optional(
      Type.Array(
        choice('augmentation', augmentations, {
          description: 'A way to change training pictures or recordings at random.',
          examples: ['shift(2)', { rotate: { degrees: 10, probability: 0.5 } }],
        }),
        {
          description:
            'What training pictures or recordings are changed by at random in each epoch, from the first to the ' +
            'last; validation and test samples never are. Drawn by seed, epoch and sample alone.',
          examples: [['shift(2)', 'rotate(10)']],
          minItems: 1,
          maxItems: 100,
        },
      ),
    ),
    ...clippingOptions,
    classWeights: Type.Optional(classWeights),
    ema: Type.Optional(
      Type.Object(emaOptions, {
        ...closed,
        description:
          'Validate, test and save a moving average of the weights instead of the weights (Polyak and Juditsky 1992).',
        examples: [{ decay: 0.99 }],
      }),
    ),
    earlyStopping: Type.Optional(
      Type.Object(earlyStoppingOptions, {
        ...closed,
        description: 'End the training when a metric has not got better for some epochs.',
        examples: [{ monitor: 'val_loss', patience: 5 }],
      }),
    ),
    checkpoint: Type.Object(checkpointOptions, {
      ...closed,
      description: 'How often the state of the training is kept, which a run that was killed goes on from.',
      examples: [{ everySeconds: 60 }],
      default: {},
    }),
    step: Type.Enum(['auto', 'compiled', 'eager'], {
      description:
        'How a step is computed: `compiled` into one TensorFlow graph, `eager` op by op; ' +
        '`auto` compiles where that is possible and says so where it is not.',
      examples: ['auto'],
      default: 'auto',
    }),
  },
  {
    ...closed,
    [EITHER]: ['loss', 'outputs'],
    description: 'How it learns.',
    examples: [{ optimizer: 'adam', loss: 'softmaxCrossEntropy', batchSize: 100, epochs: 15 }],
  },
);

/** Schema of the `evaluate` section. */
export const evaluateSchema = Type.Object(
  {
    metrics: Type.Optional(
      Type.Array(
        choice('metric', metrics, { description: 'A metric of all test samples.', examples: ['accuracy', 'topK(5)'] }),
        {
          description:
            'Metrics of the test samples, beside the loss; each over the whole split, ' +
            'of each output that it fits. Without it: accuracy of classes, meanAbsoluteError of numbers.',
          examples: [['accuracy', 'f1', 'auc']],
          uniqueItems: true,
        },
      ),
    ),
    require: Type.Optional(
      mapOf(Type.String({ pattern: gatePattern, [EXPECTED]: 'a bound such as `>= 0.98` or `< 0.1`' }), {
        description:
          'What the model must reach on the test samples, by the names that metrics are recorded by, ' +
          'and `msPerSample`, the milliseconds that evaluation takes for one. ' +
          'A run that does not is recorded whole, and fails with exit code 1.',
        examples: [{ test_accuracy: '>= 0.98', msPerSample: '<= 2' }],
        minProperties: 1,
      }),
    ),
  },
  {
    ...closed,
    description: 'What the trained model is measured by.',
    examples: [{ metrics: ['accuracy'] }],
    default: {},
  },
);
