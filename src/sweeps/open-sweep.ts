import { createHash, randomUUID } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { type Claim, claim, isAtWork } from '../base/claim.ts';
import { type Diagnostic, UserError, failure, warning } from '../base/diagnostics.ts';
import { makeFolder, realPath } from '../base/files.ts';
import { silence } from '../base/heartbeat.ts';
import { ownFolder } from '../base/own-folder.ts';
import { shorten } from '../base/shorten.ts';
import { withoutAddresses } from '../datasets/files/data-file.ts';
import type { SweepEnding } from './sweep-events.ts';
import { type SweepHead, SweepJournal, expectHead, readHead, readJournal } from './sweep-journal.ts';
import type { CheckedSweep } from './checked-sweep.ts';

/** Where the records of sweeps lie: beside the runs, as MLflow takes every folder among them for an experiment. */
export function sweepsFolder(runsDirectory: string): string {
  const store = resolve(runsDirectory);
  return ownFolder(dirname(store), '.layerline', 'sweeps', basename(store));
}

/** A sweep of a file that this process alone is at. */
export interface OpenedSweep {
  readonly journal: SweepJournal;
  readonly head: SweepHead;
  /** Its own. */
  readonly folder: string;
  /** The folder of the sweep before it, which was given up where this one began anew, and the beginning of its jobs. */
  readonly former?: { readonly folder: string; readonly jobs: string };
  /** Lets go of it. */
  close(): void;
}

/** What is asked for when a sweep is opened. */
export interface OpenSweepRequest {
  readonly checked: CheckedSweep;
  readonly runsDirectory: string;
  /** Cores of a trial, where the sweep begins. */
  readonly cpu: number;
  /** Whether to begin anew. */
  readonly fresh: boolean;
  readonly warn: (warning: Diagnostic) => void;
}

/**
 * Opens the sweep of a file: the one that was begun goes on, unless what decides its trials changed.
 *
 * @throws UserError where another process is at it, the file or its pipeline changed in mid-sweep, the journal is
 *   damaged, or the disk cannot be written
 */
export async function openSweep(request: OpenSweepRequest): Promise<OpenedSweep> {
  const { checked, runsDirectory, fresh, warn } = request;
  const root = sweepsFolder(runsDirectory);
  const file = fileFrom(runsDirectory, checked.source.name);
  makeFolder(root);
  const claimed = await claimSweep(join(root, keyOf(file)), checked.source.name, warn);
  try {
    const last = lastOf(root, file);
    const identity = identityOf(checked);
    if (last !== undefined && !fresh) {
      const { lines } = readJournal(journalIn(last.folder));
      const [head] = lines;
      const changed = head?.type === 'sweep' ? changesOf(head.identity, identity) : [];
      const end = lines.findLast(({ type }) => type === 'ending');
      if (head?.type === 'sweep' && changed.length === 0)
        return opened(SweepJournal.open(journalIn(last.folder)), { folder: last.folder, head }, claimed);
      if (changed.length > 0 && !(end?.type === 'ending' && end.why === 'done'))
        throw editedInMidSweep(checked.source.name, changed);
    }
    const generation = (last?.generation ?? 0) + 1;
    // Of no other folder: a cluster that two copies of a project share knows jobs by it alone.
    const id = hash([file, identity, generation, randomUUID()]).slice(0, 12);
    const { name } = checked.sweep;
    const startTime = Date.now();
    const head = { type: 'sweep', id, name, file, generation, identity, cpu: request.cpu, startTime } as const;
    const folder = join(root, `${keyOf(file)}-${generation}`);
    return opened(SweepJournal.begin(journalIn(folder), head), { folder, head }, claimed);
  } catch (error) {
    claimed.release();
    throw error;
  }
}

function opened(journal: SweepJournal, place: Pick<OpenedSweep, 'folder' | 'head'>, claimed: Claim): OpenedSweep {
  return {
    ...withFormer(place),
    journal,
    close: () => {
      journal.close();
      claimed.release();
    },
  };
}

function withFormer({ folder, head }: Pick<OpenedSweep, 'folder' | 'head'>): FoundSweep {
  const before = folder.replace(/\d+$/, String(head.generation - 1));
  const former = head.generation > 1 && existsSync(journalIn(before)) ? readHead(journalIn(before)) : undefined;
  return { folder, head, ...(former && { former: { folder: before, jobs: jobsOf(former) } }) };
}

/** A sweep that was begun, whoever is at it. */
export type FoundSweep = Pick<OpenedSweep, 'folder' | 'head' | 'former'>;

/**
 * The newest sweep of a file; undefined: there is none.
 *
 * @throws UserError where its journal is damaged so that nobody knows what its jobs are called
 */
export function sweepOf(runsDirectory: string, file: string): FoundSweep | undefined {
  const last = lastOf(sweepsFolder(runsDirectory), fileFrom(runsDirectory, file));
  return last && withFormer({ folder: last.folder, head: expectHead(journalIn(last.folder)) });
}

