import type { Evaluation, OutputResult } from '../base/results.ts';
import { intervalMetrics } from '../base/sample-intervals.ts';
import { hideSecretsIn } from '../base/secrets.ts';
import { writeArtifact } from '../tracking/write-artifact.ts';
import type { TrackedRun } from '../tracking/tracker.ts';

/** What evaluation found. */
export function recordEvaluation(run: TrackedRun, evaluation: Evaluation): void {
  const { metrics, outputs } = evaluation;
  const timestamp = Date.now();
  const all = { ...metrics, ...intervalMetrics(evaluation) };
  run.metrics(Object.entries(all).map(([key, value]) => ({ key, value, step: 0, timestamp })));
  writeArtifact(
    run,
    'evaluation/evaluation.json',
    JSON.stringify(hideSecretsIn({ metrics, outputs: outputs.map(summaryOf) }), null, 1),
  );
}

/** An output's result without what it says of each sample. */
function summaryOf(result: OutputResult): object {
  const { kind, name, shape } = result;
  if (result.kind === 'number') return { kind, name, shape };
  if (result.kind === 'reconstruction') return { kind, name, shape, errors: quantilesOf(result.errors) };
  const { classes, several, tokens, confusion, perClass } = result;
  // Of many classes most are in no sample.
  const told = confusion === undefined ? perClass.filter(({ support }) => support > 0) : perClass;
  return {
    kind,
    name,
    shape,
    classes,
    ...(several && { several }),
    ...(tokens && { tokens }),
    ...(confusion && { confusion }),
    perClass: told,
  };
}

/** What errors are usual, and which are not: who looks for what is strange takes a bound from it. */
function quantilesOf(errors: Float64Array): object {
  const sorted = errors.filter(Number.isFinite).sort();
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? null;
  return { median: at(0.5), p90: at(0.9), p99: at(0.99), largest: at(1) };
}
