import { Type } from 'typebox';
import { list, number, object, oneOf, such } from '../../base/json-form.ts';
import { realNumber, wholeNumber } from '../../base/numbers.ts';
import { type CellStep, defineMap } from './preparation.ts';

const bucketize = defineMap({
  kind: 'map',
  doc:
    'Which of the ranges between some bounds a value is in: a category, which becomes 0 and 1 for each, ' +
    'or its number with `index` behind. A bound belongs to the range above it.',
  example: 'bucketize: [18, 30, 65]',
  option: Type.Array(realNumber(), {
    description: 'The bounds, rising.',
    examples: [[18, 30, 65]],
    minItems: 1,
    maxItems: 255,
  }),
  problem: (option) => {
    const bounds = option as readonly number[];
    const wrong = bounds.findIndex((bound, k) => k > 0 && bound <= bounds[k - 1]!);
    return wrong < 0 ? undefined : `${bounds[wrong]} is not above ${bounds[wrong - 1]}`;
  },
  takes: ['cells', 'numbers'],
  gives: 'categories',
  form: object({ bounds: list(number) }),
  fit: (_, option) => ({ bounds: option as readonly number[] }),
  categories: ({ bounds }) => bounds.length + 1,
  apply: (value, { bounds }) => {
    if (Number.isNaN(value)) return value;
    let bucket = 0;
    while (bucket < bounds.length && value >= bounds[bucket]!) bucket++;
    return bucket;
  },
});

/** The parts of a date by their names, from a date in UTC; counted as pandas counts them. */
const parts = {
  year: (date: Date) => date.getUTCFullYear(),
  month: (date: Date) => date.getUTCMonth() + 1,
  day: (date: Date) => date.getUTCDate(),
  dayOfYear: (date: Date) =>
    (Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()) - Date.UTC(date.getUTCFullYear(), 0, 1)) /
      86_400_000 +
    1,
  weekday: (date: Date) => (date.getUTCDay() + 6) % 7,
  hour: (date: Date) => date.getUTCHours(),
  minute: (date: Date) => date.getUTCMinutes(),
};
type PartName = keyof typeof parts;
const partNames: readonly PartName[] = ['year', 'month', 'day', 'dayOfYear', 'weekday', 'hour', 'minute'];

const dateParts = defineMap({
  kind: 'map',
  doc:
    'The parts of a date as numbers, one for each: month and day count from 1, weekdays from 0, which is Monday. ' +
    'Times with a zone are those of UTC.',
  example: 'dateParts: [year, month, weekday]',
  option: Type.Array(Type.Enum([...partNames]), {
    description: 'Which parts.',
    examples: [['year', 'month', 'weekday']],
    minItems: 1,
    uniqueItems: true,
  }),
  takes: ['cells'],
  gives: 'numbers',
  reads: 'dates',
  form: object({ parts: such(list(oneOf(...partNames)), ({ length }) => length > 0) }),
  fit: (_, option) => ({ parts: option as readonly PartName[] }),
  width: ({ parts: chosen }) => chosen.length,
  apply: (value, { parts: chosen }, k) => parts[chosen[k]!](new Date(value)),
});

const cyclic = defineMap({
  kind: 'map',
  doc: 'Sine and cosine of a value that begins anew after a period, so that the end is near the beginning.',
  example: 'cyclic: 24',
  option: realNumber({
    description: 'After how much it begins anew: 12 months, 24 hours.',
    examples: [24],
    exclusiveMinimum: 0,
  }),
  takes: ['cells', 'numbers'],
  gives: 'numbers',
  form: object({ period: such(number, (value) => value > 0) }),
  fit: (_, option) => ({ period: option as number }),
  width: () => 2,
  apply: (value, { period }, k) => (k === 0 ? Math.sin : Math.cos)((2 * Math.PI * value) / period),
});

const hash: CellStep = {
  kind: 'hash',
  doc:
    'Puts each text into one of so many buckets by its MurmurHash3, new texts too: a category, which becomes 0 and 1 ' +
    'for each, or its number with `index` behind. For columns of more values than can be listed.',
  example: 'hash: 64',
  option: wholeNumber({ description: 'The buckets.', examples: [64], minimum: 2, maximum: 65_536 }),
  takes: ['cells'],
  gives: 'categories',
};

const oneHot: CellStep = {
  kind: 'oneHot',
  doc:
    'A 0 or 1 for each value of the column, 256 at most (OneHotEncoder). ' +
    'The values are those of `categories`, else those of the data.',
  example: 'oneHot',
  plain: true,
  takes: ['cells', 'categories'],
  gives: 'done',
};

const index: CellStep = {
  kind: 'index',
  doc:
    'The place of the value among those of the column, from 0: for an `embedding` (OrdinalEncoder). ' +
    'The values are those that `oneHot` has.',
  example: 'index',
  plain: true,
  takes: ['cells', 'categories'],
  gives: 'done',
};

/** The steps that make numbers of what is none, or categories of numbers. */
export const encoders = { oneHot, index, hash, bucketize, dateParts, cyclic };
