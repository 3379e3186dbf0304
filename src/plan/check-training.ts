import type { RangeOf } from '../language/read-pipeline.ts';
import { naiveNames } from '../datasets/findings/baseline.ts';
import { type Diagnostic, mistake } from '../base/diagnostics.ts';
import type { Code } from '../base/mistakes/mistakes.ts';
import type { Chosen, Misfit } from '../base/row.ts';
import type { InputSpec, TargetSpec } from '../datasets/dataset.ts';
import { stratifiedBy } from '../datasets/splits/split-samples.ts';
import { isWholeText } from '../datasets/texts/whole-texts.ts';
import { epochMetrics } from '../training/epoch-metrics.ts';
import { gateMisfit, gatesOf, pace } from '../training/gates.ts';
import type { MetricRow } from '../training/metric-row.ts';
import { isOfSuch, measures, metricRow, namesIn } from '../training/metrics.ts';
import { monitorNames, monitoredMetric } from '../training/monitor.ts';
import { scheduleRow } from '../training/schedules.ts';
import { listNames, nearest } from '../base/did-you-mean.ts';
import { augmentationMisfits } from './check-augmentations.ts';
import { samplingMisfits } from './check-sampling.ts';
import { checkMetricNames, testedNames } from './check-metric-names.ts';
import type { Pipeline } from '../language/pipeline.ts';

/** What the options of training and evaluation depend on, beside each other. */
export interface TrainingFacts {
  /** Left out where they are not known before they are fetched. */
  readonly inputs?: readonly InputSpec[];
  readonly targets: readonly TargetSpec[];
  /** Validation samples. */
  readonly validation: number;
  readonly stepsPerEpoch: number;
}

