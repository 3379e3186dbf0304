import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { stringify } from 'yaml';
import { warning } from '../base/diagnostics.ts';
import { writeFileAtomic } from '../base/files.ts';
import { hideSecrets, hideSecretsIn } from '../base/secrets.ts';
import type { TrialRecord } from '../base/sweep-results.ts';
import { checkAndFetch } from '../plan/check-pipeline.ts';
import type { TrackedRun } from '../tracking/tracker.ts';
import { writeArtifact } from '../tracking/write-artifact.ts';
import type { SweepRequest } from './sweep-request.ts';

const beginning = '# The best of the sweep ';

/** Where the pipeline file of a sweep's best trial is written: beside the pipeline, so that its paths hold. */
export function bestFile({ sweep: { name }, base: { source } }: SweepRequest['checked']): string {
  return join(dirname(source.name), `${name}.best.yaml`);
}

/**
 * Writes the pipeline file of the best trial, ready to run, and keeps it with the parent run as `best.yaml`. A file of
 * the user's in its place is left alone, with a warning.
 */
export async function writeBest(
  { checked, settingsOf, emit }: Pick<SweepRequest, 'checked' | 'settingsOf' | 'emit'>,
  parent: TrackedRun,
  { number, score, values, runId }: TrialRecord,
): Promise<void> {
  const { source, settings } = checked.base;
  const { goal, name } = checked.sweep;
  const { resolved } = await checkAndFetch(source, [...settings, ...settingsOf(values)]);
  const chosen = Object.entries(values).map(([path, value]) => `#   ${path}: ${hideSecrets(JSON.stringify(value))}`);
  const text = [
    `${beginning}${JSON.stringify(name)}: trial ${number}, ${goal.metric} ${score}, run ${runId}. It chose:`,
    ...chosen,
    stringify(hideSecretsIn(resolved)),
  ].join('\n');
  writeArtifact(parent, 'best.yaml', text);
  const path = bestFile(checked);
  try {
    if (existsSync(path) && !readFileSync(path, 'utf8').startsWith(beginning))
      throw new Error('it is not of this program');
    writeFileAtomic(path, text);
  } catch (error) {
    const message = `${path} is left as it is: ${(error as Error).message}`;
    const hint = `the best pipeline is ${join(parent.artifactDirectory, 'best.yaml')}`;
    emit({ type: 'diagnostic', diagnostic: warning('best-file-kept', message, hint) });
  }
}
