import { type Diagnostic, warning } from '../base/diagnostics.ts';
import { showCount, showMeasure } from '../base/quantities.ts';
import type { ClassResult, Evaluation, NumberResult } from '../base/results.ts';
import { sizeOf } from '../base/tensor-shape.ts';

/** What a standard normal number is above one time in twenty. */
const surely = 1.645;

/** Test samples below which chance hides what any model has learnt. */
const fewest = 20;

/**
 * Says of outputs that the model tells no better than who always says the same: the most frequent class of the test
 * samples, or their mean. Where the model is better on these samples, but by no more than chance makes one time in
 * twenty (a one-sided test of the paired differences), it is not better either.
 */
export function learntNothing({ outputs }: Evaluation): readonly Diagnostic[] {
  return outputs.flatMap((output) => {
    if (output.kind === 'reconstruction' || bySample(output, () => 1).length < fewest) return [];
    return (output.kind === 'class' ? classesLearnt(output) : numbersLearnt(output)) ?? [];
  });
}

function classesLearnt(output: ClassResult): Diagnostic | undefined {
  const { name, shape, classes, actual, predicted, several } = output;
  const kinds = several?.length ?? 1;
  const counts = Array.from({ length: kinds }, () => new Float64Array(classes.length));
  eachPlace(output, (place) => counts[place % kinds]![actual[place]!]!++);
  const always = counts.map((of) => of.indexOf(Math.max(...of)));
  const isRight = (place: number) => Number(predicted[place] === actual[place]);
  const isFrequent = (place: number) => Number(actual[place] === always[place % kinds]);
  const gain = (place: number) => isRight(place) - isFrequent(place);
  // Who learns from classes of equal weight may say less of the frequent one and yet know much.
  const balanced = (place: number) => gain(place) / counts[place % kinds]![actual[place]!]!;
  if (isSurelyMore(bySample(output, gain)) || isSurelyMore(bySample(output, balanced))) return undefined;
  const share = (of: (place: number) => number) => sumOf(output, of) / countOf(output);
  const [right, so] = [share(isRight), share(isFrequent)];
  const chance = right > so ? mayBeChance : '';
  return nothingLearnt(
    name,
    several === undefined ? `\`${classes[always[0]!]}\`` : 'of each label what most samples have',
    `of ${showCount(countOf(output))} test ${shape.length === 0 ? 'samples' : 'places'} ${showMeasure(right)} are ` +
      `told right, and ${showMeasure(so)} so${chance}`,
  );
}

function numbersLearnt(output: NumberResult): Diagnostic | undefined {
  const { name, shape, actual, predicted } = output;
  const kinds = sizeOf(shape);
  const columns = Array.from({ length: kinds }, (): number[] => []);
  eachPlace(output, (place) => columns[place % kinds]!.push(actual[place]!));
  const means = columns.map(meanOf);
  const medians = columns.map((values) => Float64Array.from(values).sort()[values.length >> 1]!);
  const spreads = columns.map((values, k) => meanOf(values.map((value) => Math.abs(value - medians[k]!))) || 1);
  // Who learns from absolute errors may be far off where numbers are large, and yet know much.
  const gains = (constants: readonly number[], power: number) =>
    bySample(output, (place) => {
      const k = place % kinds;
      const off = (said: number) => Math.abs((actual[place]! - said) / spreads[k]!) ** power;
      return off(constants[k]!) - off(predicted[place]!);
    });
  if (isSurelyMore(gains(means, 2)) || isSurelyMore(gains(medians, 1))) return undefined;
  const error = (said: (place: number) => number) =>
    Math.sqrt(sumOf(output, (place) => (actual[place]! - said(place)) ** 2) / countOf(output));
  const [own, so] = [error((place) => predicted[place]!), error((place) => means[place % kinds]!)];
  const chance = own < so ? mayBeChance : '';
  return nothingLearnt(
    name,
    'its mean',
    `the root mean squared error is ${showMeasure(own)}, and ${showMeasure(so)} so${chance}`,
  );
}

const mayBeChance = ', which may be chance';

function nothingLearnt(target: string, constant: string, figures: string): Diagnostic {
  return warning(
    'nothing-learnt',
    `the model tells \`${target}\` no better than who always says ${constant}: ${figures}`,
    'Train longer, or change the learning rate or the layers; `pipeline run --overfit 10` says whether the model can ' +
      'learn at all. Where it can, see whether the inputs say anything of it.',
  );
}

/** Goes through the places that count: of masks and sequences they may be many millions. */
function eachPlace({ actual, there }: ClassResult | NumberResult, take: (place: number) => void): void {
  for (let place = 0; place < actual.length; place++) if (there?.[place] !== 0) take(place);
}

function sumOf(output: ClassResult | NumberResult, valueOf: (place: number) => number): number {
  let sum = 0;
  eachPlace(output, (place) => (sum += valueOf(place)));
  return sum;
}

const countOf = (output: ClassResult | NumberResult): number => sumOf(output, () => 1);

/** The mean of each sample's places; samples without any are left out. */
function bySample(output: ClassResult | NumberResult, valueOf: (place: number) => number): readonly number[] {
  const each = sizeOf(output.shape);
  const samples = output.actual.length / each;
  const [sums, counts] = [new Float64Array(samples), new Float64Array(samples)];
  eachPlace(output, (place) => {
    const sample = Math.floor(place / each);
    sums[sample]! += valueOf(place);
    counts[sample]!++;
  });
  return Array.from(sums, (sum, sample) => sum / counts[sample]!).filter((_, sample) => counts[sample]! > 0);
}

function isSurelyMore(gains: readonly number[]): boolean {
  const mean = meanOf(gains);
  const squares = gains.reduce((sum, gain) => sum + (gain - mean) ** 2, 0);
  return gains.length > 1 && mean > surely * Math.sqrt(squares / (gains.length - 1) / gains.length);
}

const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
