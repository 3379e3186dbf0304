import { existsSync } from 'node:fs';
import { join, sep } from 'node:path';
import { nearest } from '../base/did-you-mean.ts';
import { type UserError, failure, misuse } from '../base/diagnostics.ts';
import { realPath, statOf } from '../base/files.ts';
import { shorten } from '../base/shorten.ts';
import { parseModelUri } from '../tracking/registered-model.ts';
import { openRuns } from '../tracking/open-runs.ts';
import type { FetchedRun, ListedRun, RecordedRuns, Watch } from '../tracking/recorded-runs.ts';
import { isSweep, isTrialOfSweep, sweepTags } from '../tracking/sweep-tags.ts';
import { moreIsBetter } from '../training/monitor.ts';
import { bestOfSweep, saysSweep } from './best-of-sweep.ts';

/** Where runs are looked for. */
export interface RunPlace {
  /** The local store. */
  readonly runs: string;
  /** Of an MLflow server, as the user named it; undefined or empty: the local store. */
  readonly trackingUri: string | undefined;
}

/**
 * Finds the run that a user means: by its id or a beginning of it, as `last` or `last~2`, as `best:METRIC`, by its
 * pipeline file, by its folder in a store, or as a version of a registered model, `models:/NAME/3` or
 * `models:/NAME@ALIAS`. A sweep, by its file or by the id of its own run, is the run of its best trial.
 *
 * @throws UserError where there is none, which names those that are near, or no way to it
 */
export async function findRun(reference: string, { runs, trackingUri }: RunPlace, watch: Watch): Promise<FetchedRun> {
  const recorded = openRuns(runs, trackingUri, watch);
  const found = await recorded.fetch(await runIdOf(reference, recorded));
  const tagged = { ...found, tag: tagOf(found) };
  if (!isSweep(tagged)) return found;
  const file = isFile(reference) ? reference : undefined;
  return recorded.fetch(await bestOfSweep(tagged, recorded, watch, file));
}

/**
 * Finds the run whose report a user means, as findRun does; of a sweep its own, which all trials are below, and of a
 * pipeline file that repeats itself that of all its repetitions.
 *
 * @throws UserError see findRun
 */
export async function findReported(
  reference: string,
  { runs, trackingUri }: RunPlace,
  watch: Watch,
): Promise<FetchedRun> {
  const recorded = openRuns(runs, trackingUri, watch);
  const found = await recorded.fetch(await runIdOf(reference, recorded));
  const parentId = found.tags['mlflow.parentRunId'];
  if (parentId === undefined || parentId === '' || !isFile(reference)) return found;
  // A run that a server has too names its parent by the server's id.
  for await (const run of recorded.newestFirst())
    if (run.runId === parentId) return run.tag(repetitionsTag) === undefined ? found : recorded.fetch(parentId);
  return found;
}

/** What the run above repetitions and folds says of them. */
export const repetitionsTag = 'pipeline.repetitions';

const isFile = (reference: string) => statOf(reference)?.isFile() === true;

const tagOf =
  ({ tags }: Pick<FetchedRun, 'tags'>) =>
  (key: string) =>
    Object.hasOwn(tags, key) ? tags[key] : undefined;

const wholeId = /^[0-9a-f]{32}$|^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

async function runIdOf(reference: string, recorded: RecordedRuns): Promise<string> {
  if (reference.trim() === '') throw misuse('unknown-run', 'the name of the run is empty', `${forms}.`);
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
  if (isFile(reference)) return (await runOfFile(recorded, reference)).runId;
  if (kind !== undefined) return runOfFolder(reference);
  return (await runBeginning(recorded, reference)).runId;
}

/** The id of the run whose folder this is, or that of its artifacts or its model; undefined where its name is no id. */
export function idInFolder(folder: string): string | undefined {
  const parts = realPath(folder).split(sep);
  for (const inner of ['model', 'artifacts']) if (parts.at(-1) === inner) parts.pop();
  const name = parts.at(-1) ?? '';
  return wholeId.test(name) ? name : undefined;
}

function runOfFolder(folder: string): string {
  const id = idInFolder(folder);
  if (id !== undefined) return id;
  throw failure(
    'unknown-run',
    existsSync(join(folder, 'model.json'))
      ? `${shorten(folder, 200)} holds a model, and is no folder of a run, which is what is asked for`
      : `${shorten(folder, 200)} is a folder, and no run`,
    'name the run by its id: `pipeline runs`',
  );
}

/** Whether a run has a model that its numbers tell of: none that was a try, or evaluated another. */
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

/** Runs that were trained on their own, and finished sweeps that have a best trial. */
async function* topLevel(recorded: RecordedRuns): AsyncGenerator<ListedRun> {
  for await (const run of recorded.newestFirst()) {
    const isDone = isSweep(run)
      ? run.state === 'FINISHED' && run.tag(sweepTags.bestTrial) !== undefined
      : hasTrained(run) && !isTrialOfSweep(run);
    if (isDone) yield run;
  }
}

