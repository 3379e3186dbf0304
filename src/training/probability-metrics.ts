import type { ClassOutcome } from './metrics.ts';

type Judged = Pick<ClassOutcome, 'labels' | 'probabilities'>;

const classesOf = ({ labels, probabilities }: Judged) => probabilities.length / labels.length;

/** Share of the samples with fewer than k classes more probable than their own; ties count for the sample, as in tf.math.in_top_k. */
export function topK(outcome: Judged, k: number): number {
  const classes = classesOf(outcome);
  let hits = 0;
  outcome.labels.forEach((label, i) => {
    const own = outcome.probabilities[i * classes + label]!;
    let above = 0;
    for (let other = 0; other < classes; other++) if (outcome.probabilities[i * classes + other]! > own) above++;
    if (above < k) hits++;
  });
  return hits / outcome.labels.length;
}

/** Mean of -log(probability of the class), probabilities clipped to 1e-7 as in Keras. */
export function logLoss(outcome: Judged): number {
  const classes = classesOf(outcome);
  const losses = Float64Array.from(outcome.labels, (label, i) => -Math.log(Math.max(1e-7, outcome.probabilities[i * classes + label]!)));
  return losses.reduce((sum, value) => sum + value, 0) / losses.length;
}

/**
 * Mean over the classes of the area under the curve of class against rest: the statistic of Mann and Whitney (1947),
 * with mean ranks for ties, as sklearn.metrics.roc_auc_score(multi_class='ovr'). A class that no sample, or every
 * sample, belongs to has no curve and is left out; NaN where none is left.
 */
export function areaUnderCurve(outcome: Judged): number {
  const classes = classesOf(outcome);
  const areas = Array.from({ length: classes }, (_, k) => areaOf(outcome, k, classes)).filter((area) => area !== undefined);
  return areas.reduce((sum, area) => sum + area, 0) / areas.length;
}

function areaOf({ labels, probabilities }: Judged, k: number, classes: number): number | undefined {
  const scores = Float32Array.from(labels, (_, i) => probabilities[i * classes + k]!);
  const order = Uint32Array.from(labels, (_, i) => i).sort((a, b) => scores[a]! - scores[b]!);
  let [positives, rankSum] = [0, 0];
  for (let start = 0; start < order.length; ) {
    let end = start;
    let own = 0;
    while (end < order.length && scores[order[end]!] === scores[order[start]!]) if (labels[order[end++]!] === k) own++;
    positives += own;
    rankSum += own * ((start + 1 + end) / 2);
    start = end;
  }
  const negatives = order.length - positives;
  return positives === 0 || negatives === 0 ? undefined : (rankSum - (positives * (positives + 1)) / 2) / (positives * negatives);
}