/** Checks what no option can tell alone: that they fit each other, the split and the classes. */
export function checkTraining(
  pipeline: Pipeline,
  { inputs, targets, validation, stepsPerEpoch }: TrainingFacts,
  rangeOf: RangeOf,
): readonly Diagnostic[] {
  const { train, evaluate } = pipeline;
  const { schedule, earlyStopping, optimizer, epochs } = train;
  const found: Diagnostic[] = [];
  const report = (code: Code, path: readonly (string | number)[], misfit: Misfit | undefined): void => {
    if (misfit !== undefined) found.push(mistake(code, misfit.problem, rangeOf(path), misfit.hint));
  };
  const monitored = (monitor: string) => monitorMisfit(monitor, targets, validation);
  if (schedule !== undefined) {
    const { type, options } = schedule;
    report(
      'schedule-misfit',
      ['train', 'schedule'],
      scheduleRow(type).misfit?.(options, {
        learningRate: optimizer.options['learningRate'] as number,
        epochs,
        stepsPerEpoch,
      }),
    );
    if (typeof options['monitor'] === 'string')
      report('unmeasured-metric', ['train', 'schedule', type, 'monitor'], monitored(options['monitor']));
  }
  if (earlyStopping !== undefined)
    report('unmeasured-metric', ['train', 'earlyStopping', 'monitor'], monitored(earlyStopping.monitor));
  if (train.clipNorm !== undefined && train.clipValue !== undefined) {
    report('clipped-twice', ['train', 'clipValue'], {
      problem: 'gradients are clipped by norm or by value, not both',
      hint: 'Keep clipNorm or clipValue.',
    });
  }
  for (const { path, ...misfit } of samplingMisfits(train.sampling, pipeline.data.source))
    report('sampling-sources', ['train', 'sampling', ...path], misfit);
  if (train.sampling === 'balanced' && stratifiedBy(targets) < 0)
    report('not-classes', ['train', 'sampling'], {
      problem: 'sampling is balanced by classes, but nothing that is predicted is one class of a sample',
      hint: 'Remove it.',
    });
  for (const { target: name, classWeights } of train.outputs)
    if (train.sampling === 'balanced' && classWeights === 'balanced')
      report('balanced-twice', ['train', ...(name === undefined ? [] : ['outputs', name]), 'classWeights'], {
        problem: 'classes are balanced by sampling and by weights, so that small ones count more than large ones',
        hint: 'Keep `sampling` or `classWeights`.',
      });
  for (const { path, ...misfit } of augmentationMisfits(train, { targets, ...(inputs && { inputs }) }))
    report('augmentation-misfit', ['train', 'augment', ...path], misfit);
  for (const { target: name, classWeights } of train.outputs) {
    const path = ['train', ...(name === undefined ? [] : ['outputs', name]), 'classWeights'];
    const target = targets.find((one) => name === undefined || one.name === name)!;
    if (classWeights !== undefined && target.kind === 'number')
      report('not-classes', path, {
        problem: `classWeights are for classes, but \`${target.name}\` is a number`,
        hint: 'Remove them.',
      });
    if (classWeights !== undefined && target.kind === 'class' && target.several !== undefined)
      report('not-classes', path, {
        problem: `classWeights are for one class of a sample, but \`${target.name}\` is several labels at once`,
        hint: 'Remove them.',
      });
    if (classWeights !== undefined && isWholeText(target))
      report('not-classes', path, {
        problem: `classWeights are for a few classes, but \`${target.name}\` is a text`,
        hint: 'Remove them.',
      });
    if (classWeights === undefined || classWeights === 'balanced') continue;
    if (target.kind === 'number' || target.several !== undefined || isWholeText(target)) continue;
    for (const key of Object.keys(classWeights).filter((one) => !target.classes.includes(one)))
      report('unknown-class', [...path, key], unknownClass(key, target.classes));
  }
  evaluate.metrics?.forEach((metric, i) => {
    const unknown = unmeasuredClass(metric, targets);
    if (unknown === undefined) report('metric-misfit', ['evaluate', 'metrics', i], metricMisfit(metric, targets));
    else report('unknown-class', ['evaluate', 'metrics', i, metric.type, 'of'], unknown);
  });
  const tested = [...testedNames(pipeline, targets), pace];
  for (const gate of gatesOf(evaluate.require))
    report(
      'bad-gate',
      ['evaluate', 'require', gate.metric],
      tested.includes(gate.metric) ? gateMisfit(gate) : unmeasuredGate(gate.metric, tested),
    );
  const shared = found.length === 0 ? checkMetricNames(pipeline, targets) : undefined;
  if (shared !== undefined) report('shared-metric-name', shared.path, shared.misfit);
  return found;
}

/** The misfit of a metric that no epoch tells, or of validation where nothing is validated. */
function monitorMisfit(monitor: string, targets: readonly TargetSpec[], validation: number): Misfit | undefined {
  const measured = Object.keys(
    epochMetrics({ loss: 0, outputs: targets.map((target) => ({ target, loss: 0, score: 0 })) }),
  );
  const names = monitorNames(measured, targets);
  const { metric, output } = monitoredMetric(monitor, targets) ?? {};
  const misfit =
    metric &&
    metricMisfit(
      metric,
      targets.filter(({ name }) => output === undefined || output === name),
    );
  if (!names.includes(monitor)) {
    if (targets.length === 1 && output === undefined && misfit !== undefined) return misfit;
    // As Keras spells them; people write digit_val_accuracy, or leave the output out.
    const ofEach = names.filter((name) =>
      targets.some((target) => name === monitor.replace(/^val_|^/, `$&${target.name}_`)),
    );
    if (ofEach.length > 0)
      return {
        problem: `${monitor} is never measured: the data has several targets`,
        hint: `Name the output: ${listNames(ofEach)}.`,
      };
    const meant = monitor.replace(/^(.+)_val_/, 'val_$1_');
    const alike = names.filter((name) => name.startsWith('val_') === meant.startsWith('val_'));
    const guess = names.includes(`val_${meant}`) ? `val_${meant}` : (nearest(meant, alike) ?? nearest(meant, names));
    return {
      problem: `${monitor} is never measured`,
      hint:
        guess === undefined
          ? `Monitor ${listNames(measured)}, or the same of validation, with val_ before it.`
          : `Did you mean \`${guess}\`?`,
    };
  }
  if (misfit !== undefined || validation > 0 || !monitor.startsWith('val_')) return misfit;
  return {
    problem: `${monitor} is never measured: the split leaves no sample for validation`,
    hint: 'Raise `data.split.validation`, or monitor loss.',
  };
}

