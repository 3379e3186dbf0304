import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Ended, Rig } from '../rig.ts';
import { crashScript } from './crash-points.ts';
import type { Fault } from './fault.ts';
import {
  type Whole,
  journalOf,
  killGroup,
  leadersOf,
  problemsOf,
  problemsOfJobs,
  trials,
  wholeOf,
} from './sweep-problems.ts';

const filesOn = ({ on }: Where): Readonly<Record<string, string>> => ({
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
on: { ${on}, cpu: 1 }
${asha}`,
    ]),
  ),
});

/** How drivers are ended. */
const ways = [
  'at a random moment',
  'before a write, or in the middle of it',
  'with its trials',
  'by Ctrl-C or --stop, and killed while it stops',
  'at each moment of a job',
] as const;

type Way = (typeof ways)[number];

/** What the trials of killed drivers run on. */
export interface Where {
  /** What stands in the sweep file, without braces. */
  readonly on: string;
  readonly env: Readonly<Record<string, string>>;
  /** What there is where trials are jobs of a cluster; left out: they are processes of this machine. */
  readonly cluster?: {
    /** What a driver does to submit a job, and to look how jobs stand, as `crashScript` names it. */
    readonly submits: string;
    readonly looks: string;
    /** The names of all jobs that the cluster knows of, each as often as it has one of that name. */
    jobs(): Promise<readonly string[]>;
    /** What a job printed. @param folder of the sweep's own */
    logOf(id: string, folder: string): Promise<string>;
  };
}

/** Moments of a job: what the driver does then, how often at most, and how much more before it is killed. */
const momentsOf = ({ submits, looks }: NonNullable<Where['cluster']>) =>
  [
    ['before it submits a job', submits, 2, 0],
    ['once it has submitted a job, before it does anything else', submits, 2, 1],
    ['while a job runs', looks, 8, 0],
    ['while it gathers values', '/metrics/', 1, 25],
    ['at the end', 'sweep\\.json', 1, 40],
  ] as const;

// A net so small trains in no time, and this engine starts in half of it: what is tried is the driver.
const here: Where = { on: 'local: {}', env: { PIPELINE_ENGINE: 'wasm' } };

/** Drivers of sweeps that are killed, and whose sweeps go on. */
export const killedSweeps: Fault = {
  title:
    '`kill -9` of the driver of a sweep at a random moment, before or in the middle of something that it writes, ' +
    'with all its trials, or while it stops for Ctrl-C or `--stop`; one to four times, the same command until it is ' +
    "done; every second sweep with ASHA; suggestions, each trial's run, metrics and weights' SHA-256, the best, " +
    'journal, claims and processes compared; drivers are counted',
  tries: { full: 200, reduced: 20 },
  run: (count, tell) => killSweeps(here, count, tell),
};

/** What is done on a cluster: the text of a row. */
export const onCluster =
  '`kill -9` of the driver before it submits a job, once it has, while a job runs, while it gathers values and at ' +
  'the end; else at a random moment, in the middle of something that it writes, or while it stops ' +
  'for Ctrl-C or `--stop`; no job is begun twice there, or left; drivers are counted';

/** @param count drivers that are killed */
export async function killSweeps(where: Where, count: number, tell: (line: string) => void): Promise<string[]> {
  const wholes = { whole: await sweepWhole(where, 'whole'), rungs: await sweepWhole(where, 'rungs') };
  // Moments of a cluster's jobs come first and most often: each takes long there.
  const open =
    where.cluster === undefined ? ways.slice(0, 4) : ([ways[4], ways[0], ways[4], ways[1], ways[4], ways[3]] as const);
  const wrong: string[] = [];
  let [tries, kills] = [0, 0];
  const work = async (): Promise<void> => {
    while (kills < count) {
      const number = tries++;
      const name = number % 2 === 0 ? 'whole' : 'rungs';
      const way = open[Math.floor(number / 2) % open.length]!;
      const tried = new Try(where, name, way, wholes[name]);
      const problems = await tried.run(wholes.whole);
      kills += tried.kills;
      wrong.push(...problems.map((line) => `${name}, killed ${way}: ${line} [${tried.story}]`));
      if (problems.length === 0) tried.rig.remove();
      tell(`try ${number + 1}, ${name}, ${way}: ${kills} of ${count} killed, ${wrong.length} wrong`);
      for (const what of tried.killed) tell(`  killed ${what}`);
    }
  };
  await Promise.all([work(), work()]);
  return wrong;
}

function rigOn(where: Where): Rig {
  const rig = new Rig();
  for (const [name, text] of Object.entries(filesOn(where))) rig.write(name, text);
  return rig;
}

const crashing = (rig: Rig, at: number, more: Readonly<Record<string, string>> = {}) => ({
  // The trials are not to die of it.
  NODE_OPTIONS: `--require ${rig.write('crash.cjs', `delete process.env.NODE_OPTIONS;\n${crashScript}`)}`,
  CRASH_AT: String(at),
  ...more,
});

const below = (count: number) => Math.floor(Math.random() * count);

async function sweepWhole(where: Where, name: string): Promise<Whole> {
  const rig = rigOn(where);
  const env = { ...where.env, ...crashing(rig, Infinity) };
  const ended = await rig.run(['sweep', `${name}.yaml`, '--json'], env);
  if (ended.code !== 0) throw new Error(`${ended.stderr} [${rig.folder}]`);
  const whole = wholeOf(rig, name, ended.ms);
  rig.remove();
  return whole;
}

/** One sweep whose drivers are killed. */
class Try {
  readonly rig: Rig;
  kills = 0;
  readonly #where: Where;
  readonly #name: string;
  readonly #way: Way;
  readonly #reference: Whole;
  readonly #told: string[] = [];
  /** Of each driver that was killed, after how long, and before what where that is known. */
  readonly killed: string[] = [];

  /** @param reference the same sweep without a fault */
  constructor(where: Where, name: string, way: Way, reference: Whole) {
    this.rig = rigOn(where);
    [this.#where, this.#name, this.#way, this.#reference] = [where, name, way, reference];
  }

  /** The file that says what was done and what came of it, where something is wrong. */
  get story(): string {
    return join(this.rig.folder, 'story.txt');
  }

  /** Ends drivers until one has come to the end. @returns what is wrong */
  async run(whole: Whole): Promise<readonly string[]> {
    // A trial is given up that is lost three times.
    const isByMoment = this.#way === ways[4];
    const mosts: Partial<Record<Way, number>> = { 'with its trials': 2, [ways[4]]: 5 };
    const most = mosts[this.#way] ?? 4;
    let last: Ended;
    do {
      const isToEnd = this.kills === 0 || (this.kills < most && (isByMoment || Math.random() < 0.7));
      last = await (isToEnd ? this.#ended() : this.#drive());
      // Ctrl-C at the very end finds it done.
    } while (last.code === null || last.code === 130 || last.stderr.includes('the sweep was stopped'));
    const isAlone = this.#way === ways[0] || this.#way === ways[1] || isByMoment;
    const { cluster } = this.#where;
    const problems =
      last.code === 0
        ? [
            ...problemsOf(this.rig, this.#name, last, { whole, isAlone, isHere: cluster === undefined }),
            ...(cluster === undefined ? [] : await problemsOfJobs(this.rig, cluster)),
          ]
        : [`exit code ${last.code}: ${last.stderr}`];
    if (problems.length > 0) this.#keep(problems);
    return problems;
  }

  /** A driver that is ended, unless it comes to its end before. */
  async #ended(): Promise<Ended> {
    const { ms, points } = this.#reference;
    const { cluster } = this.#where;
    if (this.#way === 'before a write, or in the middle of it')
      return this.#drive(crashing(this.rig, below(points), { CRASH_TORN: Math.random() < 0.5 ? '1' : '' }));
    if (this.#way === ways[4] && cluster !== undefined) {
      const [, on, most, further] = momentsOf(cluster)[this.kills]!;
      // What has to be before anything else is so each time; else what it comes to is another one each time.
      const at = further > 1 ? below(further) : further;
      return this.#drive(crashing(this.rig, at, { CRASH_ON: on, CRASH_NTH: String(1 + below(most)) }));
    }
    const moment = Math.random() * ms;
    return this.#drive({}, async (kill, interrupt) => {
      await sleep(moment);
      if (this.#way === 'at a random moment') return kill();
      if (this.#way === 'with its trials') {
        kill();
        for (const leader of leadersOf(this.rig)) killGroup(leader);
        return undefined;
      }
      const stopped = Math.random() < 0.5 ? this.#stop() : interrupt();
      await sleep(Math.random() * 1000);
      kill();
      return stopped;
    });
  }

  async #drive(
    env: Readonly<Record<string, string>> = {},
    end?: (kill: () => void, interrupt: () => void) => Promise<void> | undefined,
  ): Promise<Ended> {
    const { child, ended } = this.rig.start(['sweep', `${this.#name}.yaml`, '--json'], { ...this.#where.env, ...env });
    const ending = end?.(
      () => void child.kill('SIGKILL'),
      () => void child.kill('SIGINT'),
    );
    const last = await ended;
    await ending;
    const isKilled = child.signalCode === 'SIGKILL';
    if (isKilled) this.kills++;
    const point = isKilled && env['CRASH_AT'] !== undefined ? ` before ${this.rig.read('crash-point')}` : '';
    const moment = `after ${Math.round(last.ms)} ms${point}`;
    if (isKilled) this.killed.push(moment);
    this.#tell(`driver, ${child.signalCode ?? last.code} ${moment}`, last);
    return last;
  }

  async #stop(): Promise<void> {
    const ended = await this.rig.run(['sweep', `${this.#name}.yaml`, '--stop'], this.#where.env);
    this.#tell(`--stop, ${ended.code} after ${Math.round(ended.ms)} ms`, ended);
  }

  #tell(what: string, { stdout, stderr }: Ended): void {
    this.#told.push(`== ${new Date().toISOString()} ${what}\n${stdout}${stderr}`);
  }

  #keep(problems: readonly string[]): void {
    const journal = journalOf(this.rig);
    const lines = journal !== undefined && existsSync(journal) ? readFileSync(journal, 'utf8') : 'none';
    this.rig.write('story.txt', [`== wrong, ${this.#way}`, ...problems, ...this.#told, '== journal', lines].join('\n'));
  }
}
