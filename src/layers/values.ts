import type { Shape } from '../base/tensor-shape.ts';

/** What is known of the values that a layer gives, at work without training. */
export interface Values {
  /** None is below. */
  readonly low: number;
  /** None is above. */
  readonly high: number;
  /** Those along the last axis are a probability distribution: none is below 0, and they add up to 1. */
  readonly distribution?: true;
  /** Each is a whole number, in training too. */
  readonly whole?: true;
  /** The activation that makes them so, as far as it is one. */
  readonly by?: string;
}

/** The shapes of a layer's inputs and output, for one sample. */
export interface Shapes {
  readonly inputs: readonly Shape[];
  readonly output: Shape;
}

/** Values of which nothing is known. */
export const anything: Values = { low: -Infinity, high: Infinity };

const within01 = ({ low, high }: Values) => low >= 0 && high <= 1;

/** What softmax makes at most of values from 0 to 1. @param units along the last axis */
const flatSoftmax = (units: number) => Math.E / (Math.E + units - 1);

/** Values that are all the same. */
export const constant = (value: number): Values => ({
  low: value,
  high: value,
  ...(Number.isInteger(value) ? { whole: true } : {}),
});

/** Functions that never fall. */
const rising: Readonly<Record<string, (x: number) => number>> = {
  elu: (x) => (x > 0 ? x : Math.expm1(x)),
  hardSigmoid: (x) => Math.min(1, Math.max(0, 0.2 * x + 0.5)),
  relu: (x) => Math.max(0, x),
  relu6: (x) => Math.min(6, Math.max(0, x)),
  selu: (x) => 1.0507009873554805 * (x > 0 ? x : 1.6732632423543772 * Math.expm1(x)),
  sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  softplus: (x) => (x > 30 ? x : Math.log1p(Math.exp(x))),
  softsign: (x) => Math.sign(x) * (1 - 1 / (1 + Math.abs(x))),
  tanh: Math.tanh,
};

/** Functions that dip below 0 once, and how far. */
const dips: Readonly<Record<string, number>> = { gelu: -0.171, gelu_new: -0.171, mish: -0.309, swish: -0.279 };

/** What an activation function makes of values. @param output the shape of one sample */
export function activated(activation: string, input: Values, output: Shape): Values {
  if (activation === 'linear') return input;
  const units = output.at(-1)!;
  if (activation === 'softmax')
    return {
      low: units === 1 ? 1 : 0,
      high: within01(input) ? flatSoftmax(units) : 1,
      distribution: true,
      by: activation,
    };
  if (activation === 'logSoftmax')
    return {
      low: units === 1 ? 0 : -Infinity,
      high: within01(input) ? Math.log(flatSoftmax(units)) : 0,
      by: activation,
    };
  const dip = dips[activation];
  if (dip !== undefined) return { low: input.low >= 0 ? 0 : dip, high: Math.max(0, input.high), by: activation };
  return mapped(input, rising[activation]!, activation);
}

/** Values after a function that never falls; those that it leaves as they are keep all that is known of them. */
export function mapped(input: Values, f: (x: number) => number, by: string): Values {
  const [low, high] = [f(input.low), f(input.high)];
  if (low === input.low && high === input.high && /^(relu|reLU|leakyReLU|elu)/.test(by)) return input;
  const whole = input.whole === true && /^(relu|reLU|thresholdedReLU)/.test(by) && isWhole(low) && isWhole(high);
  return { low, high, by, ...(whole ? { whole } : {}) };
}

/** Of a layer with an activation at its end. */
export const ofActivation = (
  _: readonly Values[],
  { activation }: { readonly activation: string },
  { output }: Shapes,
): Values => activated(activation, anything, output);

/** Of a layer that takes places apart, repeats or averages them, but leaves the last axis as it is. */
export const unchanged = ([input]: readonly Values[]): Values => input!;

/**
 * Of a layer that averages places: distributions stay some, and what else an activation has made is its own no longer.
 */
export const averagedPlaces = ([input]: readonly Values[]): Values =>
  input!.distribution === true ? disturbed([input!]) : { low: input!.low, high: input!.high };

/** Of a layer that leaves values as they are without training alone, or draws lines between neighbours. */
export const disturbed = ([input]: readonly Values[]): Values => {
  const { whole: _, ...rest } = input!;
  return rest;
};

/** Of a layer that gives the same values in the same order in another shape. */
export const reshaped = ([input]: readonly Values[], _: unknown, { inputs, output }: Shapes): Values =>
  inputs[0]!.at(-1) === output.at(-1) ? input! : apart(input!);

/** Of a layer that chooses values along other axes than the last, not the same for all of them. */
export const chosen = ([input]: readonly Values[]): Values => apart(input!);

