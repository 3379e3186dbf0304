import { randomUUID } from 'node:crypto';
import { existsSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type Diagnostic, failure, type UserError, warning } from '../../base/diagnostics.ts';
import { hasForm, whole } from '../../base/json-form.ts';
import { splitItems } from './entry-kinds.ts';
import { type Destination, type Entry, type Items, Journal, type Kind, type ServerRun } from './journal.ts';
import { statusNumber } from '../store/local-run.ts';
import { metaText, readMeta } from '../store/meta-yaml.ts';
import { double } from './mlflow-client.ts';
import { readInputs, readKeys, readRun } from '../store/read-run.ts';
import { isRunId, proveWhole } from '../store/run-folder.ts';
import type { DatasetInput } from '../tracker.ts';

/** Where the journal of a run lies until its server has everything: beside the run, so that one look finds them all. */
export function journalPath(directory: string): string {
  return `${directory}.journal`;
}

/** Adds things to a journal, in pieces that one request may carry each. */
export function addTo<K extends Kind>(journal: Journal, kind: K, items: readonly Items[K][]): void {
  for (const piece of splitItems(kind, items)) journal.append(kind, piece);
}

/** Closes a journal, and puts it away into the run's folder where all of it is delivered and nothing was refused. */
export function closeJournal(journal: Journal, directory: string): void {
  journal.close();
  try {
    if (journal.pending.length === 0 && journal.refused.length === 0 && existsSync(directory))
      journal.moveTo(join(directory, 'journal'));
  } catch {
    // Then it is found again, and nothing in it is left to do.
  }
}

/**
 * Opens the journal of a run that this process has claimed. What a killed process had recorded without the journal's
 * line for it is added. One with damaged lines is made anew from the run's folder, so that nothing is trusted in
 * halves: what the server has already is found out by asking it.
 *
 * @param directory the run's folder
 * @returns undefined where the run was never meant for a server
 * @throws UserError where it no longer says which server, or the run would lead out of its store; the file system's own
 * error
 */
export function openJournal(directory: string, warn: (warning: Diagnostic) => void): Journal | undefined {
  proveWhole(directory);
  const path = journalPath(directory);
  const putAway = join(directory, 'journal');
  if (!existsSync(path) && !existsSync(putAway)) return undefined;
  const journal = Journal.open(existsSync(path) ? path : putAway);
  if (journal.path !== path) journal.moveTo(path);
  if (journal.damaged === 0) {
    complete(journal, directory);
    return journal;
  }
  journal.close();
  warn(
    warning(
      'journal-damaged',
      `${journal.damaged} lines of ${path} are damaged; what they held is taken from the run itself, ` +
        'and compared with what the server has',
    ),
  );
  return rebuild(directory, journal);
}

/**
 * Adds what a run's folder holds and its journal does not: a process can be killed between the two writes. Artifacts
 * are none of it: those that no line names may be halves of what was never recorded.
 */
function complete(journal: Journal, directory: string): void {
  const told = <K extends Kind>(kind: K): Items[K][] =>
    journal.all.flatMap((entry) => (isOf(entry, kind) ? entry.items : []));
  const recorded = readItems(directory);
  for (const kind of ['tags', 'params'] as const) {
    const last = new Map(told(kind).map(({ key, value }) => [key, value]));
    addTo(
      journal,
      kind,
      recorded[kind].filter(({ key, value }) => last.get(key) !== value),
    );
  }
  const nameOf = ({ key, step, timestamp, value }: Items['metrics']) => `${timestamp} ${value} ${step} ${key}`;
  const values = new Set(told('metrics').map(nameOf));
  addTo(
    journal,
    'metrics',
    recorded.metrics.filter((metric) => !values.has(nameOf(metric))),
  );
  const inputOf = ({ name, digest, context }: DatasetInput) => JSON.stringify([name, digest, context]);
  const inputs = new Set(told('inputs').map(inputOf));
  addTo(
    journal,
    'inputs',
    recorded.inputs.filter((one) => !inputs.has(inputOf(one))),
  );
  const [end] = recorded.end;
  if (end !== undefined && told('status').at(-1)?.status !== end.status) addTo(journal, 'status', [end]);
}

