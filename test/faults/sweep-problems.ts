import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type Owner, isAlive, isReused, readOwner } from '../../src/base/owner.ts';
import { jobsOf } from '../../src/sweeps/open-sweep.ts';
import { type SweepLine, readJournal } from '../../src/sweeps/sweep-journal.ts';
import { readRun } from '../../src/tracking/store/read-run.ts';
import { type Ended, type Rig, eventsOf } from '../rig.ts';
import { runsIn, statusOf } from './runs-in.ts';
import { metricsOf } from './whole-run.ts';

/** How many a sweep has. */
export const trials = 4;

/** What a sweep without a fault came to. The one with rungs trains the same trials, some of them not to the end. */
export interface Whole {
  readonly ms: number;
  /** By the number of a trial. */
  readonly trained: ReadonlyMap<string, Trained>;
  readonly suggested: string;
  readonly bestFile: string;
  readonly points: number;
}

interface Trained {
  readonly weights: string | undefined;
  readonly metrics: Readonly<Record<string, readonly string[]>>;
}

const sweepsOf = (rig: Rig) => join(rig.folder, '.layerline/sweeps/runs');

/** The folder of its one sweep, as none is begun anew; undefined before that is begun. */
function folderOf(rig: Rig): string | undefined {
  const names = existsSync(sweepsOf(rig)) ? readdirSync(sweepsOf(rig)) : [];
  return names.filter((name) => /^file-[0-9a-f]{12}-1$/.test(name)).map((name) => join(sweepsOf(rig), name))[0];
}

/** The journal of its one sweep; undefined before that is begun. */
export function journalOf(rig: Rig): string | undefined {
  const folder = folderOf(rig);
  return folder === undefined ? undefined : join(folder, 'journal.jsonl');
}

/** The leaders of the process groups of all trials that were started. */
export function leadersOf(rig: Rig): readonly Owner[] {
  const jobs = join(folderOf(rig) ?? '', 'jobs');
  if (!existsSync(jobs)) return [];
  return readdirSync(jobs).flatMap((job) => {
    const claim = join(jobs, job, 'claim');
    const owner = existsSync(claim) ? readOwner(readFileSync(claim, 'utf8')) : undefined;
    return owner !== undefined && 'space' in owner ? [owner] : [];
  });
}

