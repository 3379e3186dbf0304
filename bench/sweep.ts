import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { prepare } from './data.ts';
import { estimate } from './estimate.ts';
import { type Measured, eventsOf, measure } from './processes.ts';
import type { Settings } from './settings.ts';
import { aimCell, fixed, print, printTable, whole, withInterval } from './table.ts';
import { works } from './works.ts';

/** What a trial computes with, in a sweep and alone: one thread. */
const oneThread = { PIPELINE_CORES: '1', TF_NUM_INTEROP_THREADS: '1' };

const ownTime = `
const file = process.env.OWN_TIME;
delete process.env.NODE_OPTIONS;
process.on('exit', () => {
  const { user, system } = process.cpuUsage();
  require('node:fs').writeFileSync(file, String((user + system) / 1e6));
});
`;

/** A sweep with two trials at once, beside the same trainings one after the other. */
export async function benchSweep({ quick, pairs, scratch }: Settings): Promise<void> {
  const trials = quick ? 2 : 8;
  const amount = quick ? { images: 500, epochs: 1, heldBack: 100 } : { images: 50_000, epochs: 4, heldBack: 5000 };
  const { pipelineFile } = prepare(scratch, works['mlp']!, amount);
  const fewer = trials / 2;
  const fileOf = (count: number) => join(dirname(pipelineFile), `sweep-of-${count}.yaml`);
  for (const count of [trials, fewer])
    writeFileSync(
      fileOf(count),
      `sweep: ./pipeline.yaml\ngoal: minimize val_loss\nspace:\n  train.optimizer.adam.learningRate: log 1e-4..1e-2\n` +
        `search: random\ntrials: ${count}\nparallel: 2\non: { local: {}, cpu: 1 }\n`,
    );
  const preload = join(scratch, 'own-time.cjs');
  writeFileSync(preload, ownTime);
  const own = { NODE_OPTIONS: `--require ${preload}`, OWN_TIME: join(scratch, 'own-time') };
  const cli = [process.execPath, resolve('dist/cli.js')];
  const found: { efficiency: number; pauses: readonly number[]; driver: number }[] = [];
  for (let pair = 0; pair < pairs; pair++) {
    const sweep = async (count: number) => {
      const folder = join(scratch, `sweep-${pair}-of-${count}`);
      mkdirSync(folder);
      const runs = join(folder, 'runs');
      const ran = await measure(scratch, [...cli, 'sweep', fileOf(count), '--json', '--runs', runs], own);
      return { folder, ran, driver: Number(readFileSync(own.OWN_TIME, 'utf8')) };
    };
    const { folder, ran, driver } = await sweep(trials);
    // What a sweep starts, reads and reports with is the same for half of the trials.
    const { driver: ofFewer } = await sweep(fewer);
    const alone: Measured[] = [];
    for (const { values } of startedIn(ran))
      alone.push(
        await measure(
          scratch,
          [...cli, 'run', pipelineFile, '--json', '--runs', join(scratch, `alone-${pair}`), ...settings(values)],
          oneThread,
        ),
      );
    const ideal = alone.reduce((sum, { seconds }) => sum + seconds, 0) / 2;
    found.push({
      efficiency: ideal / ran.seconds,
      pauses: pausesIn(folder),
      driver: (1000 * (driver - ofFewer)) / (trials - fewer),
    });
  }
  const efficiency = estimate(found.map((one) => 100 * one.efficiency));
  const driver = estimate(found.map((one) => one.driver));
  const pauses = estimate(found.map((one) => mean(one.pauses)));
  print(`## pipeline sweep: ${trials} trials of the MLP, two at once with a thread each, ${pairs} pairs\n`);
  printTable(
    ['', 'median', 'aim'],
    [
      [
        'half of the time of its trials alone, % of its own',
        withInterval(efficiency, fixed),
        aimCell(efficiency, '>=', 90, ' %'),
      ],
      ['the driver, ms of the processor a trial', withInterval(driver, fixed), aimCell(driver, '<=', 50, ' ms')],
      [
        "from a trial's end to the start of the next, ms",
        withInterval(pauses, whole),
        aimCell(pauses, '<=', 50, ' ms'),
      ],
    ],
  );
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

function startedIn(ran: Measured): readonly { readonly values: Readonly<Record<string, unknown>> }[] {
  return eventsOf(ran, 'trial-started').map(({ values }) => ({ values: values as Readonly<Record<string, unknown>> }));
}

const settings = (values: Readonly<Record<string, unknown>>) =>
  Object.entries(values).flatMap(([path, value]) => ['--set', `${path}=${JSON.stringify(value)}`]);

/** Milliseconds from each end of a job to the start of the one that took its place, by the times of their files. */
function pausesIn(folder: string): readonly number[] {
  const sweeps = join(folder, '.layerline/sweeps/runs');
  const jobs = readdirSync(sweeps)
    .map((name) => join(sweeps, name, 'jobs'))
    .filter((path) => existsSync(path))
    .flatMap((path) => readdirSync(path).map((job) => join(path, job)));
  const timesOf = (name: string) => jobs.map((job) => statSync(join(job, name)).mtimeMs).toSorted((a, b) => a - b);
  // The first two begin with the sweep.
  const starts = timesOf('claim').slice(2);
  const ends = timesOf('exit');
  return starts.length === 0 ? [0] : starts.map((start, index) => Math.max(0, start - ends[index]!));
}
