import { type TNumberOptions, Type } from 'typebox';
import { flag, list, number, object, such } from '../../base/json-form.ts';
import { realNumber } from '../../base/numbers.ts';
import { fitScale } from '../scale.ts';
import { defineMap } from './preparation.ts';
import { normalQuantile, quantileOf, shareBelow } from './quantiles.ts';

const takes = ['cells', 'numbers'] as const;
const pair = (description: string, limits: TNumberOptions = {}) =>
  Type.Array(realNumber(limits), { description, minItems: 2, maxItems: 2 });

const rises = (option: unknown) => {
  const [low, high] = option as readonly [number, number];
  return low < high ? undefined : `${low} is not below ${high}`;
};

/** What a column is divided by: 1 where that is rounding alone, as in scikit-learn. */
const orOne = (scale: number) => (scale < 10 * Number.EPSILON ? 1 : scale);
const divisor = such(number, (value) => value > 0);

const standardize = defineMap({
  kind: 'map',
  doc: 'Takes the mean away and divides by the standard deviation (StandardScaler).',
  example: 'standardize',
  plain: true,
  takes,
  gives: 'numbers',
  form: object({ mean: number, deviation: divisor }),
  fit: (values) => {
    const rows = Uint32Array.from(values, (_, row) => row);
    return { ...fitScale(values, rows).scale };
  },
  apply: (value, { mean, deviation }) => (value - mean) / deviation,
});

const minmax = defineMap({
  kind: 'map',
  doc:
    'Moves the smallest value to 0 and the largest to 1, or to the two that are named ' +
    '(MinMaxScaler, feature_range).',
  example: 'minmax: [-1, 1]',
  option: pair('What the smallest and the largest value become.'),
  plain: [0, 1],
  problem: rises,
  takes,
  gives: 'numbers',
  form: object({ scale: number, shift: number }),
  fit: (values, option) => {
    const [low, high] = option as readonly [number, number];
    let [smallest, largest] = [Infinity, -Infinity];
    for (let k = 0; k < values.length; k++) {
      smallest = Math.min(smallest, values[k]!);
      largest = Math.max(largest, values[k]!);
    }
    const scale = (high - low) / orOne(largest - smallest);
    return { scale, shift: low - smallest * scale };
  },
  apply: (value, { scale, shift }) => value * scale + shift,
});

const robust = defineMap({
  kind: 'map',
  doc:
    'Takes the median away and divides by the distance of two percentiles, ' +
    'which outliers hardly change (RobustScaler, quantile_range).',
  example: 'robust: [10, 90]',
  option: pair('The two percentiles.', { minimum: 0, maximum: 100 }),
  plain: [25, 75],
  problem: rises,
  takes,
  gives: 'numbers',
  form: object({ center: number, scale: divisor }),
  fit: (values, option) => {
    const [low, high] = option as readonly [number, number];
    const sorted = values.toSorted();
    const scale = orOne(quantileOf(sorted, high / 100) - quantileOf(sorted, low / 100));
    return { center: quantileOf(sorted, 0.5), scale };
  },
  apply: (value, { center, scale }) => (value - center) / scale,
});

const log = defineMap({
  kind: 'map',
  doc: 'The natural logarithm, of the value and an offset where one is named: `log: 1` takes 0, too.',
  example: 'log: 1',
  option: realNumber({ description: 'What is added before.' }),
  plain: 0,
  takes,
  gives: 'numbers',
  form: object({ offset: number }),
  fit: (_, option) => ({ offset: option as number }),
  apply: (value, { offset }) => Math.log(value + offset),
});

/** As many as scikit-learn keeps. */
const mostQuantiles = 1000;
/** How near a value is to an end to count as it, and how near a share may come to 0 and 1 (BOUNDS_THRESHOLD). */
const nearEnd = 1e-7;
const [least, most] = [nearEnd - Number.EPSILON, 1 - (nearEnd - Number.EPSILON)].map(normalQuantile);

const quantile = defineMap({
  kind: 'map',
  doc:
    'Where the value stands among those trained on, from 0 to 1; with `normal` as far from 0 as that is in the ' +
    'standard normal distribution (QuantileTransformer, output_distribution).',
  example: 'quantile: normal',
  option: Type.Enum(['uniform', 'normal'], { description: 'How the values lie then.' }),
  plain: 'uniform',
  takes,
  gives: 'numbers',
  form: object({ quantiles: such(list(number), ({ length }) => length > 0), isNormal: flag }),
  fit: (values, option) => {
    const sorted = values.toSorted();
    const count = Math.min(mostQuantiles, sorted.length);
    const quantiles: readonly number[] = Array.from({ length: count }, (_, k) =>
      quantileOf(sorted, count === 1 ? 0 : k / (count - 1)),
    );
    return { quantiles, isNormal: option === 'normal' };
  },
  apply: (value, { quantiles, isNormal }) => {
    const [first, last] = [quantiles[0]!, quantiles.at(-1)!];
    const near = isNormal ? nearEnd : 0;
    if (!isNormal || (value - near >= first && value + near <= last)) {
      const share = endOf(value, first, last) ?? shareBelow(quantiles, value);
      return isNormal ? Math.min(Math.max(normalQuantile(share), least!), most!) : share;
    }
    return value - near < first ? least! : most!;
  },
});

/** The share of a value that is an end: of both it is the first. */
function endOf(value: number, first: number, last: number): number | undefined {
  if (value === first) return 0;
  return value === last ? 1 : undefined;
}

/** The steps that bring numbers to where nets learn from them. */
export const scalers = { standardize, minmax, robust, log, quantile };
