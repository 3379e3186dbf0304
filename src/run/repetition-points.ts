import { foldPath, seedPath } from '../base/repetitions.ts';
import { seedFor } from '../base/seeds.ts';
import type { Pipeline } from '../language/pipeline.ts';

/** What the trainings of a file with `repeat` or `folds` differ in. */
export interface RepetitionSpace {
  /** The seed of each repetition, the file's own first; one alone where nothing is repeated. */
  readonly seeds: readonly number[];
  /** The folds that are held back; empty without cross-validation. */
  readonly folds: readonly number[];
}

/** Makes one training of a file that repeats itself. */
export const onceSetting = 'repeat=1';

/** The trainings of a pipeline; undefined where it is one. */
export function repetitionSpace({
  seed,
  repeat = 1,
  data: { folds = 1, fold },
}: Pick<Pipeline, 'seed' | 'repeat'> & { readonly data: Pick<Pipeline['data'], 'folds' | 'fold'> }):
  | RepetitionSpace
  | undefined {
  const numbers = folds === 1 || fold !== undefined ? [] : Array.from({ length: folds }, (_, k) => k + 1);
  if (repeat === 1 && numbers.length === 0) return undefined;
  const seeds = Array.from({ length: repeat }, (_, k) => (k === 0 ? seed : seedFor(seed, 'repeat', k + 1)));
  return { seeds, folds: numbers };
}

/** How many trainings they are. */
export const countTrainings = ({ seeds, folds }: RepetitionSpace): number => seeds.length * Math.max(1, folds.length);

/** The settings of each training, repetition by repetition, over those of the file. */
export function settingsOfEach({ seeds, folds }: RepetitionSpace): readonly (readonly string[])[] {
  const held = folds.length === 0 ? [[]] : folds.map((fold) => [`${foldPath}=${fold}`]);
  return seeds.flatMap((seed) => held.map((fold) => [onceSetting, `${seedPath}=${seed}`, ...fold]));
}
