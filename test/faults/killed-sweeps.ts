import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type Owner, isAlive, isReused, readOwner } from '../../src/base/owner.ts';
import { type SweepLine, readJournal } from '../../src/sweeps/sweep-journal.ts';
import { readRun } from '../../src/tracking/store/read-run.ts';
import { type Ended, Rig, eventsOf } from '../rig.ts';
import { crashScript } from './crash-points.ts';
import type { Fault } from './fault.ts';
import { runsIn, statusOf } from './runs-in.ts';
import { metricsOf } from './whole-run.ts';

const trials = 4;

const files: Readonly<Record<string, string>> = {
  'points.csv': [
    'a,b,k',
    ...Array.from({ length: 200 }, (_, i) => [(i * 37) % 100, (i * 53) % 97])
      .map(([a, b]) => [a! / 100, b! / 97])
      .map(([a, b]) => `${a},${b},${a! + b! > 1 ? 'much' : 'little'}`),
    '',
  ].join('\n'),
  'p.yaml': `name: points
seed: 3
data: { source: { csv: { file: points.csv, targets: { k: [little, much] }, test: 0.2 } }, split: { validation: 40 } }
model: { layers: [dropout 0.2, dense 4 relu, dense 2] }
train: { optimizer: adam, loss: softmaxCrossEntropy, batchSize: 20, epochs: 2, checkpoint: { everySteps: 3 } }
visualize: { figures: [] }
`,
  ...Object.fromEntries(
    ['', 'asha: { from: 1, factor: 2 }\n'].map((asha) => [
      `${asha === '' ? 'whole' : 'rungs'}.yaml`,
      `sweep: ./p.yaml
seed: 5
goal: minimize val_loss
space:
  train.optimizer.adam.learningRate: log 1e-3..1e-1
  train.batchSize: [10, 20]
search: random
trials: ${trials}
parallel: 2
${asha}`,
    ]),
  ),
};

