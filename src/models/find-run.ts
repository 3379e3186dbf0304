import { nearest } from '../base/did-you-mean.ts';
import { type UserError, failure, misuse } from '../base/diagnostics.ts';
import { realPath, statOf } from '../base/files.ts';
import { shorten } from '../base/shorten.ts';
import { parseModelUri } from '../tracking/registered-model.ts';
import { openRuns } from '../tracking/open-runs.ts';
import type { FetchedRun, ListedRun, RecordedRuns, Watch } from '../tracking/recorded-runs.ts';
import { moreIsBetter } from '../training/monitor.ts';

/** Where runs are looked for. */
export interface RunPlace {
  /** The local store. */
  readonly runs: string;
  /** Of an MLflow server, as the user named it; undefined or empty: the local store. */
  readonly trackingUri: string | undefined;
}

/**
 * Finds the run that a user means: by its id or a beginning of it, as `last` or `last~2`, as `best:METRIC`, by its
 * pipeline file, or as a version of a registered model, `models:/NAME/3` or `models:/NAME@ALIAS`.
 *
 * @throws UserError where there is none, which names those that are near, or no way to it
 */
export async function findRun(reference: string, { runs, trackingUri }: RunPlace, watch: Watch): Promise<FetchedRun> {
  const recorded = openRuns(runs, trackingUri, watch);
  return recorded.fetch(await runIdOf(reference, recorded));
}

const wholeId = /^[0-9a-f]{32}$|^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

async function runIdOf(reference: string, recorded: RecordedRuns): Promise<string> {
  if (wholeId.test(reference)) return reference;
  if (reference.startsWith('models:')) {
    const model = parseModelUri(reference);
    if (model === undefined)
      throw misuse(
        'bad-model-uri',
        `'${shorten(reference, 200)}' names no version of a registered model`,
        'write it as models:/NAME/3 or models:/NAME@ALIAS',
      );
    return recorded.registered(model.name, model);
  }
  const [isLast, back = '0'] = /^last(?:~(\d{1,6}))?$/.exec(reference) ?? [];
  if (isLast !== undefined) return (await trainedRun(recorded, Number(back))).runId;
  const [, metric] = /^best:(.+)$/s.exec(reference) ?? [];
  if (metric !== undefined) return (await bestRun(recorded, metric)).runId;
  const kind = statOf(reference);
  if (kind?.isFile() === true) return (await runOfFile(recorded, reference)).runId;
  if (kind !== undefined)
    throw failure(
      'unknown-run',
      `${shorten(reference, 200)} is a folder, and no run`,
      'name the run by its id: `pipeline runs`',
    );
  return (await runBeginning(recorded, reference)).runId;
}

/** Whether a run has a model that its numbers tell of: no trial, and none that evaluated another. */
export function hasTrained(run: ListedRun): boolean {
  return (
    run.state === 'FINISHED' &&
    run.tag('pipeline.layerline') !== undefined &&
    ['pipeline.evaluates', 'pipeline.trial'].every((key) => run.tag(key) === undefined)
  );
}

/** Whether a run is of a pipeline file, whose name it recorded from the folder that it was started in. */
export function isOfFile(run: ListedRun, file: string): boolean {
  const source = run.tag('mlflow.source.name');
  return source !== undefined && !source.includes('\0') && realPath(source) === realPath(file);
}

async function* trained(recorded: RecordedRuns): AsyncGenerator<ListedRun> {
  for await (const run of recorded.newestFirst()) if (hasTrained(run)) yield run;
}