/** Of a layer that puts zeros in. */
export const withZero = ([input]: readonly Values[]): Values => joined([input!, { ...constant(0), ...by(input!) }]);

/** Values of which each is by itself, whatever they added up to. */
function apart(values: Values): Values {
  const { low, high } = values;
  return { low, high, ...wholeOf([values]), ...by(values) };
}

const by = ({ by: name }: Pick<Values, 'by'>) => (name === undefined ? {} : { by: name });

/** Whether a bound is one of whole numbers. */
const isWhole = (bound: number) => Number.isInteger(bound) || !Number.isFinite(bound);

/** Sums, differences, products of whole numbers are some, and a choice among them. */
const wholeOf = (all: readonly Values[]): Pick<Values, 'whole'> =>
  all.every(({ whole }) => whole === true) ? { whole: true } : {};

/** Values that are of one or of another. */
function joined(all: readonly Values[]): Values {
  return {
    low: Math.min(...all.map(({ low }) => low)),
    high: Math.max(...all.map(({ high }) => high)),
    ...wholeOf(all),
    ...shared(all),
  };
}

/** Values side by side; along another axis than the last they add up to what they did. */
export function beside(all: readonly Values[], alongTheLast: boolean): Values {
  return {
    ...joined(all),
    ...(!alongTheLast && all.every(({ distribution }) => distribution === true) ? { distribution: true } : {}),
  };
}

function shared(all: readonly Values[]) {
  return all.every((one) => one.by === all[0]!.by) ? by(all[0]!) : {};
}

const total = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);

/** Values added up. */
export function added(all: readonly Values[]): Values {
  return {
    low: total(all.map(({ low }) => low)),
    high: total(all.map(({ high }) => high)),
    ...wholeOf(all),
    ...shared(all),
  };
}

/** The mean of values of one shape: a mean of distributions is one. */
export function averaged(all: readonly Values[], shapes: readonly Shape[] = []): Values {
  const { low, high, ...rest } = disturbed([added(all)]);
  const still =
    all.every(({ distribution }) => distribution === true) &&
    shapes.every((shape) => String(shape) === String(shapes[0]));
  return { low: low / all.length, high: high / all.length, ...rest, ...(still ? { distribution: true } : {}) };
}

/** Values multiplied with each other; one that comes twice is a square, which is never negative. */
export function multiplied(all: readonly Values[]): Values {
  const powers = [...new Set(all)].map((one) => powerOf(one, all.filter((other) => other === one).length));
  const { low, high } = powers.reduce(product);
  return { low, high, ...wholeOf(all), ...shared(all) };
}

function product(a: Values, b: Values): Values {
  const corners = [a.low, a.high].flatMap((x) => [b.low, b.high].map((y) => times(x, y)));
  return { low: Math.min(...corners), high: Math.max(...corners) };
}

function powerOf(base: Values, exponent: number): Values {
  const { low, high } = Array.from({ length: exponent }, () => base).reduce(product);
  return exponent % 2 === 0 ? { low: Math.max(0, low), high } : { low, high };
}

/** 0 times anything is 0, however large. */
const times = (x: number, y: number) => (x === 0 || y === 0 ? 0 : x * y);

/** Values multiplied pair by pair, and so many products added up. */
export function summedProducts([a, b]: readonly Values[], count: number): Values {
  const { low, high } = multiplied([a!, b!]);
  return { low: times(low, count), high: times(high, count) };
}

/** Values less others. */
export function subtracted(all: readonly Values[]): Values {
  const [a, b] = all;
  if (a === b) return constant(0);
  return { low: a!.low - b!.high, high: a!.high - b!.low, ...wholeOf(all) };
}

/** The largest of values, or the smallest. */
export function extreme(of: 'max' | 'min', all: readonly Values[]): Values {
  return {
    low: Math[of](...all.map(({ low }) => low)),
    high: Math[of](...all.map(({ high }) => high)),
    ...wholeOf(all),
    ...shared(all),
  };
}

/** Values in words: `probabilities (softmax)`, `values of 0 or more (relu)`. */
export function describeValues({ low, high, distribution, by: name }: Values): string {
  const told = name === undefined ? '' : ` (${name})`;
  const round = (value: number) => String(Number(value.toPrecision(3)));
  if (distribution === true) return `probabilities that add up to 1${told}`;
  if (low === -Infinity && high === Infinity) return 'values of any size';
  if (high === Infinity) return `values of ${round(low)} or more${told}`;
  return low === -Infinity
    ? `values of ${round(high)} or less${told}`
    : `values of ${round(low)} to ${round(high)}${told}`;
}
