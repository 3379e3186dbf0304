import { type Static, type TObject, Type } from 'typebox';
import type { History } from '../base/results.ts';
import { realNumber, wholeNumber } from '../base/numbers.ts';
import type { CompactText, Misfit, Row } from '../base/row.ts';
import { isBetter, monitorOptions } from './monitor.ts';

/** What a schedule is laid over. */
export interface ScheduleFacts {
  /** The optimizer's learningRate: what the schedule starts from, or for oneCycle its peak. */
  readonly learningRate: number;
  readonly epochs: number;
  readonly stepsPerEpoch: number;
}

/** The learning rate of each step, counted from 0 over the whole training. */
export type Rates = (step: number) => number;

/** A schedule of the learning rate: everything the program knows of it. */
export interface ScheduleRow<O extends TObject = TObject> extends Row<O> {
  /**
   * The rates from here on; depend on nothing but the arguments, so a resumed run has the same.
   * @param history metrics of the epochs so far
   */
  rates(options: Static<O>, facts: ScheduleFacts, history: History): Rates;
  /** Whether the rates change with the number of epochs, so that a longer training does not begin as a shorter one. */
  dependsOnEpochs(options: Static<O>): boolean;
  /** Says why the options do not fit the training. */
  misfit?(options: Static<O>, facts: ScheduleFacts): Misfit | undefined;
}

const warmUp = realNumber({
  description:
    'Epochs in which the rate first rises in a straight line, ' +
    'from a small share of it in the first step to all of it in the last; may be a fraction.',
  default: 0,
  minimum: 0,
});
const span = Type.Optional(
  realNumber({
    description:
      'Epochs that the fall takes; the rate stays as it is then. Without it: all that are left after the warm-up.',
    exclusiveMinimum: 0,
  }),
);
const endLearningRate = realNumber({ description: 'The rate at the end of the fall.', default: 0, minimum: 0 });
const every = (fallback: number) =>
  realNumber({ description: 'Epochs from one multiplication to the next.', default: fallback, exclusiveMinimum: 0 });
const factor = (fallback: number) =>
  realNumber({
    description: 'What the rate is multiplied with.',
    default: fallback,
    exclusiveMinimum: 0,
    exclusiveMaximum: 1,
  });

function warmUpText(name: string): CompactText {
  return {
    usage: `${name}(WARMUP)`,
    word: (word, position) =>
      position === 0 && word !== '' && Number(word) >= 0 ? { warmUp: Number(word) } : undefined,
  };
}

/**
 * A row whose rate falls over its steps after the warm-up. Of `n` steps of warm-up, step `k` has `k / n` of the rate,
 * counted from 1 (Goyal et al. 2017; pytorch_warmup's LinearWarmup): none is wasted on a rate of 0, as the first is
 * with Hugging Face's get_linear_schedule_with_warmup and Keras' CosineDecay from an initial rate of 0. torch's
 * LinearLR and Keras ask for a first rate instead; `1 / n` of the rate, and `n - 1` steps, make theirs the same.
 */
function defineSchedule<O extends TObject>(
  row: Omit<ScheduleRow<O>, 'rates'> & {
    fall(options: Static<O>, facts: ScheduleFacts, history: History): Rates;
  },
): ScheduleRow {
  const { fall, ...rest } = row;
  const rates: ScheduleRow<O>['rates'] = (options, facts, history) => {
    const rising = (options as { warmUp: number }).warmUp * facts.stepsPerEpoch;
    const after = fall(options, facts, history);
    return (step) => (step < rising ? after(0) * Math.min(1, (step + 1) / rising) : after(step - rising));
  };
  return defineRow<O>({ misfit: tooLongWarmUp, ...rest, rates });
}

function defineRow<O extends TObject>(row: ScheduleRow<O>): ScheduleRow {
  return row;
}

function tooLongWarmUp(options: { readonly warmUp?: unknown }, { epochs }: ScheduleFacts): Misfit | undefined {
  const warmUpEpochs = (options.warmUp ?? 0) as number;
  if (warmUpEpochs < epochs) return undefined;
  return {
    problem:
      `a warm-up of ${warmUpEpochs} ${warmUpEpochs === 1 ? 'epoch' : 'epochs'} ` +
      `takes all ${epochs} of the training`,
    hint: 'Use a smaller warmUp, such as 1 or 0.5.',
  };
}

/** The share of the fall that is done after some steps, 0..1. */
function progress(
  step: number,
  options: { readonly warmUp: number; readonly epochs?: number },
  facts: ScheduleFacts,
): number {
  return Math.min(1, step / ((options.epochs ?? facts.epochs - options.warmUp) * facts.stepsPerEpoch));
}

const fallsToTheEnd = ({ epochs }: { readonly epochs?: number }): boolean => epochs === undefined;

/** Half a wave of the cosine from one value to another. */
const wave = (from: number, to: number, share: number) => to + ((from - to) * (1 + Math.cos(Math.PI * share))) / 2;