/** How the last driver of a sweep ended; undefined: it was killed, or is at work, or the journal is damaged. */
export function endingOf({ folder }: Pick<FoundSweep, 'folder'>): SweepEnding | undefined {
  try {
    const last = readJournal(journalIn(folder)).lines.at(-1);
    return last?.type === 'ending' ? last.why : undefined;
  } catch (error) {
    // The next driver tells.
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

/** The file of a claim on all sweeps of a file. */
export function claimOf(runsDirectory: string, file: string): string {
  return join(sweepsFolder(runsDirectory), keyOf(fileFrom(runsDirectory, file)));
}

/** The beginning of the ids of a sweep's jobs: executors take letters, digits, `_`, `.` and `-`. */
export function jobsOf({ name, id }: Pick<SweepHead, 'name' | 'id'>): string {
  const plain = name
    .replaceAll(/[^\w.-]+/g, '-')
    .replace(/^[^A-Za-z0-9]+/, '')
    .slice(0, 60);
  return `${plain === '' ? 'sweep' : plain}-${id}`;
}

const fileFrom = (runsDirectory: string, file: string) => relative(realPath(runsDirectory), realPath(file));

const keyOf = (file: string) => `file-${hash(file).slice(0, 12)}`;

const hash = (value: unknown) => createHash('sha256').update(JSON.stringify(value)).digest('hex');

async function claimSweep(path: string, file: string, warn: (warning: Diagnostic) => void): Promise<Claim> {
  const tell = () =>
    warn(
      warning(
        'looks-for-life',
        `waiting up to ${silence / 1000} s for a sign of life of the process that was last at the sweep ${file}, ` +
          'which may be at work in another container or on another host',
      ),
    );
  for (;;) {
    const claimed = claim(path);
    if (claimed !== undefined) return claimed;
    if (await isAtWork(path, tell))
      throw failure(
        'sweep-at-work',
        `another process is at the sweep ${file}`,
        `Wait for it, or end it with \`pipeline sweep ${file} --stop\`: nothing of it is lost.`,
      );
  }
}

/** A kill may leave the newest without a whole first line, and the one before the newest. */
function lastOf(root: string, file: string): { readonly folder: string; readonly generation: number } | undefined {
  const beginning = `${keyOf(file)}-`;
  const generations = (existsSync(root) ? readdirSync(root) : [])
    .filter((name) => name.startsWith(beginning) && /^[1-9]\d{0,8}$/.test(name.slice(beginning.length)))
    .map((name) => ({ folder: join(root, name), generation: Number(name.slice(beginning.length)) }))
    .filter(({ folder }) => existsSync(journalIn(folder)) && readFileSync(journalIn(folder)).includes('\n'));
  return generations.toSorted((a, b) => b.generation - a.generation)[0];
}

const journalIn = (folder: string) => join(folder, 'journal.jsonl');

/** What decides which trials a sweep has, and what each trains. How many, and where, may change while it goes on. */
function identityOf({ sweep, base }: CheckedSweep): SweepHead['identity'] {
  const { seed, goal, space, search, asha } = sweep;
  const { tracking: _, ...pipeline } = withoutAddresses(base.resolved) as Readonly<Record<string, unknown>>;
  const own = {
    seed,
    goal,
    space: space.map(({ path, distribution }) => ({ path, distribution })),
    search,
    asha: asha ?? null,
  };
  return JSON.parse(JSON.stringify({ sweep: own, pipeline })) as SweepHead['identity'];
}

/** Paths of what differs, such as `pipeline.train.epochs`. */
function changesOf(before: unknown, now: unknown, path = ''): readonly string[] {
  if (JSON.stringify(before) === JSON.stringify(now)) return [];
  const isMap = (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value);
  if (!isMap(before) || !isMap(now)) return [path];
  const [a, b] = [before as Record<string, unknown>, now as Record<string, unknown>];
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].flatMap((key) =>
    changesOf(a[key], b[key], path === '' ? key : `${path}.${key}`),
  );
}

function editedInMidSweep(file: string, changed: readonly string[]): UserError {
  const named = changed.slice(0, 3).map((path) => {
    const [whose, ...rest] = path.split('.');
    return whose === 'sweep' ? `\`${rest.join('.')}\` of the sweep` : `\`${rest.join('.')}\` of the pipeline`;
  });
  const list = `${named.map((name) => shorten(name, 120)).join(', ')}${changed.length > 3 ? ', ...' : ''}`;
  return new UserError(
    {
      code: 'sweep-edited',
      severity: 'error',
      message: `the sweep ${file} is under way, and ${list} changed since it began: its trials could not be compared`,
      hint: `Put it back as it was, and the sweep goes on; or begin anew with \`pipeline sweep ${file} --fresh\`.`,
    },
    2,
  );
}
