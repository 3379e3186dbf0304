import { type UserError, failure, warning } from '../base/diagnostics.ts';
import { readFileWithin } from '../base/read-file.ts';
import { shellWord } from '../base/shell-word.ts';
import { shorten } from '../base/shorten.ts';
import type { ListedRun, RecordedRuns, Watch } from '../tracking/recorded-runs.ts';
import { sweepFingerprint, sweepTags } from '../tracking/sweep-tags.ts';

/** The run that the trials of a sweep are below. */
type SweepRun = Pick<ListedRun, 'runId' | 'name' | 'state' | 'tag'>;

/** Bytes of a sweep file that are read. */
const longestFile = 10_000_000;

/**
 * The run of the best trial of a sweep. It is found by its number: a server has it under another id.
 *
 * @param file the sweep file, where the sweep was named by it
 * @throws UserError where no trial was trained to its end yet, or the best one's run is gone
 */
export async function bestOfSweep(
  sweep: SweepRun,
  recorded: RecordedRuns,
  { warn }: Pick<Watch, 'warn'>,
  file: string | undefined,
): Promise<string> {
  const best = sweep.tag(sweepTags.bestTrial);
  const run = best === undefined ? undefined : await trialOf(sweep, recorded, best);
  if (best !== undefined && run === undefined)
    throw failure(
      'sweep-without-best',
      `the run of trial ${shorten(best, 20)}, the best of its sweep, is not in ${recorded.where}`,
      'it may be deleted: `pipeline runs` lists the others',
    );
  if (run === undefined || !isTrained(run)) throw noneTrained(sweep);
  if (sweep.state === 'RUNNING' || sweep.state === 'KILLED')
    warn(
      warning(
        'sweep-under-way',
        `the sweep ${shorten(sweep.name)} ${sweep.state === 'RUNNING' ? 'is under way' : 'was interrupted'}: ` +
          `this is its best so far, trial ${best!}, run ${run.runId}`,
        sweep.state === 'RUNNING' ? 'it may find a better one: wait for its end' : goOn(sweep),
      ),
    );
  const known = sweep.tag(sweepTags.file);
  if (file !== undefined && known !== undefined && known !== fingerprintOf(file))
    warn(
      warning(
        'sweep-file-edited',
        `${file} was edited since its sweep, and trial ${best!} is the best of the sweep as it was`,
        `\`pipeline sweep ${shellWord(file)}\` searches by what it says now`,
      ),
    );
  return run.runId;
}

async function trialOf(sweep: SweepRun, recorded: RecordedRuns, number: string): Promise<ListedRun | undefined> {
  const id = sweep.tag(sweepTags.sweep);
  for await (const run of recorded.newestFirst())
    if (run.tag(sweepTags.trial) === number && run.tag(sweepTags.sweep) === id) return run;
  return undefined;
}

/** Whether a trial came to its end; one that missed what `evaluate.require` says did, too. */
function isTrained(run: ListedRun): boolean {
  return run.state === 'FINISHED' || (run.state === 'FAILED' && run.tag('pipeline.gates') === 'failed');
}

function noneTrained(sweep: SweepRun): UserError {
  const under = `the sweep ${shorten(sweep.name)} has no trial that is trained to its end`;
  if (sweep.state === 'RUNNING')
    return failure(
      'sweep-without-best',
      `${under} yet: it is under way`,
      'wait for one; `pipeline runs` names runs of earlier sweeps',
    );
  if (sweep.state === 'KILLED') return failure('sweep-without-best', `${under}: it was interrupted`, goOn(sweep));
  return failure('sweep-without-best', under, `see why in its report: \`pipeline report ${sweep.runId.slice(0, 12)}\``);
}

function goOn(sweep: SweepRun): string {
  return `go on with it: \`pipeline sweep ${shellWord(shorten(sweep.tag('mlflow.source.name') ?? 'FILE', 200))}\``;
}

function fingerprintOf(file: string): string | undefined {
  const text = textOf(file);
  return text === undefined ? undefined : sweepFingerprint(text);
}

/** Whether a file says that it is a sweep. */
export function saysSweep(file: string): boolean {
  return /^"?sweep"?\s*:/m.test(textOf(file) ?? '');
}

function textOf(file: string): string | undefined {
  try {
    return new TextDecoder().decode(readFileWithin(file, longestFile));
  } catch {
    return undefined;
  }
}
