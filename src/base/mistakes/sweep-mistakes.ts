import type { MistakeTable } from './mistake-table.ts';

/** Mistakes while a sweep goes on. */
export const sweepMistakes = {
  'sweep-at-work': {
    means: 'Another process is at the same sweep.',
    fix: 'Wait for it, or end it with `pipeline sweep FILE --stop`.',
  },
  'sweep-edited': {
    means: 'The sweep file, or the pipeline that it varies, changed while the sweep is under way.',
    fix: 'Put back what is named, and it goes on; or begin anew with `--fresh`.',
  },
  'sweep-journal-damaged': {
    means: 'The journal of a sweep has a line that is not as it was written.',
    fix: 'Put the file back from a copy, or begin anew with `--fresh`: what was trained is kept.',
  },
  'sweep-not-written': {
    means: 'The journal of a sweep cannot be written.',
    fix: 'Make room, and give the same command again.',
  },
  'best-file-kept': {
    means: 'A file of yours has the name that the pipeline of the best trial would have.',
    fix: 'Take it from the artifacts of the parent run, as the message says, or move yours.',
    severity: 'warning',
  },
  'sweep-run-gone': {
    means: 'The run that the trials of a sweep are below is gone, or another process is at it.',
    fix: 'Put it back, or begin anew with `--fresh`.',
  },
  'sweep-failed': {
    means: 'More trials of a sweep failed than its `failures` allows.',
    fix: 'See the reasons; then `pipeline sweep FILE --retry failed`, or raise `failures`.',
  },
  'goal-not-reported': {
    means: 'No trial of a sweep reports the metric of its `goal`.',
    fix: 'Name one of those that the hint lists.',
  },
  'sweep-without-best': {
    means: 'A sweep stands for the run of its best trial, and none was trained to its end, or its run is gone.',
    fix: 'Go on with the sweep, or see in its report why its trials failed.',
  },
  'sweep-under-way': {
    means: 'A sweep that is not done stands for its best trial so far.',
    fix: 'Wait for its end, or go on with it.',
    severity: 'warning',
  },
  'sweep-file-edited': {
    means: 'A sweep file was edited since the sweep whose best trial is taken.',
    fix: 'Give `pipeline sweep FILE` again for the best by what it says now.',
    severity: 'warning',
  },
  'no-sweep': {
    means: '`--stop` is given for a file that no sweep was begun of.',
    fix: 'See whether the file and `--runs` are right.',
  },
} as const satisfies MistakeTable;
