import { showMeasure } from './quantities.ts';
import { type Evaluation, type OutputResult } from './results.ts';
import { type Interval, type SampleScores, bootstrapInterval, shareInterval } from './statistics.ts';
import { sizeOf } from './tensor-shape.ts';

/** Draws of the bootstrap: one seed gives every run the same interval again, and no other would do better. */
const seed = 1;

/**
 * Where accuracy and mean absolute error would lie on other test samples like these, by their bootstrap: what the
 * sample of the test is worth, not what another training would give.
 *
 * @returns by the metric's name; none of metrics that are no mean over samples
 */
export function sampleIntervals({ metrics, outputs }: Evaluation): Readonly<Record<string, Interval>> {
  const found: Record<string, Interval> = {};
  for (const output of outputs) {
    const own = output.kind === 'class' ? 'accuracy' : 'meanAbsoluteError';
    const name = outputs.length > 1 ? `${output.name}_${own}` : own;
    const metric = Object.keys(metrics).find((key) => key.replace(/^[a-z]+_/, '') === name);
    const scores = metric === undefined ? undefined : scoresOf(output);
    const interval = scores && (output.kind === 'class' ? shareInterval : bootstrapInterval)(scores, seed);
    if (metric !== undefined && interval !== undefined) found[metric] = interval;
  }
  return found;
}

/** The same as metrics: `test_accuracy_ci_low`, `test_accuracy_ci_high`. */
export function intervalMetrics(evaluation: Evaluation): Readonly<Record<string, number>> {
  return Object.fromEntries(
    Object.entries(sampleIntervals(evaluation)).flatMap(([name, { low, high }]) => [
      [`${name}${lowEnding}`, low],
      [`${name}${highEnding}`, high],
    ]),
  );
}

/** What a metric's name ends in where it is a bound of another. */
const [lowEnding, highEnding] = ['_ci_low', '_ci_high'] as const;

/** Whether a metric is a bound of another. */
export const isBound = (name: string): boolean => name.endsWith(lowEnding) || name.endsWith(highEnding);

/** The interval of a metric, in words, behind its value; nothing where it has none. */
export function showBounds(name: string, metrics: Readonly<Record<string, number>>): string {
  const [low, high] = [metrics[name + lowEnding], metrics[name + highEnding]];
  return low === undefined || high === undefined ? '' : ` (95 %: ${showMeasure(low)} to ${showMeasure(high)})`;
}

function scoresOf(output: OutputResult): SampleScores | undefined {
  if (output.kind === 'reconstruction') return undefined;
  const { shape, actual, predicted, there } = output;
  const each = sizeOf(shape);
  const samples = Math.floor(actual.length / each);
  const [sums, counts] = [new Float64Array(samples), new Float64Array(samples)];
  for (let place = 0; place < samples * each; place++) {
    if (there?.[place] === 0) continue;
    const sample = Math.floor(place / each);
    const apart =
      output.kind === 'class'
        ? Number(actual[place] === predicted[place])
        : Math.abs(actual[place]! - predicted[place]!);
    sums[sample]! += apart;
    counts[sample]! += 1;
  }
  return { sums, counts };
}
