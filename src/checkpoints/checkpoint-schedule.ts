import { type Static, Type } from 'typebox';
import { realNumber, wholeNumber } from '../base/numbers.ts';

/** Options of checkpoints. */
export const checkpointOptions = {
  everySteps: Type.Optional(
    wholeNumber({
      description:
        'Steps from one checkpoint to the next. Without it and everySeconds: ' +
        'as often as 1 % of the time allows, measured as the run goes on.',
      examples: [500],
      minimum: 1,
    }),
  ),
  everySeconds: Type.Optional(
    realNumber({
      description: 'Seconds from one checkpoint to the next; with everySteps, whichever comes first.',
      examples: [60],
      exclusiveMinimum: 0,
    }),
  ),
  keep: wholeNumber({
    description: 'How many of the last checkpoints are kept, besides that of the best epoch.',
    examples: [2],
    default: 2,
    minimum: 1,
  }),
};

const schema = Type.Object(checkpointOptions);

/** How often checkpoints are written, and how many are kept. */
export type CheckpointOptions = Static<typeof schema>;

/** Share of the time that checkpoints may take where the file does not say how often they are written. */
const share = 0.01;

/** Decides when checkpoints are written. */
export interface Pace {
  /** Whether one is to be written now. @param steps steps done so far */
  isDue(steps: number): boolean;
  /** Whether one more in so many milliseconds would take no more than its share of the time. */
  affordsOneIn(ms: number): boolean;
  /** Tells that one was written, or tried, and what it took. */
  took(ms: number): void;
}

/** @param now milliseconds from a clock that never goes back */
export function createPace(
  { everySteps, everySeconds }: Omit<CheckpointOptions, 'keep'>,
  now: () => number = () => performance.now(),
): Pace {
  let last = now();
  // Until the first one is written, a guess: some MB to a usual disk.
  let cost = 10;
  const measured = everySteps === undefined && everySeconds === undefined;
  return {
    isDue: (steps) => {
      if (everySteps !== undefined && steps % everySteps === 0) return true;
      const wait = measured ? cost / share : (everySeconds ?? Infinity) * 1000;
      return now() - last >= wait;
    },
    affordsOneIn: (ms) => cost <= ms * share,
    took: (ms) => {
      last = now();
      // The newest measurement counts half: disks slow down and recover.
      cost = (cost + ms) / 2;
    },
  };
}
