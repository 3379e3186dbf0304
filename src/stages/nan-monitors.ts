import type { TrainInput } from './train-input.ts';
import type { History } from '../base/results.ts';
import { type Diagnostic, warning } from '../base/diagnostics.ts';
import { monitorsOf, monitoredMetric } from '../training/monitor.ts';

/** Says, the first time, that what early stopping or a schedule waits for is NaN, and why. */
export function nanMonitors(input: TrainInput, history: History): readonly Diagnostic[] {
  return monitorsOf(input)
    .filter((name) => isFirstNaN(history, name))
    .map((name) => {
      const only = onlyClass(input, name);
      const why = only === undefined ? '' : `: all validation samples are of the class \`${only}\``;
      return warning(
        'monitor-is-nan',
        `${name} is NaN after epoch ${history.length}${why}; ` +
          'epochs without a value are passed over, neither better nor worse',
        only === undefined
          ? 'Monitor val_loss, which is always a number.'
          : 'Give validation samples of each class: raise `data.split.validation`, or monitor val_loss.',
      );
    });
}

/** Whether a number of the last epoch is NaN, and of none before. */
export function isFirstNaN(history: History, name: string): boolean {
  return history.findIndex((epoch) => Number.isNaN(epoch[name])) === history.length - 1 && history.length > 0;
}

/** The class that all validation samples are of, where there is but one. */
function onlyClass({ data: { dataset, split } }: TrainInput, name: string): string | undefined {
  const output = monitoredMetric(name, dataset.spec.targets)?.output;
  const index = dataset.spec.targets.findIndex((target) => output === undefined || target.name === output);
  const target = dataset.spec.targets[index]!;
  if (target.kind === 'number' || target.several !== undefined) return undefined;
  const found = new Set<number>();
  for (const row of split.validation) {
    for (const label of new Set(dataset.train.labels(index, Uint32Array.of(row)))) found.add(label);
    if (found.size > 1) return undefined;
  }
  return found.size === 1 ? target.classes[[...found][0]!] : undefined;
}
