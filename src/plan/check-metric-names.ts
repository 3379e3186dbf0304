import type { Misfit } from '../base/row.ts';
import type { TargetSpec } from '../datasets/dataset.ts';
import { epochMetrics } from '../training/epoch-metrics.ts';
import { labelOf, measures } from '../training/metrics.ts';
import { monitoredMetrics } from '../training/monitor.ts';
import { type Pipeline, metricsOf } from '../language/pipeline.ts';

/** What a number is recorded as, and what it is of. */
interface Named {
  readonly name: string;
  readonly part: 'training' | 'validation' | 'test';
  readonly metric: string;
  /** Left out: all outputs together. */
  readonly output?: string;
  /** Its index in `evaluate.metrics`. */
  readonly index?: number;
}

/** Where two numbers of a run would be recorded by one name, and the misfit; only the first such place. */
export function checkMetricNames(
  { train, evaluate }: Pipeline,
  targets: readonly TargetSpec[],
): { readonly path: readonly (string | number)[]; readonly misfit: Misfit } | undefined {
  const several = targets.length > 1;
  const hidden = several ? targets.find(({ name }) => name.startsWith('val_')) : undefined;
  if (hidden !== undefined)
    return {
      path: ['train', 'outputs', hidden.name],
      misfit: {
        problem:
          `the metrics of the output \`${hidden.name}\` in training would begin with \`val_\`, ` +
          'as those of validation do',
        hint: rename,
      },
    };
  const found = new Map<string, Named>();
  for (const one of namesOf(train, evaluate, targets)) {
    const other = found.get(one.name);
    if (other === undefined) found.set(one.name, one);
    else if (other.part !== one.part || other.output !== one.output || other.metric !== one.metric)
      return {
        path: placeOf(one, other),
        misfit: {
          problem: `\`${one.name}\` would be ${describe(other)} and ${describe(one)}`,
          hint: other.output === one.output ? 'Leave one of them out.' : rename,
        },
      };
  }
  return undefined;
}

/** What a run measures on the test samples, by the names that it is recorded by. */
export function testedNames(pipeline: Pipeline, targets: readonly TargetSpec[]): readonly string[] {
  return namesOf(pipeline.train, { metrics: metricsOf(pipeline) }, targets)
    .filter(({ part }) => part === 'test')
    .map(({ name }) => name);
}

const rename = 'Give the target another name in the data: where there are several, its metrics begin with it.';

function namesOf(
  train: Pipeline['train'],
  { metrics = [] }: Pipeline['evaluate'],
  targets: readonly TargetSpec[],
): readonly Named[] {
  const several = targets.length > 1;
  const epoch = targets.flatMap((target): Omit<Named, 'part'>[] =>
    Object.keys(epochMetrics({ loss: 0, outputs: [{ target, loss: 0, score: 0 }] })).map((metric) => ({
      name: several ? `${target.name}_${metric}` : metric,
      metric,
      ...(several ? { output: target.name } : {}),
    })),
  );
  const each = [...(several ? [{ name: 'loss', metric: 'loss' }] : []), ...epoch];
  const waited = monitoredMetrics(train, targets).map(({ metric, output }): Named => ({
    name: `val_${output === undefined ? '' : `${output}_`}${labelOf(metric)}`,
    part: 'validation',
    metric: labelOf(metric),
    ...(output === undefined ? {} : { output }),
  }));
  const tested = targets.flatMap((target) =>
    metrics.flatMap((metric, index): Named[] =>
      measures(metric, target)
        ? [
            {
              name: `test_${several ? `${target.name}_` : ''}${labelOf(metric)}`,
              part: 'test',
              metric: JSON.stringify(metric),
              index,
              ...(several ? { output: target.name } : {}),
            },
          ]
        : [],
    ),
  );
  return [
    ...each.map((one): Named => ({ ...one, part: 'training' })),
    ...each.map((one): Named => ({ ...one, name: `val_${one.name}`, part: 'validation' })),
    ...waited,
    ...each
      .filter(({ metric }) => metric === 'loss')
      .map((one): Named => ({ ...one, name: `test_${one.name}`, part: 'test' })),
    ...tested,
  ];
}

function describe({ part, metric, output, index }: Named): string {
  const what = index === undefined ? `the ${metric}` : `evaluate.metrics[${index}]`;
  return `${what} of ${output === undefined ? 'all outputs' : `the output \`${output}\``} in ${part}`;
}

function placeOf(one: Named, other: Named): readonly (string | number)[] {
  if (one.output === other.output && one.index !== undefined) return ['evaluate', 'metrics', one.index];
  return ['train', 'outputs', other.output ?? one.output!];
}
