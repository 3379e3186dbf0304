import type { ClassPredictions } from './metric-row.ts';

type Rated = Pick<ClassPredictions, 'labels' | 'probabilities'>;
type Ranked = Pick<ClassPredictions, 'labels' | 'ranks' | 'several'>;

/**
 * Share of the samples whose class is among the k that rank highest; of equal ones the last come first, as in
 * sklearn.metrics.top_k_accuracy_score, so that no more than k count. NaN where a rank is.
 */
export function topK({ labels, ranks }: Ranked, k: number): number {
  if (ranks.some(Number.isNaN)) return Number.NaN;
  const classes = ranks.length / labels.length;
  let hits = 0;
  labels.forEach((label, i) => {
    const own = ranks[i * classes + label]!;
    let above = 0;
    for (let other = 0; other < classes; other++) {
      const rank = ranks[i * classes + other]!;
      if (rank > own || (rank === own && other > label)) above++;
    }
    if (above < k) hits++;
  });
  return hits / labels.length;
}

/** Mean of -log(probability of the class), probabilities clipped to 1e-7 as in Keras. */
export function logLoss({ labels, probabilities }: Rated): number {
  const classes = probabilities.length / labels.length;
  const losses = Float64Array.from(
    labels,
    (label, i) => -Math.log(Math.max(1e-7, probabilities[i * classes + label]!)),
  );
  return losses.reduce((sum, value) => sum + value, 0) / losses.length;
}

/**
 * The area under the curve of the second of two classes, or the mean over more of the area of class against rest: the
 * statistic of Mann and Whitney (1947), with mean ranks for ties, as sklearn.metrics.roc_auc_score(multi_class='ovr').
 * A class that no sample, or every sample, belongs to has no curve and is left out; NaN where none is left, or a rank
 * is NaN. Of several labels at once it is the mean over the labels.
 */
export function areaUnderCurve(outcome: Ranked): number {
  const { labels, ranks, several } = outcome;
  if (ranks.some(Number.isNaN)) return Number.NaN;
  if (several !== undefined) {
    const { length } = several.labels;
    const count = labels.length / length;
    const own = several.labels.flatMap((_, k) => {
      const ofLabel = {
        labels: Uint8Array.from({ length: count }, (__, i) => labels[i * length + k]!),
        ranks: Float32Array.from({ length: 2 * count }, (__, i) => ranks[2 * ((i >> 1) * length + k) + (i & 1)]!),
      };
      return areaOf(ofLabel, 1, 2) ?? [];
    });
    return own.reduce((sum, area) => sum + area, 0) / own.length;
  }
  const classes = outcome.ranks.length / outcome.labels.length;
  const counted = classes === 2 ? [1] : Array.from({ length: classes }, (_, k) => k);
  const areas = counted.map((k) => areaOf(outcome, k, classes)).filter((area) => area !== undefined);
  return areas.reduce((sum, area) => sum + area, 0) / areas.length;
}

function areaOf({ labels, ranks }: Ranked, k: number, classes: number): number | undefined {
  const scores = Float32Array.from(labels, (_, i) => ranks[i * classes + k]!);
  const order = Uint32Array.from(labels, (_, i) => i).sort((a, b) => scores[a]! - scores[b]!);
  let [positives, rankSum] = [0, 0];
  for (let start = 0; start < order.length;) {
    let end = start;
    let own = 0;
    while (end < order.length && scores[order[end]!] === scores[order[start]!]) if (labels[order[end++]!] === k) own++;
    positives += own;
    rankSum += own * ((start + 1 + end) / 2);
    start = end;
  }
  const negatives = order.length - positives;
  return positives === 0 || negatives === 0
    ? undefined
    : (rankSum - (positives * (positives + 1)) / 2) / (positives * negatives);
}
