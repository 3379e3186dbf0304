import type { MistakeTable } from './mistake-table.ts';

/** Mistakes in a sweep file. */
export const sweepFileMistakes = {
  'is-a-sweep': {
    means: 'A file that is a sweep stands where a pipeline file is wanted: it has the key `sweep`.',
    fix: 'Run it with `pipeline sweep FILE`, or name the pipeline file that it varies.',
  },
  'sweep-repeats': {
    means: 'A sweep varies a pipeline that is trained several times by itself, by `repeat` or `folds`.',
    fix: 'Leave them out of the pipeline, and repeat the best one afterwards.',
  },
  'not-a-sweep': {
    means: 'A file is wanted that is a sweep, and this one has no key `sweep`.',
    fix: 'Run a pipeline file with `pipeline run FILE`; `pipeline init sweep` writes a sweep of it.',
  },
  'settings-of-sweep': {
    means: '`--set` was given with a sweep file, whose space says what is set.',
    fix: 'Leave it out, or set it in the pipeline file.',
  },
  'no-pipeline-beside': {
    means: '`pipeline init sweep` found no pipeline file in the folder, or several.',
    fix: 'Write one with `pipeline init`, or call the one that is meant pipeline.yaml.',
  },
  'no-pipeline-to-sweep': {
    means: '`sweep` names no pipeline file: another sweep, or a file without any section of a pipeline.',
    fix: 'Name the pipeline file, as it lies from the folder of the sweep file.',
  },
  'bad-path': {
    means: 'A key of `space` is no path such as `train.batchSize` or `model.layers[0]`.',
    fix: 'Join keys by dots, and count places of lists from 0, in brackets.',
  },
  'overlapping-paths': {
    means: 'Two paths of `space` set the same value, or one lies inside what the other sets.',
    fix: 'Keep one of them, or give whole values as a list.',
  },
  'bad-distribution': {
    means: 'A value of `space` is neither a list nor a range such as `log 1e-5..1e-1` or `int 16..128 step 16`.',
    fix: 'Write it as the message says.',
  },
  'impossible-trial': {
    means: 'With these values, each of which is right by itself, the pipeline cannot be trained: shapes do not fit.',
    fix: 'Take one of the values out, or give what belongs together as one list of whole values.',
  },
  'bad-goal': {
    means: '`goal` names no metric of validation that every trial reports.',
    fix: 'Take one that the hint names; `train.earlyStopping` has others measured.',
  },
  'unlikely-goal': {
    means: '`goal` makes a metric worse: a loss larger, or an accuracy smaller.',
    fix: 'Write the other direction.',
    severity: 'warning',
  },
  'grid-over-range': {
    means: 'A grid tries every value, and a range of real numbers has no end of them.',
    fix: 'Write a list of values, or take another search.',
  },
  'too-many-trials': {
    means: 'There are more trials than the space has points, or a grid has more points than a sweep may have trials.',
    fix: 'Write the number that the message says.',
  },
  'bad-rungs': {
    means: 'What `asha` says does not fit the epochs of the pipeline, or they are in the space.',
    fix: 'Let the first rung be shorter than the training, and take `train.epochs` out of the space.',
  },
} as const satisfies MistakeTable;