/** All schedules of the learning rate. */
export const schedules = {
  step: defineSchedule({
    doc: 'Multiplies the rate with a factor every so many epochs.',
    example: 'schedule: { step: { every: 10, factor: 0.1 } }',
    options: Type.Object({ every: every(10), factor: factor(0.1), warmUp }),
    dependsOnEpochs: () => false,
    fall:
      (options, { learningRate, stepsPerEpoch }) =>
      (step) =>
        learningRate * options.factor ** Math.floor(step / (options.every * stepsPerEpoch)),
  }),
  exponential: defineSchedule({
    doc: 'Multiplies the rate a little each step, with a factor over so many epochs: rate * factor^(epochs / every).',
    example: 'schedule: { exponential: { factor: 0.96 } }',
    options: Type.Object({ every: every(1), factor: factor(0.96), warmUp }),
    dependsOnEpochs: () => false,
    fall:
      (options, { learningRate, stepsPerEpoch }) =>
      (step) =>
        learningRate * options.factor ** (step / (options.every * stepsPerEpoch)),
  }),
  cosine: defineSchedule({
    doc: 'Falls along half a cosine wave to endLearningRate (Loshchilov and Hutter 2017, without restarts).',
    example: 'schedule: { cosine: { warmUp: 1 } }',
    options: Type.Object({ epochs: span, endLearningRate, warmUp }),
    text: warmUpText('cosine'),
    dependsOnEpochs: fallsToTheEnd,
    fall: (options, facts) => (step) =>
      wave(facts.learningRate, options.endLearningRate, progress(step, options, facts)),
  }),
  polynomial: defineSchedule({
    doc: 'Falls to endLearningRate along (1 - share of the way)^power; a power of 1 is a straight line.',
    example: 'schedule: { polynomial: { power: 1 } }',
    options: Type.Object({
      epochs: span,
      power: realNumber({ description: 'Bends the fall: above 1 it is steep first.', default: 1, exclusiveMinimum: 0 }),
      endLearningRate,
      warmUp,
    }),
    aliases: { linear: { power: 1 } },
    dependsOnEpochs: fallsToTheEnd,
    fall: (options, facts) => (step) =>
      options.endLearningRate +
      (facts.learningRate - options.endLearningRate) * (1 - progress(step, options, facts)) ** options.power,
  }),
  oneCycle: defineRow({
    doc:
      'Rises along a cosine wave from learningRate / divFactor to learningRate, ' +
      'then falls to finalDivFactor below its start (Smith and Topin 2018): the rise is its warm-up.',
    example: 'schedule: { oneCycle: { divFactor: 25 } }',
    options: Type.Object({
      warmUp: Type.Optional(
        realNumber({ description: 'Epochs in which the rate rises. Without it: 0.3 of all epochs.', minimum: 0 }),
      ),
      divFactor: realNumber({ description: 'Learning rate over the rate at the start.', default: 25, minimum: 1 }),
      finalDivFactor: realNumber({
        description: 'Rate at the start over the rate of the last step.',
        default: 10_000,
        minimum: 1,
      }),
    }),
    misfit: tooLongWarmUp,
    dependsOnEpochs: () => true,
    // The same steps for peak and end as torch.optim.lr_scheduler.OneCycleLR with two phases.
    rates: ({ warmUp: rise, divFactor, finalDivFactor }, { learningRate, epochs, stepsPerEpoch }) => {
      const [start, last] = [learningRate / divFactor, epochs * stepsPerEpoch - 1];
      const peak = Math.max(0, (rise ?? 0.3 * epochs) * stepsPerEpoch - 1);
      const fallen = (step: number) => (last > peak ? Math.min(1, (step - peak) / (last - peak)) : 0);
      return (step) =>
        step < peak ? wave(start, learningRate, step / peak) : wave(learningRate, start / finalDivFactor, fallen(step));
    },
  }),
  reduceOnPlateau: defineSchedule({
    doc: 'Multiplies the rate with a factor when a metric has not got better for some epochs.',
    example: 'schedule: { reduceOnPlateau: { monitor: val_loss, factor: 0.1, patience: 10 } }',
    options: Type.Object({
      ...monitorOptions({ patience: 10, minDelta: 0.0001 }),
      factor: factor(0.1),
      cooldown: wholeNumber({
        description: 'Epochs after a reduction in which none is counted.',
        default: 0,
        minimum: 0,
      }),
      minLearningRate: realNumber({ description: 'The rate falls no further.', default: 0, minimum: 0 }),
      warmUp,
    }),
    dependsOnEpochs: () => false,
    fall: (options, { learningRate }, history) => {
      const rate = reducedRate(learningRate, options as PlateauOptions, history);
      return () => rate;
    },
  }),
} as const satisfies Record<string, ScheduleRow>;

interface PlateauOptions {
  readonly monitor: string;
  readonly patience: number;
  readonly minDelta: number;
  readonly mode: 'auto' | 'min' | 'max';
  readonly factor: number;
  readonly cooldown: number;
  readonly minLearningRate: number;
}

/**
 * The rate after these epochs, counted as keras.callbacks.ReduceLROnPlateau counts them, but for those whose value is
 * NaN, which say nothing.
 */
function reducedRate(learningRate: number, options: PlateauOptions, history: History): number {
  let [rate, best, wait, cooling] = [learningRate, undefined as number | undefined, 0, 0];
  for (const metrics of history) {
    const value = metrics[options.monitor]!;
    if (cooling > 0) [cooling, wait] = [cooling - 1, 0];
    if (Number.isNaN(value)) continue;
    if (isBetter(options, value, best)) [best, wait] = [value, 0];
    else if (cooling === 0 && ++wait >= options.patience) {
      rate = Math.max(rate * options.factor, Math.min(rate, options.minLearningRate));
      [cooling, wait] = [options.cooldown, 0];
    }
  }
  return rate;
}

/** The row of a schedule that the check has let through. */
export function scheduleRow(type: string): ScheduleRow {
  return schedules[type as keyof typeof schedules];
}
