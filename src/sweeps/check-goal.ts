import { type Diagnostic, asWarning, mistake } from '../base/diagnostics.ts';
import { listNames, nearest } from '../base/did-you-mean.ts';
import type { Goal } from '../base/sweep-results.ts';
import { type ScalarNode, rangeInside } from '../language/syntax/source-tree.ts';
import type { CheckedPipeline } from '../plan/check-pipeline.ts';
import { epochMetrics } from '../training/epoch-metrics.ts';
import { labelOf } from '../training/metrics.ts';
import { measuredAs, monitorNames, monitoredMetrics, moreIsBetter } from '../training/monitor.ts';

/** Takes `maximize val_accuracy` apart; a metric's short name becomes what epochs call it. */
export function toGoal(text: string): Goal {
  const [direction, metric] = text.trim().split(/\s+/);
  return { direction: direction === 'minimize' ? 'minimize' : 'maximize', metric: measuredAs(metric!) };
}

/**
 * Whether every trial reports the metric of a goal, of validation.
 *
 * @param written the goal as the file has it @param base left out: its data has to be fetched first
 */
export function checkGoal(written: ScalarNode, base: CheckedPipeline | undefined): readonly Diagnostic[] {
  const { direction, metric } = toGoal(String(written.value));
  const text = String(written.value).trimEnd();
  const range = rangeInside(written, text.search(/\S+$/), text.length);
  const refuse = (problem: string, hint: string) => [mistake('bad-goal', problem, range, hint)];
  const targets = base?.plan.dataset.targets ?? [];
  const measured = Object.keys(
    epochMetrics({ loss: 0, outputs: targets.map((target) => ({ target, loss: 0, score: 0 })) }),
  );
  const reported = base === undefined ? [] : reportedBy(base, measured);
  if (metric.startsWith('test_'))
    return refuse(
      `\`${metric}\` is of the test samples: what is chosen by them is not tested any more.`,
      `Choose by validation: \`${reported.find((name) => name === metric.replace('test_', 'val_')) ?? 'val_loss'}\`.`,
    );
  if (base === undefined) return [];
  if (reported.includes(metric)) {
    if (base.plan.samples.validation === 0)
      return refuse(
        `No epoch reports \`${metric}\`: the split leaves no sample for validation.`,
        `Raise \`data.split.validation\` in ${base.source.name}.`,
      );
    if (moreIsBetter(metric) === (direction === 'maximize')) return [];
    const other = direction === 'maximize' ? 'minimize' : 'maximize';
    const problem = `To ${direction} \`${metric}\` makes the model worse.`;
    return [asWarning(mistake('unlikely-goal', problem, written.range, `Write \`${other} ${metric}\`.`))];
  }
  const known = monitorNames(measured, targets);
  if (measured.includes(metric))
    return refuse(
      `\`${metric}\` is of the training samples, which the model may learn by heart.`,
      `Choose by validation: \`val_${metric}\`.`,
    );
  if (known.includes(metric))
    return refuse(
      `No epoch reports \`${metric}\` in ${base.source.name}.`,
      `\`train.earlyStopping: { monitor: ${metric} }\` there has it measured; reported are ${listNames(reported)}.`,
    );
  const ofEach = reported.filter((name) =>
    targets.some((target) => name === metric.replace(/^val_|^/, `val_${target.name}_`)),
  );
  const guess = nearest(metric, [...reported, ...known.filter((name) => name.startsWith('val_'))]);
  const hint = guess === undefined ? '' : `Did you mean \`${guess}\`? `;
  return refuse(
    `No epoch reports \`${metric}\`.`,
    ofEach.length > 0 ? `Name the output: ${listNames(ofEach)}.` : `${hint}Reported are ${listNames(reported)}.`,
  );
}

/** What each epoch tells of the validation samples. */
function reportedBy({ pipeline, plan }: CheckedPipeline, measured: readonly string[]): readonly string[] {
  const waited = monitoredMetrics(pipeline.train, plan.dataset.targets).map(
    ({ metric, output }) => `val_${output === undefined ? '' : `${output}_`}${labelOf(metric)}`,
  );
  return [...new Set([...measured.map((name) => `val_${name}`), ...waited])];
}