async function trainedRun(recorded: RecordedRuns, back: number): Promise<ListedRun> {
  let seen = 0;
  for await (const run of trained(recorded)) if (seen++ === back) return run;
  if (seen === 0) throw noneTrained(recorded);
  throw failure(
    'unknown-run',
    `${recorded.where} has ${seen} finished ${seen === 1 ? 'run' : 'runs'}, so there is no last~${back}`,
    `the first one is ${seen === 1 ? '`last`' : `\`last~${seen - 1}\``}`,
  );
}

async function bestRun(recorded: RecordedRuns, metric: string): Promise<ListedRun> {
  const more = moreIsBetter(metric);
  let [newest, best]: [ListedRun | undefined, ListedRun | undefined] = [undefined, undefined];
  let bestValue = Number.NaN;
  const names = new Set<string>();
  for await (const run of trained(recorded)) {
    newest ??= run;
    if (run.experimentId !== newest.experimentId) continue;
    const value = run.metric(metric);
    if (value === undefined) for (const name of Object.keys(run.metrics)) names.add(name);
    if (value === undefined || Number.isNaN(value)) continue;
    // The newest of equal ones comes first.
    if (best === undefined || (more ? value > bestValue : value < bestValue)) [best, bestValue] = [run, value];
  }
  if (best !== undefined) return best;
  if (newest === undefined) throw noneTrained(recorded);
  const guess = nearest(metric, names);
  throw failure(
    'unrecorded-metric',
    `no finished run of the experiment of the newest one, ${newest.runId}, has a value of \`${shorten(metric, 100)}\``,
    guess === undefined ? '`pipeline runs` shows what they have' : `did you mean \`best:${guess}\`?`,
  );
}

async function runOfFile(recorded: RecordedRuns, file: string): Promise<ListedRun> {
  const files = new Set<string>();
  for await (const run of trained(recorded)) {
    if (isOfFile(run, file)) return run;
    files.add(run.tag('mlflow.source.name') ?? '');
  }
  const guess = nearest(file, files);
  throw failure(
    'unknown-run',
    `${recorded.where} has no finished run of ${file}`,
    guess === undefined ? `\`pipeline run ${file}\` makes one` : `did you mean \`${guess}\`?`,
  );
}

async function runBeginning(recorded: RecordedRuns, beginning: string): Promise<ListedRun> {
  const [found, others]: [ListedRun[], ListedRun[]] = [[], []];
  const isId = /^[0-9a-f][0-9a-f-]*$/.test(beginning);
  for await (const run of recorded.newestFirst()) (isId && run.runId.startsWith(beginning) ? found : others).push(run);
  const [one, ...more] = found;
  if (one !== undefined && more.length === 0) return one;
  if (one !== undefined)
    throw failure('ambiguous-run', `${found.length} runs begin with ${beginning}`, `give more of it: ${listed(found)}`);
  throw unknownReference(beginning, recorded.where, others);
}

function unknownReference(reference: string, where: string, runs: readonly ListedRun[]): UserError {
  const named = new Map(runs.map((run) => [run.name, run]));
  const near = named.get(nearest(reference, named.keys()) ?? '') ?? nearestId(reference, runs);
  const forms =
    'a run is named by its id, as `last`, `best:METRIC`, by its pipeline file, or as `models:/NAME/VERSION`';
  const message = `${where} has no run ${shorten(reference, 200)}`;
  if (near !== undefined) return failure('unknown-run', message, `did you mean ${listed([near])}?`);
  if (runs.length === 0) return failure('unknown-run', message, `there is none yet; ${forms}`);
  return failure('unknown-run', message, `${forms}; the newest: ${listed(runs)}`);
}

function nearestId(reference: string, runs: readonly ListedRun[]): ListedRun | undefined {
  if (!/^[0-9a-f]{6,}$/.test(reference)) return undefined;
  const ids = new Map(runs.map((run) => [run.runId.slice(0, reference.length), run]));
  return ids.get(nearest(reference, ids.keys()) ?? '');
}

/** The first few, with what tells people which they are. */
function listed(runs: readonly ListedRun[]): string {
  const shown = runs.slice(0, 5).map(({ runId, name }) => `${runId.slice(0, 12)} (${shorten(name)})`);
  return [...shown, ...(runs.length > shown.length ? ['...'] : [])].join(', ');
}

function noneTrained({ where }: RecordedRuns): UserError {
  return failure(
    'unknown-run',
    `${where} has no finished run`,
    '`pipeline runs` lists those that there are; trials, and runs that evaluate another, do not count',
  );
}