/** Kills all of a trial; the number of one that has ended may be that of somebody else's by now. */
export function killGroup(leader: Owner): void {
  try {
    if (!isReused(leader)) process.kill(-leader.pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
}

/** Whatever is not as it has to be of what a cluster had to do: each job of the journal, begun once, and no other. */
export async function problemsOfJobs(
  rig: Rig,
  { jobs, logOf }: { jobs(): Promise<readonly string[]>; logOf(id: string, folder: string): Promise<string> },
): Promise<readonly string[]> {
  const { lines } = readJournal(journalOf(rig)!);
  const [head] = lines;
  if (head?.type !== 'sweep') return ['the journal has no head'];
  const beginning = jobsOf(head);
  const noted = lines.flatMap((line) =>
    line.type === 'submitted' ? [`${beginning}-${line.trial}-${line.rung}-${line.attempt}`] : [],
  );
  const known = (await jobs()).filter((id) => id.startsWith(`${beginning}-`));
  const problems = known.filter((id) => !noted.includes(id)).map((id) => `${id} is a job that nobody noted`);
  for (const id of noted) {
    const begun = (await logOf(id, folderOf(rig)!)).split('"type":"run-started"').length - 1;
    if (begun > 1) problems.push(`${id} began ${begun} times`);
  }
  const twice = known.filter((id, k) => known.indexOf(id) !== k);
  return [...problems, ...twice.map((id) => `the cluster had ${id} twice`)];
}

const trialOf = (run: string) => readRun(run).tags['layerline.trial'] ?? 'parent';

const isPruned = (run: string) => (readRun(run).tags['layerline.pruned'] ?? '') !== '';

const trainedIn = (run: string): Trained => ({
  weights: readRun(run).tags['pipeline.weights_sha256'],
  metrics: metricsOf(run),
});

const suggestedIn = (lines: readonly SweepLine[]) =>
  JSON.stringify(lines.flatMap((line) => (line.type === 'suggested' ? [[line.trial, line.values]] : [])));

const withoutRun = (text: string) => text.replace(/run [0-9a-f]{32}/, 'run');

/** What a sweep came to that had no fault, for others to be compared with. */
export function wholeOf(rig: Rig, name: string, ms: number): Whole {
  const runs = runsIn(join(rig.folder, 'runs'));
  return {
    ms,
    trained: new Map(runs.map((run) => [trialOf(run), trainedIn(run)])),
    suggested: suggestedIn(readJournal(journalOf(rig)!).lines),
    bestFile: withoutRun(rig.read(`${name}.best.yaml`)),
    points: Number(rig.read('crash-points')),
  };
}

/** What a sweep is compared with, and how. */
export interface Compared {
  readonly whole: Whole;
  /** Whether the driver alone was ended, and no trial. */
  readonly isAlone: boolean;
  /** Whether its trials are processes of this machine. */
  readonly isHere: boolean;
}

/** Whatever is not as without a fault. */
export function problemsOf(
  rig: Rig,
  name: string,
  last: Ended,
  { whole, isAlone, isHere }: Compared,
): readonly string[] {
  const problems: string[] = [];
  const expect = (holds: boolean, problem: string) => void (holds || problems.push(problem));
  const end = eventsOf(last.stdout).at(-1)!;
  expect(end['why'] === 'done' && end['trials'] === trials && end['failed'] === 0, `ends as ${JSON.stringify(end)}`);
  const { lines, wholeBytes } = readJournal(journalOf(rig)!);
  expect(wholeBytes === statSync(journalOf(rig)!).size, 'the journal has a tail');
  expect(suggestedIn(lines) === whole.suggested, `suggests ${suggestedIn(lines)}`);
  const done = lines.flatMap((line) => (line.type === 'ended' && line.state === 'done' ? [line] : []));
  expect(
    new Set(done.map(({ trial, rung }) => `${trial} ${rung}`)).size === done.length,
    'a rung of a trial is done twice',
  );
  const attempts = lines.flatMap((line) => (line.type === 'submitted' ? [line.attempt] : []));
  expect(!isAlone || attempts.every((attempt) => attempt === 1), 'a trial got another attempt');
  const store = join(rig.folder, 'runs');
  const made = runsIn(store).filter((run) => statusOf(run) !== undefined);
  const halfMade = runsIn(store).length - made.length;
  expect(halfMade === 0, `${halfMade} half-made runs are left`);
  const runs = new Map<string, string[]>();
  for (const run of made) runs.set(trialOf(run), [...(runs.get(trialOf(run)) ?? []), run]);
  expect(
    [...runs.values()].every(({ length }) => length === 1),
    'a trial has more than one run, or there are two parents',
  );
  expect(runs.size === trials + 1, `${runs.size} runs, not ${trials + 1}`);
  const best = String((end['best'] as { readonly trial?: number } | undefined)?.trial);
  for (const [trial, [run = '']] of runs) {
    const { weights, metrics } = trainedIn(run);
    const steps = Object.entries(metrics).filter(([key]) => !key.startsWith('system/'));
    for (const [key, values] of steps)
      expect(new Set(values.map((line) => line.split(' ')[1])).size === values.length, `${trial} has ${key} twice`);
    if (trial === 'parent') {
      expect(statusOf(run) === '3', `the parent has the status ${statusOf(run)}`);
      for (const file of ['report.html', 'sweep.json', 'best.yaml'])
        expect(existsSync(join(run, 'artifacts', file)), `${file} is missing`);
      continue;
    }
    const isWhole = !isPruned(run);
    expect(isWhole || (name === 'rungs' && trial !== best), `trial ${trial} is pruned`);
    expect(statusOf(run) === '3', `trial ${trial} has the status ${statusOf(run)}`);
    const expected = whole.trained.get(trial)!;
    expect(!isWhole || weights === expected.weights, `trial ${trial} ends with the weights ${weights}`);
    const keys = Object.keys(isWhole ? expected.metrics : metrics).filter((key) => !key.startsWith('system/'));
    for (const key of keys) {
      const wanted = expected.metrics[key] ?? [];
      const part = isWhole ? wanted : wanted.slice(0, metrics[key]!.length);
      expect(String(metrics[key]) === String(part), `trial ${trial} has other values of ${key}`);
    }
  }
  const path = `${name}.best.yaml`;
  const file = existsSync(join(rig.folder, path)) ? withoutRun(rig.read(path)) : 'none';
  expect(
    name === 'whole' ? file === whole.bestFile : file.includes(`: trial ${best}, `),
    `the best file is that of another trial: ${file.slice(0, 120)}`,
  );
  const paused = made.filter(isPruned).map((run) => basename(run));
  // Half of a kept outcome goes with `pipeline clean`; a few bytes beside the runs of an experiment that was just being
  // made harm no one, and may be another process's.
  const isExcused = (path: string) => /^cache\/.*\.tmp$|^\d+\/[^/]*\.tmp$/.test(path);
  const isLeft = (path: string) =>
    (/\.owner\.|\.tmp$|\/stop$/.test(path) && !isExcused(path)) ||
    (/\.unfinished-|\/checkpoints$/.test(path) && !paused.some((run) => path.includes(run)));
  const left = ['runs', '.layerline'].flatMap((folder) =>
    readdirSync(join(rig.folder, folder), { recursive: true, encoding: 'utf8' }).filter(isLeft),
  );
  problems.push(...left.map((path) => `${path} is left`));
  const alive = (isHere ? leadersOf(rig) : []).filter((leader) => isAlive(leader) === true);
  expect(alive.length === 0, `${alive.length} processes of trials are left`);
  return problems;
}
