import type { Diagnostic } from '../base/diagnostics.ts';
import type { Misfit } from '../base/row.ts';
import { metricRow } from '../training/metrics.ts';
import { monitorMisfit } from '../training/monitor.ts';
import { scheduleRow } from '../training/schedules.ts';
import { listNames, nearest } from './did-you-mean.ts';
import type { Pipeline } from './pipeline.ts';
import type { RangeOf } from './plan.ts';

/** What the options of training and evaluation depend on, beside each other. */
export interface TrainingFacts {
  readonly classes: readonly string[];
  /** Validation samples. */
  readonly validation: number;
  readonly stepsPerEpoch: number;
}

/** Checks what no option can tell alone: that they fit each other, the split and the classes. */
export function checkTraining({ train, evaluate }: Pipeline, { classes, validation, stepsPerEpoch }: TrainingFacts, rangeOf: RangeOf): readonly Diagnostic[] {
  const { schedule, earlyStopping, classWeights, optimizer, epochs } = train;
  const found: Diagnostic[] = [];
  const report = (code: string, path: readonly (string | number)[], misfit: Misfit | undefined): void => {
    if (misfit !== undefined) found.push({ code, severity: 'error', message: misfit.problem, range: rangeOf(path), ...(misfit.hint === undefined ? {} : { hint: misfit.hint }) });
  };
  if (schedule !== undefined) {
    const { type, options } = schedule;
    report('schedule-misfit', ['train', 'schedule'], scheduleRow(type).misfit?.(options, { learningRate: optimizer.options['learningRate'] as number, epochs, stepsPerEpoch }));
    if (typeof options['monitor'] === 'string') report('unmeasured-metric', ['train', 'schedule', type, 'monitor'], monitorMisfit({ monitor: options['monitor'] }, validation));
  }
  if (earlyStopping !== undefined) report('unmeasured-metric', ['train', 'earlyStopping', 'monitor'], monitorMisfit(earlyStopping, validation));
  if (train.clipNorm !== undefined && train.clipValue !== undefined) {
    report('clipped-twice', ['train', 'clipValue'], { problem: 'gradients are clipped by norm or by value, not both', hint: 'Keep clipNorm or clipValue.' });
  }
  if (classWeights !== undefined && classWeights !== 'balanced') {
    for (const name of Object.keys(classWeights).filter((key) => !classes.includes(key))) report('unknown-class', ['train', 'classWeights', name], unknownClass(name, classes));
  }
  evaluate.metrics.forEach(({ type, options }, i) => report('metric-misfit', ['evaluate', 'metrics', i], metricRow(type).misfit?.(classes.length, options)));
  return found;
}

function unknownClass(name: string, classes: readonly string[]): Misfit {
  const guess = nearest(name, classes);
  return { problem: `the data has no class \`${name}\``, hint: guess === undefined ? `Its classes: ${listNames(classes)}.` : `Did you mean \`${guess}\`?` };
}
