import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readKeys } from '../../src/tracking/store/read-run.ts';
import { type Ended, type Rig, eventsOf } from '../rig.ts';
import { runsIn, statusOf } from './runs-in.ts';

/** What a run without a fault came to. */
export interface Reference {
  readonly weights: string;
  readonly ms: number;
  readonly metrics: Readonly<Record<string, readonly string[]>>;
}

/** Of metrics that tell of time: other values are right too. */
const isTime = (key: string) => key.startsWith('system/');

/** Runs `NAME.yaml` without a fault, in a store of its own. */
export async function runWhole(rig: Rig, name: string): Promise<Reference> {
  const ended = await rig.run(['run', `${name}.yaml`, '--json', '--runs', `${name}/runs`]);
  if (ended.code !== 0) throw new Error(ended.stderr);
  return { weights: weightsOf(ended), ms: ended.ms, metrics: metricsOf(runsIn(join(rig.folder, name, 'runs'))[0]!) };
}

const weightsOf = ({ stdout }: Ended) => String(eventsOf(stdout).at(-1)!['weightsSha256']);

/** Whatever is not as a run without a fault leaves it. @param last how the last process ended that was at the file */
export function problemsOf(store: string, last: Ended, reference: Reference): string[] {
  const problems =
    weightsOf(last) === reference.weights
      ? []
      : [`ends with the weights ${weightsOf(last)}, not with ${reference.weights}`];
  // A few bytes beside the runs of an experiment that was just being made harm no one, and may be another process's.
  const left = readdirSync(store, { recursive: true, encoding: 'utf8' }).filter(
    (path) => /\.unfinished-|\.owner\.|\/checkpoints$|\.tmp$/.test(path) && !/^\d+\/[^/]*\.tmp$/.test(path),
  );
  problems.push(...left.map((path) => `${path} is left`));
  const runs = runsIn(store).map((run) => ({ run, status: statusOf(run) }));
  for (const { run, status } of runs) if (status === undefined) problems.push(`${run} has no status`);
  for (const { run, status } of runs) if (status === '1') problems.push(`${run} is still RUNNING`);
  const finished = runs.filter(({ status }) => status === '3');
  if (finished.length === 0) problems.push('no run is FINISHED');
  for (const { run } of finished) {
    for (const file of ['model/model.json', 'model/weights.bin', 'report.html', 'config/resolved.yaml'])
      if (!existsSync(join(run, 'artifacts', file))) problems.push(`${file} is missing`);
    const metrics = metricsOf(run);
    for (const [key, values] of Object.entries(reference.metrics)) {
      // A stage whose outcome was kept took no time.
      if (existsSync(join(run, 'tags', key.replace('system/seconds_', 'pipeline.cached.')))) continue;
      const steps = (lines: readonly string[] | undefined) => String(lines?.map((line) => line.split(' ')[1]));
      // A stage whose outcome was kept just before the kill takes no time after it.
      if (key.startsWith('system/seconds_') && metrics[key] === undefined) continue;
      if (steps(metrics[key]) !== steps(values))
        problems.push(`${key} has the steps ${steps(metrics[key])}, not ${steps(values)}`);
      else if (!isTime(key) && String(metrics[key]) !== String(values)) problems.push(`${key} has other values`);
    }
  }
  return problems;
}

/** Value and step of each line of a run's metrics, by key. */
export function metricsOf(run: string): Record<string, readonly string[]> {
  const folder = join(run, 'metrics');
  return Object.fromEntries(
    readKeys(folder).map((key) => [
      key,
      readFileSync(join(folder, key), 'utf8')
        .trim()
        .split('\n')
        .map((line) => line.split(' ').slice(1).join(' ')),
    ]),
  );
}