/** A metric must measure one of the targets, and each that it measures rightly. */
function metricMisfit({ type, options }: Chosen, targets: readonly TargetSpec[]): Misfit | undefined {
  const row = metricRow(type);
  const fitting = targets.filter((target) => isOfSuch(row, target));
  const ordered = targets.find((target) => target.kind === 'class' && target.ordinal === true);
  const isOfLabels = row.of === 'class' && row.several === 'only';
  if (fitting.length === 0 && !isOfLabels && ordered !== undefined) return orderedMisfit(type, row, ordered);
  if (fitting.length === 0 && row.of === 'class' && targets.some(({ kind }) => kind === 'class'))
    return row.several === 'only'
      ? { problem: `${type} is of several labels at once, but a sample has one class`, hint: 'Use accuracy.' }
      : {
          problem: `${type} is of one class of each sample, but the data has several labels at once`,
          hint: 'Use accuracy, subsetAccuracy, precision, recall, f1, auc or logLoss.',
        };
  if (fitting.length === 0)
    return row.of === 'class'
      ? {
          problem: `${type} is of classes, but the data has numbers to predict`,
          hint: 'Use meanAbsoluteError, rootMeanSquaredError or r2Score.',
        }
      : { problem: `${type} is of numbers, but the data has classes to predict`, hint: 'Use accuracy or f1.' };
  return fitting
    .map((target) =>
      row.of === 'class' && target.kind === 'class' ? row.misfit?.(target.classes, options) : undefined,
    )
    .find((misfit) => misfit !== undefined);
}

/** That a metric does not measure classes in order. */
function orderedMisfit(type: string, row: MetricRow, { name }: TargetSpec): Misfit {
  const why =
    row.of === 'number'
      ? 'is of numbers, which say how far apart they are'
      : 'ranks samples class by class, by a value for each';
  return {
    problem: `${type} ${why}, but \`${name}\` is classes in order`,
    hint: 'Use accuracy, meanAbsoluteError, cohenKappa or f1.',
  };
}

/** The misfit of a metric of one class that no target has. */
function unmeasuredClass(metric: Chosen, targets: readonly TargetSpec[]): Misfit | undefined {
  const { of } = metric.options;
  const classes = targets.flatMap(namesIn);
  return typeof of !== 'string' || classes.length === 0 || targets.some((target) => measures(metric, target))
    ? undefined
    : unknownClass(of, classes);
}

function unmeasuredGate(name: string, tested: readonly string[]): Misfit {
  const naive = naiveNames.find((one) => name.endsWith(`_${one}`));
  const own = name.slice(0, -1 - (naive?.length ?? 0));
  if (naive !== undefined && tested.includes(own))
    return {
      problem: `\`${name}\` is of the naive forecast, which is the same whatever was learnt`,
      hint: `Require of the model what is better than that: \`${own}\`.`,
    };
  const guess = nearest(name, tested);
  return {
    problem: `\`${name}\` is not measured on the test samples`,
    hint:
      guess === undefined
        ? `Measured are ${listNames(tested)}; \`evaluate.metrics\` adds others.`
        : `Did you mean \`${guess}\`?`,
  };
}

function unknownClass(name: string, classes: readonly string[]): Misfit {
  const guess = nearest(name, classes);
  return {
    problem: `the data has no class \`${name}\``,
    hint: guess === undefined ? `Its classes: ${listNames(classes)}.` : `Did you mean \`${guess}\`?`,
  };
}
