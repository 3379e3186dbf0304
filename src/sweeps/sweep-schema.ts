import { Type } from 'typebox';
import { mapOf } from '../base/map-schema.ts';
import { wholeNumber } from '../base/numbers.ts';
import { quantities } from '../base/quantities.ts';
import { EXPECTED } from '../base/row.ts';
import { QUANTITY } from '../language/schema/schema-view.ts';
import { rangePattern } from './distribution-text.ts';
import { onSchema } from './executors.ts';

const closed = { additionalProperties: false } as const;

/** Most values that one list of the space may have, each of which is planned before anything runs. */
export const choiceLimit = 100;
/** Most paths of a space. */
const pathLimit = 50;
/** Most trials of a sweep. */
export const trialLimit = 10_000;

/** Schema of a sweep file in full form. */
export const sweepSchema = Type.Object(
  {
    sweep: Type.String({
      description: 'The pipeline file whose values are varied; the path counts from the folder of this file.',
      examples: ['./mnist.yaml'],
      minLength: 1,
    }),
    seed: wholeNumber({
      description: 'What the values of the trials are drawn by. What a trial draws, the seed of the pipeline says.',
      examples: [7],
      default: 42,
      minimum: 0,
      maximum: 4_294_967_295,
    }),
    goal: Type.String({
      description:
        'Which metric of validation is to be as large or as small as it gets. The test stays out of it: ' +
        'it measures what was chosen.',
      examples: ['maximize val_accuracy', 'minimize val_loss'],
      pattern: '^\\s*(?:maximize|minimize)\\s+\\S+\\s*$',
      [EXPECTED]: 'a direction and a metric, such as `maximize val_accuracy`',
    }),
    space: mapOf(
      Type.Union(
        [
          Type.String({ pattern: rangePattern }),
          Type.Array(Type.Unknown(), {
            minItems: 1,
            maxItems: choiceLimit,
            uniqueItems: true,
            [EXPECTED]: `a list of 1 to ${choiceLimit} values`,
          }),
        ],
        {
          description:
            'A range, such as `log 1e-5..1e-1`, `0.1..0.5`, `int 16..128 step 16` or `int log 1..1024`, ' +
            'or a list of any values.',
          examples: ['log 1e-5..1e-1', 'int 16..128 step 16', [50, 100, 200]],
          [EXPECTED]: `a range such as \`log 1e-5..1e-1\`, or a list of 1 to ${choiceLimit} values`,
        },
      ),
      {
        ...closed,
        description: 'What is varied: paths of the pipeline, as `--set` takes them, and the values of each.',
        examples: [{ 'train.optimizer.learningRate': 'log 1e-4..1e-2', 'train.batchSize': [50, 100] }],
        minProperties: 1,
        maxProperties: pathLimit,
      },
    ),
    search: Type.Enum(['grid', 'random', 'tpe'], {
      description:
        'How values are chosen. grid: all combinations; random: by chance; ' +
        'tpe: near those that did well, by Optuna, which needs Python.',
      examples: ['tpe'],
      default: 'random',
    }),
    trials: Type.Optional(
      wholeNumber({
        description: 'How many combinations are tried; of a grid without it, all.',
        examples: [60],
        minimum: 1,
        maximum: trialLimit,
      }),
    ),
    asha: Type.Optional(
      Type.Object(
        {
          from: wholeNumber({
            description: 'Epochs of the first rung; less than the pipeline has.',
            examples: [1],
            default: 1,
            minimum: 1,
          }),
          factor: wholeNumber({
            description: 'One of so many trials goes on from a rung to the next, which is as many times as long.',
            examples: [3],
            default: 3,
            minimum: 2,
            maximum: 1000,
          }),
        },
        {
          ...closed,
          description: 'Trains most trials for a few epochs, and only the best of them on (ASHA, Li et al. 2020).',
          examples: [{ from: 1, factor: 3 }],
        },
      ),
    ),
    failures: Type.Optional(
      wholeNumber({
        description: 'Failed trials that are allowed; one more ends the sweep. Without it, all may fail.',
        examples: [10],
        minimum: 0,
      }),
    ),
    parallel: wholeNumber({
      description: 'Trials at once.',
      examples: [2],
      default: 1,
      minimum: 1,
      maximum: 1000,
    }),
    budget: Type.Optional(
      Type.Object(
        {
          time: Type.Optional(
            Type.String({
              description: 'Wall time of the whole sweep; no trial begins after it.',
              examples: ['2h'],
              pattern: quantities.duration.pattern,
              [EXPECTED]: quantities.duration.expected,
              [QUANTITY]: 'duration',
            }),
          ),
        },
        { ...closed, description: 'What the sweep may take.', examples: [{ time: '2h' }] },
      ),
    ),
    on: onSchema,
  },
  {
    ...closed,
    title: 'Layerline sweep',
    description: 'Many runs of one pipeline file, with values that vary.',
  },
);
