import type { Evaluation, History } from '../base/results.ts';
import { type Diagnostic, warning } from '../base/diagnostics.ts';
import type { TargetSpec } from '../datasets/dataset.ts';
import { scoreName } from '../training/epoch-metrics.ts';
import { isFirstNaN } from './nan-monitors.ts';

/** Says, the first time, that masks leave nothing of an output in what an epoch trains on or is validated by. */
export function allMaskedIn(history: History, targets: readonly TargetSpec[]): readonly Diagnostic[] {
  return targets.flatMap((target) => {
    const score = `${targets.length > 1 ? `${target.name}_` : ''}${scoreName(target)}`;
    // Numbers that are not finite end the training: only a mean of nothing is NaN.
    return (
      [
        ['training', ''],
        ['validation', 'val_'],
      ] as const
    ).flatMap(([part, prefix]) => (isFirstNaN(history, `${prefix}${score}`) ? [nothingLeft(part, target.name)] : []));
  });
}

/** Says that masks leave nothing of an output in the test samples. */
export function allMaskedInTest({ outputs }: Evaluation): readonly Diagnostic[] {
  return outputs.flatMap((output) =>
    output.kind !== 'reconstruction' && output.there?.every((one) => one === 0) === true
      ? [nothingLeft('test', output.name)]
      : [],
  );
}

function nothingLeft(part: 'training' | 'validation' | 'test', target: string): Diagnostic {
  return warning(
    'all-masked',
    `masks leave out all of \`${target}\` in the ${part} samples: ` +
      'its loss there is 0, and its other numbers are none (NaN)',
    'Masked are steps of index 0 (`maskZero`), and those that have nothing but the value of `masking`: ' +
      'see what the samples hold.',
  );
}
