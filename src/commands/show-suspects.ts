import { failure } from '../base/diagnostics.ts';
import { hasForm } from '../base/json-form.ts';
import { showCount } from '../base/quantities.ts';
import { makeVisible } from '../base/visible-text.ts';
import { parseBytes } from '../checkpoints/checkpoint-file.ts';
import { showSamplePlace } from '../datasets/findings/examine-data.ts';
import { type SuspectLabels, suspectLabelsForm } from '../datasets/findings/suspect-labels.ts';
import type { FetchedRun } from '../tracking/recorded-runs.ts';
import { suspectsFile, suspectsTag } from '../stages/train-outcome.ts';

/** Suspect labels that people are shown of a target. */
const mostShown = 40;

/**
 * What a run tells of the labels that it was trained on, in text or as a line of JSON.
 *
 * @throws UserError where what is recorded of them cannot be read
 */
export async function showSuspects(run: FetchedRun, json: boolean): Promise<string> {
  const count = run.tags[suspectsTag];
  const labels = count === undefined || count === '0' ? [] : await readSuspects(run);
  if (json) return `${JSON.stringify({ runId: run.runId, watched: count !== undefined, labels })}\n`;
  if (count === undefined)
    return (
      'labels    were not watched: that takes a target with one class per sample, ' +
      'without an order and without mixed labels\n'
    );
  if (labels.length === 0) return 'labels    none is suspect\n';
  return labels.map(describe).join('');
}

async function readSuspects(run: FetchedRun): Promise<readonly SuspectLabels[]> {
  const text = await run.artifact(suspectsFile);
  try {
    const read = parseBytes(new TextEncoder().encode(text));
    if (hasForm(suspectLabelsForm, read)) return read;
  } catch {
    // No JSON, or too much of it.
  }
  throw failure(
    'run-not-readable',
    `${suspectsFile} of the run ${run.runId} does not say what one of this program says`,
  );
}

function describe({ target, samples, suspects, ranking }: SuspectLabels): string {
  const head = `labels    ${showCount(suspects)} of ${showCount(samples)} of ${target} are likely wrong`;
  const lines = ranking
    .slice(0, Math.min(suspects, mostShown))
    .map(
      ({ place, label, predicted, margin }) =>
        `          ${showSamplePlace(place)}: ${label}, the model says ${predicted} (margin ${margin.toPrecision(3)})`,
    );
  const more = suspects > mostShown ? [`          and ${showCount(suspects - mostShown)} more`] : [];
  return [head, ...lines, ...more].map((line) => `${makeVisible(line)}\n`).join('');
}