function isOf<K extends Kind>(entry: Entry, kind: K): entry is Entry<K> {
  return entry.kind === kind;
}

/** What a run's folder holds, but for its artifacts. */
function readItems(directory: string) {
  const { params, tags, metrics } = readRun(directory);
  const pairs = (values: Readonly<Record<string, string>>) =>
    Object.entries(values).map(([key, value]) => ({ key, value }));
  const { status, end_time } = readMeta(join(directory, 'meta.yaml')) ?? {};
  const ended = (['FINISHED', 'FAILED', 'KILLED'] as const).find((key) => statusNumber[key] === status);
  return {
    tags: pairs(tags),
    params: pairs(params),
    inputs: readInputs(directory, dirname(directory)),
    metrics: metrics.map((metric) => ({ ...metric, value: double(metric.value) })),
    /** One, where it has ended. */
    end: ended === undefined ? [] : [{ status: ended, ...(hasForm(whole, end_time) ? { end_time } : {}) }],
  };
}

/** What is known of the run that a server has, or is to have. */
export interface KnownRun extends Partial<Pick<Destination, 'key' | 'experiment'>> {
  readonly server?: ServerRun | undefined;
}

/**
 * Begins the journal of a run that is there already: all that it has recorded.
 *
 * @param known of the server's run: the key that it is found by, where it is looked for, and the run itself where it is
 * known
 * @throws UserError where the run would lead out of its store; the file system's own error
 */
export function beginJournal(directory: string, address: string, known: KnownRun = {}): Journal {
  const { run_name, user_id, start_time } = readMeta(join(directory, 'meta.yaml')) ?? {};
  const name = metaText(readMeta(join(dirname(directory), 'meta.yaml'))?.name);
  const run = {
    run_name: metaText(run_name),
    user_id: metaText(user_id),
    start_time: hasForm(whole, start_time) ? start_time : 0,
  };
  const { key = randomUUID(), experiment = { name }, server } = known;
  return rebuild(directory, { destination: { address, experiment, run, key }, server, path: journalPath(directory) });
}

function rebuild(
  directory: string,
  { destination, server, path }: Pick<Journal, 'destination' | 'server' | 'path'>,
): Journal {
  if (destination === undefined) throw lostDestination(directory);
  proveWhole(directory);
  const aside = `${path}.new`;
  rmSync(aside, { force: true });
  const journal = Journal.begin(aside, destination);
  if (server !== undefined) journal.noteServer(server);
  const { tags, params, inputs, metrics, end } = readItems(directory);
  addTo(journal, 'tags', tags);
  addTo(journal, 'params', params);
  addTo(journal, 'inputs', inputs);
  addTo(journal, 'metrics', metrics);
  addTo(journal, 'artifacts', readKeys(join(directory, 'artifacts')));
  addTo(journal, 'status', end.length === 0 ? [{ status: 'KILLED' }] : end);
  journal.close();
  const reopened = Journal.open(aside);
  reopened.moveTo(path);
  return reopened;
}

/** What to say of a journal that no longer tells where its run is to go. */
export function lostDestination(directory: string): UserError {
  return failure(
    'journal-without-server',
    `${journalPath(directory)} is damaged: it no longer tells which server the run is for`,
    'the run itself is whole in the local store: ' +
      `\`pipeline sync --again ${basename(directory)} --to ADDRESS\` sends it anew`,
  );
}

/** The run that a journal is for. @param name of its file, without the folder */
export function runOfJournal(name: string): string | undefined {
  const id = name.endsWith('.journal') ? name.slice(0, -'.journal'.length) : undefined;
  return isRunId(id) ? id : undefined;
}