async function trainedRun(recorded: RecordedRuns, back: number): Promise<ListedRun> {
  let seen = 0;
  for await (const run of topLevel(recorded)) if (seen++ === back) return run;
  if (seen === 0) throw noneTrained(recorded);
  throw failure(
    'unknown-run',
    `${recorded.where} has ${seen} finished ${seen === 1 ? 'run' : 'runs'}, so there is no last~${back}`,
    `the first one is ${seen === 1 ? '`last`' : `\`last~${seen - 1}\``}`,
  );
}

async function bestRun(recorded: RecordedRuns, metric: string): Promise<ListedRun> {
  if (isFile(metric))
    throw misuse(
      'unrecorded-metric',
      `\`best:\` is followed by a metric, and ${shorten(metric, 200)} is a file`,
      `a sweep file alone is the run of its best trial: \`${shorten(metric, 200)}\``,
    );
  const more = moreIsBetter(metric);
  let [newest, best]: [ListedRun | undefined, ListedRun | undefined] = [undefined, undefined];
  let bestValue = Number.NaN;
  const names = new Set<string>();
  for await (const run of trained(recorded)) {
    newest ??= run;
    if (run.experimentId !== newest.experimentId) continue;
    const value = run.metric(metric);
    if (value === undefined) for (const name of metricsTold(run)) names.add(name);
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
    guess === undefined
      ? `they have ${shorten([...names].sort().join(', ') || 'none', 300)}`
      : `did you mean \`best:${guess}\`?`,
  );
}

const metricsTold = ({ metrics }: ListedRun) => Object.keys(metrics).filter((name) => !name.startsWith('system/'));

/** Of a sweep file its newest sweep, however far it is. */
async function runOfFile(recorded: RecordedRuns, file: string): Promise<ListedRun> {
  const files = new Set<string>();
  const [swept, sweeps]: [Set<string>, Map<string, string>] = [new Set(), new Map()];
  for await (const run of recorded.newestFirst()) {
    const isOne = isOfFile(run, file);
    const sweep = run.tag(sweepTags.sweep) ?? '';
    if (isTrialOfSweep(run)) {
      if (isOne) swept.add(sweep);
      continue;
    }
    if (!isSweep(run) && !hasTrained(run)) continue;
    if (isOne) return run;
    const name = run.tag('mlflow.source.name') ?? '';
    files.add(name);
    if (isSweep(run)) sweeps.set(sweep, name);
  }
  const sweepFile = [...swept].map((sweep) => sweeps.get(sweep)).find((name) => name !== undefined);
  if (sweepFile !== undefined)
    throw failure(
      'unknown-run',
      `${recorded.where} has no finished run of ${file} but trials of a sweep`,
      `name the sweep, for its best trial: \`${shorten(sweepFile, 200)}\``,
    );
  const guess = nearest(file, files);
  const isSweepFile = saysSweep(file);
  const makes = `\`pipeline ${isSweepFile ? 'sweep' : 'run'} ${file}\` makes one`;
  throw failure(
    'unknown-run',
    `${recorded.where} has no ${isSweepFile ? 'sweep' : 'finished run'} of ${file}`,
    guess === undefined
      ? `${makes}; name another store with --runs, or a server with --tracking-uri`
      : `${makes}; or did you mean \`${shorten(guess, 200)}\`?`,
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

const forms =
  'a run is named by its id, as `last`, `best:METRIC`, by its pipeline or sweep file, or as `models:/NAME/VERSION`';

function unknownReference(reference: string, where: string, runs: readonly ListedRun[]): UserError {
  const files = new Set(runs.flatMap((run) => run.tag('mlflow.source.name') ?? []));
  const file = /\.(ya?ml|json)$/.test(reference) ? nearest(reference, files) : undefined;
  if (file !== undefined)
    return failure(
      'unknown-run',
      `there is no file ${shorten(reference, 200)}, and no run of that name`,
      `did you mean \`${shorten(file, 200)}\`?`,
    );
  const named = new Map(runs.map((run) => [run.name, run]));
  const near = named.get(nearest(reference, named.keys()) ?? '') ?? nearestId(reference, runs);
  const message = `${where} has no run ${shorten(reference, 200)}`;
  if (near !== undefined) return failure('unknown-run', message, `did you mean ${listed([near])}?`);
  if (runs.length === 0) return failure('unknown-run', message, `there is none yet; ${forms}`);
  const own = runs.filter((run) => !isTrialOfSweep(run));
  return failure('unknown-run', message, `${forms}; the newest: ${listed(own.length === 0 ? runs : own)}`);
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
