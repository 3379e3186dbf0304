import { existsSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Ended, Rig, digitsPipeline, eventsOf } from '../rig.ts';
import type { Fault } from './fault.ts';
import { runsIn } from './runs-in.ts';

/** Small, as each is trained hundreds of times; together they have everything that a state consists of. */
const pipelines: Readonly<Record<string, string>> = {
  conv: `${digitsPipeline({ epochs: 6, batchSize: 25, layers: '[conv 3x3x8 same relu, batchNormalization, maxpool 2x2, flatten, dropout 0.3, dense 10]' })}  checkpoint: { everySteps: 5 }\n`,
  dense: `${digitsPipeline({ epochs: 40, batchSize: 25, layers: '[flatten, dense 32 relu, { gaussianDropout: { rate: 0.2 } }, dense 10]' })}  schedule: { reduceOnPlateau: { patience: 2 } }\n  ema: { decay: 0.95 }\n  earlyStopping: { patience: 4, minDelta: 0.01 }\n  clipNorm: 1\n  checkpoint: { everySeconds: 0.05, keep: 3 }\n`,
  mnist: 'name: digits\nseed: 3\ndata: { source: mnist, split: { validation: 50000 } }\nmodel: { layers: [flatten, dense 10] }\ntrain: { optimizer: adam, loss: softmaxCrossEntropy, batchSize: 100, epochs: 4, schedule: cosine }\n',
};

/** What a run without a fault came to. */
interface Reference {
  readonly weights: string;
  readonly ms: number;
  readonly metrics: Readonly<Record<string, readonly string[]>>;
}

/** Of metrics that tell of time: other values are right too. */
const isTime = (key: string) => key.startsWith('seconds_') || key === 'images_per_second';

/** Processes killed at random moments of their whole life: set-up, load, steps, checkpoints, evaluation, figures, end. */
export const killResume: Fault = {
  title: "`kill -9` at a random moment, resumed until done, weights' SHA-256 compared",
  tries: { full: 200, reduced: 20 },
  run: async (count, tell) => {
    const rig = new Rig();
    rig.writeDigits();
    const references = new Map<string, Reference>();
    for (const [name, text] of Object.entries(pipelines)) {
      rig.write(`${name}.yaml`, text);
      const ended = await rig.run(['run', `${name}.yaml`, '--json', '--runs', `${name}/runs`]);
      if (ended.code !== 0) throw new Error(ended.stderr);
      references.set(name, { weights: weightsOf(ended), ms: ended.ms, metrics: metricsOf(runsIn(join(rig.folder, name, 'runs'))[0]!) });
    }
    const wrong: string[] = [];
    let kills = 0;
    for (let i = 0; i < count; i++) {
      const folder = `try-${i}`;
      const [name, reference] = [...references][i % references.size]!;
      const { moments, found } = await tryOnce(rig, name, reference, `${folder}/runs`);
      // It was over before the moment came: on a machine that is less busy than when the time was taken.
      if (moments.length === 0 && found.length === 0) i--;
      kills += moments.length;
      wrong.push(...found.map((line) => `${name}, killed after ${moments.join(' and ')} ms: ${line}`));
      if (found.length === 0) rmSync(join(rig.folder, folder), { recursive: true });
      if (moments.length > 0 && (i + 1) % 10 === 0) tell(`${i + 1} of ${count} tried, ${kills} kills, ${wrong.length} wrong`);
    }
    if (wrong.length === 0) rig.remove();
    return wrong;
  },
};

/** Runs a file, killing it once, or up to three times, and then to its end. */
async function tryOnce(rig: Rig, name: string, reference: Reference, runs: string): Promise<{ readonly moments: readonly number[]; readonly found: readonly string[] }> {
  const moments: number[] = [];
  let last: Ended;
  do {
    const isKilled = moments.length === 0 || (moments.length < 3 && Math.random() < 0.5);
    const { child, ended } = rig.start(['run', `${name}.yaml`, '--json', '--runs', runs]);
    const moment = Math.round(Math.random() * reference.ms);
    const timer = isKilled ? setTimeout(() => child.kill('SIGKILL'), moment) : undefined;
    last = await ended;
    clearTimeout(timer);
    if (last.code === null) moments.push(moment);
    else if (last.code !== 0) return { moments, found: [`exit code ${last.code}: ${last.stderr}`] };
  } while (last.code === null);
  const problems = problemsOf(join(rig.folder, runs), reference);
  if (weightsOf(last) !== reference.weights) problems.push(`ends with the weights ${weightsOf(last)}, not with ${reference.weights}`);
  return { moments, found: problems };
}

const weightsOf = ({ stdout }: Ended) => String(eventsOf(stdout).at(-1)!['weightsSha256']);

/** Whatever is not as a run without a fault leaves it. */
function problemsOf(store: string, reference: Reference): string[] {
  const problems: string[] = [];
  for (const name of readdirSync(store)) if (name.startsWith('.unfinished')) problems.push(`${name} is left`);
  const runs = runsIn(store).map((run) => ({ run, status: /^status: (\d)$/m.exec(readFileSync(join(run, 'meta.yaml'), 'utf8'))?.[1] }));
  for (const { run, status } of runs) if (status === '1') problems.push(`${run} is still RUNNING`);
  const finished = runs.filter(({ status }) => status === '3');
  if (finished.length === 0) problems.push('no run is FINISHED');
  for (const { run } of finished) {
    for (const file of ['model/model.json', 'model/weights.bin', 'report.html', 'config/resolved.yaml']) if (!existsSync(join(run, 'artifacts', file))) problems.push(`${file} is missing`);
    const metrics = metricsOf(run);
    for (const [key, values] of Object.entries(reference.metrics)) {
      // A stage whose outcome was kept took no time.
      if (existsSync(join(run, 'tags', key.replace('seconds_', 'pipeline.cached.')))) continue;
      const steps = (lines: readonly string[] | undefined) => String(lines?.map((line) => line.split(' ')[1]));
      // A stage whose outcome was kept just before the kill takes no time after it.
      if (key.startsWith('seconds_') && metrics[key] === undefined) continue;
      if (steps(metrics[key]) !== steps(values)) problems.push(`${key} has the steps ${steps(metrics[key])}, not ${steps(values)}`);
      else if (!isTime(key) && String(metrics[key]) !== String(values)) problems.push(`${key} has other values`);
    }
  }
  return problems;
}

/** Value and step of each line, by key. */
function metricsOf(run: string): Record<string, readonly string[]> {
  const folder = join(run, 'metrics');
  return Object.fromEntries(readdirSync(folder).map((key) => [key, readFileSync(join(folder, key), 'utf8').trim().split('\n').map((line) => line.split(' ').slice(1).join(' '))]));
}