/** What a sweep without a fault came to. The one with rungs trains the same trials, some of them not to the end. */
interface Whole {
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

/** How a driver is ended. */
const ways = ['at a random moment', 'before a write, or in the middle of it', 'with its trials'] as const;

/** Drivers of sweeps that are killed, and whose sweeps go on. */
export const killedSweeps: Fault = {
  title:
    '`kill -9` of the driver of a sweep at a random moment, before or in the middle of something that it writes, ' +
    'or with all its trials, one to three times, the same command until it is done; every second sweep with ASHA; ' +
    "suggestions, each trial's run, metrics and weights' SHA-256, the best, journal, claims and processes compared",
  tries: { full: 200, reduced: 12 },
  async run(count, tell) {
    const whole = await sweepWhole('whole');
    const rungs = await sweepWhole('rungs');
    const wrong: string[] = [];
    let [begun, ended, kills] = [0, 0, 0];
    const work = async (): Promise<void> => {
      for (let i = begun++; i < count; i = begun++) {
        const name = i % 2 === 0 ? 'whole' : 'rungs';
        const way = ways[Math.floor(i / 2) % ways.length]!;
        const { ms, points } = name === 'whole' ? whole : rungs;
        const rig = rigOf();
        const told: string[] = [];
        let problems: readonly string[];
        do problems = await tryOnce(rig, { name, way, ms, points, told }, whole);
        while (told.length === 0 && problems.length === 0);
        kills += told.length;
        wrong.push(...problems.map((line) => `${name}, killed ${way} (${told.join(', ')}): ${line} [${rig.folder}]`));
        if (problems.length === 0) rig.remove();
        if (++ended % 10 === 0) tell(`${ended} of ${count} tried, ${kills} kills, ${wrong.length} wrong`);
      }
    };
    await Promise.all([work(), work()]);
    return wrong;
  },
};

function rigOf(): Rig {
  const rig = new Rig();
  for (const [name, text] of Object.entries(files)) rig.write(name, text);
  return rig;
}

const start = (rig: Rig, name: string, env: Readonly<Record<string, string>> = {}) =>
  rig.start(['sweep', `${name}.yaml`, '--json'], env);

const crashing = (rig: Rig, at: number, isTorn: boolean) => ({
  // The trials are not to die of it.
  NODE_OPTIONS: `--require ${rig.write('crash.cjs', `delete process.env.NODE_OPTIONS;\n${crashScript}`)}`,
  CRASH_AT: String(at),
  CRASH_TORN: isTorn ? '1' : '',
});

async function sweepWhole(name: string): Promise<Whole> {
  const rig = rigOf();
  const { code, stderr, ms } = await start(rig, name, crashing(rig, Infinity, false)).ended;
  if (code !== 0) throw new Error(stderr);
  const runs = runsIn(join(rig.folder, 'runs'));
  const trained = new Map(runs.map((run) => [trialOf(run), trainedIn(run)]));
  const reached = {
    ms,
    trained,
    suggested: suggestedIn(readJournal(journalOf(rig)).lines),
    bestFile: withoutRun(rig.read(`${name}.best.yaml`)),
    points: Number(rig.read('crash-points')),
  };
  rig.remove();
  return reached;
}

interface Try {
  readonly name: string;
  readonly way: (typeof ways)[number];
  readonly ms: number;
  readonly points: number;
  /** The moments of its kills are added. */
  readonly told: string[];
}

/** Kills the driver once to three times, and then lets it come to its end. @returns what is wrong */
async function tryOnce(rig: Rig, { name, way, ms, points, told }: Try, whole: Whole): Promise<readonly string[]> {
  let last: Ended;
  do {
    // A trial is given up that is lost three times.
    const most = way === 'with its trials' ? 2 : 3;
    const isKilled = told.length === 0 || (told.length < most && Math.random() < 0.5);
    const point = Math.floor(Math.random() * points);
    const moment = Math.round(Math.random() * ms);
    const crashes = isKilled && way === 'before a write, or in the middle of it';
    const { child, ended } = start(rig, name, crashes ? crashing(rig, point, Math.random() < 0.5) : {});
    const kill = () => {
      child.kill('SIGKILL');
      if (way === 'with its trials') for (const leader of leadersOf(rig)) killGroup(leader);
    };
    const timer = isKilled && !crashes ? setTimeout(kill, moment) : undefined;
    last = await ended;
    clearTimeout(timer);
    if (last.code === null) told.push(crashes ? `${point} of ${points}: ${rig.read('crash-point')}` : `${moment} ms`);
    else if (last.code !== 0) return [`exit code ${last.code}: ${last.stderr}`];
  } while (last.code === null);
  return told.length === 0 ? [] : problemsOf(rig, name, last, { whole, isAlone: way !== 'with its trials' });
}

const sweepsOf = (rig: Rig) => join(rig.folder, '.layerline/sweeps/runs');

/** The folder of its one sweep, as none is begun anew; undefined before that is begun. */
function folderOf(rig: Rig): string | undefined {
  const names = existsSync(sweepsOf(rig)) ? readdirSync(sweepsOf(rig)) : [];
  return names.filter((name) => /^file-[0-9a-f]{12}-1$/.test(name)).map((name) => join(sweepsOf(rig), name))[0];
}

const journalOf = (rig: Rig) => join(folderOf(rig)!, 'journal.jsonl');

/** The leaders of the process groups of all trials that were started. */
function leadersOf(rig: Rig): readonly Owner[] {
  const jobs = join(folderOf(rig) ?? '', 'jobs');
  if (!existsSync(jobs)) return [];
  return readdirSync(jobs).flatMap((job) => {
    const claim = join(jobs, job, 'claim');
    const owner = existsSync(claim) ? readOwner(readFileSync(claim, 'utf8')) : undefined;
    return owner !== undefined && 'space' in owner ? [owner] : [];
  });
}

/** Kills all of a trial; the number of one that has ended may be that of somebody else's by now. */
function killGroup(leader: Owner): void {
  try {
    if (!isReused(leader)) process.kill(-leader.pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
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

/** Whatever is not as without a fault. @param isAlone whether the driver alone was killed, and no trial */
function problemsOf(
  rig: Rig,
  name: string,
  last: Ended,
  { whole, isAlone }: { readonly whole: Whole; readonly isAlone: boolean },
): readonly string[] {
  const problems: string[] = [];
  const expect = (holds: boolean, problem: string) => void (holds || problems.push(problem));
  const end = eventsOf(last.stdout).at(-1)!;
  expect(end['why'] === 'done' && end['trials'] === trials && end['failed'] === 0, `ends as ${JSON.stringify(end)}`);
  const { lines, wholeBytes } = readJournal(journalOf(rig));
  expect(wholeBytes === statSync(journalOf(rig)).size, 'the journal has a tail');
  expect(suggestedIn(lines) === whole.suggested, `suggests ${suggestedIn(lines)}`);
  const done = lines.flatMap((line) => (line.type === 'ended' && line.state === 'done' ? [line] : []));
  expect(
    new Set(done.map(({ trial, rung }) => `${trial} ${rung}`)).size === done.length,
    'a rung of a trial is done twice',
  );
  const attempts = lines.flatMap((line) => (line.type === 'submitted' ? [line.attempt] : []));
  expect(!isAlone || attempts.every((attempt) => attempt === 1), 'a trial got another attempt');
  // A run that was just being made when its driver was killed has nothing yet by which it could be found.
  const made = runsIn(join(rig.folder, 'runs')).filter(
    (run) => statusOf(run) !== '5' || 'layerline.sweep' in readRun(run).tags,
  );
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
  const file = withoutRun(rig.read(`${name}.best.yaml`));
  expect(
    name === 'whole' ? file === whole.bestFile : file.includes(`: trial ${best}, `),
    `the best file is that of another trial: ${file.slice(0, 120)}`,
  );
  const paused = made.filter(isPruned).map((run) => basename(run));
  const isLeft = (path: string) =>
    /\.owner\.|\.tmp$|\/stop$/.test(path) ||
    (/\.unfinished-|\/checkpoints$/.test(path) && !paused.some((run) => path.includes(run)));
  const left = ['runs', '.layerline'].flatMap((folder) =>
    readdirSync(join(rig.folder, folder), { recursive: true, encoding: 'utf8' }).filter(isLeft),
  );
  problems.push(...left.map((path) => `${path} is left`));
  const alive = leadersOf(rig).filter((leader) => isAlive(leader) === true);
  expect(alive.length === 0, `${alive.length} processes of trials are left`);
  return problems;
}
