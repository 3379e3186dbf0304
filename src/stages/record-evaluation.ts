import type { Evaluation, OutputResult } from '../base/results.ts';
import { hideSecretsIn } from '../base/secrets.ts';
import { writeArtifact } from '../tracking/write-artifact.ts';
import type { TrackedRun } from '../tracking/tracker.ts';

/** What evaluation found. */
export function recordEvaluation(run: TrackedRun, { metrics, outputs }: Evaluation): void {
  const timestamp = Date.now();
  run.metrics(Object.entries(metrics).map(([key, value]) => ({ key, value, step: 0, timestamp })));
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
  const { classes, several, confusion, perClass } = result;
  return { kind, name, shape, classes, ...(several && { several }), confusion, perClass };
}
