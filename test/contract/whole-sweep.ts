import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Rig, digitsPipeline, eventsOf } from '../rig.ts';

const trials = 4;

/** What differs from engine to engine. */
interface SweepEngine {
  /** What stands in the sweep file, without braces; asked for once the engine is there. */
  readonly on: () => string;
  /** The section `cache` that the pipeline has there; left out: none. */
  readonly cache?: string;
  /** What befalls it; left out: only what leaves it alone is tried. */
  readonly faults?: {
    /** Takes the power from a machine, and gives it back. */
    restartNode(): Promise<void>;
    /** From then on nothing answers. */
    endHead(): Promise<void>;
    /** It answers again, and may have forgotten its jobs. */
    startHead(): Promise<void>;
    /** What a sweep is told meanwhile. */
    readonly told: RegExp;
  };
}

/**
 * Whole sweeps and a run with the program itself, in a folder that all machines share: as on this machine alone, with
 * nothing lost and nothing doubled.
 */
export function testSweep(name: string, { on, cache = '', faults }: SweepEngine): void {
  const rig = new Rig();
  beforeAll(() => {
    rig.writeDigits(200, 50);
    const pipeline = digitsPipeline({ epochs: 1, layers: '[flatten, dense 10]' });
    rig.write('here.pipeline.yaml', pipeline);
    rig.write('there.pipeline.yaml', `${pipeline}${cache}`);
  });
  afterAll(() => rig.remove());

  const write = (
    file: string,
    pipeline: 'here' | 'there' | 'long',
    engine: string,
    seed: number,
  ): readonly string[] => {
    const space = 'space: { train.optimizer.adam.learningRate: log 1e-4..1e-1, train.batchSize: [25, 50] }';
    const how = `seed: ${seed}\ngoal: maximize val_accuracy\ntrials: ${trials}\nparallel: 2`;
    rig.write(`${file}.yaml`, `sweep: ./${pipeline}.pipeline.yaml\n${how}\n${space}\non: { ${engine}, cpu: 1 }\n`);
    return ['sweep', `${file}.yaml`, '--json', '--runs', file];
  };
  const sweep = async (args: readonly string[]) => {
    const { code, stdout, stderr } = await rig.run(args);
    expect([code, stderr]).toEqual([0, '']);
    const events = eventsOf(stdout);
    const byTrial = (type: string) =>
      events.filter((event) => event['type'] === type).toSorted((a, b) => Number(a['trial']) - Number(b['trial']));
    const started = byTrial('trial-started').map(({ trial, attempt, values }) => ({ trial, attempt, values }));
    const ended = byTrial('trial-ended').map(({ trial, state, score }) => ({ trial, state, score }));
    const best = events.at(-1)!['best'] as { readonly trial: number; readonly score: number; readonly values: object };
    const weights = weightsIn(join(rig.folder, args.at(-1)!));
    return { started, ended, best: { trial: best.trial, score: best.score, values: best.values }, weights };
  };

  test(`a sweep on ${name} is that of this machine: same values, scores and weights, each trial once`, async () => {
    const found = await sweep(write('there', 'there', on(), 3));
    expect(found.ended).toMatchObject(Array.from({ length: trials }, (_, k) => ({ trial: k + 1, state: 'finished' })));
    expect(found.started.map(({ attempt }) => attempt)).toEqual(Array(trials).fill(1));
    expect(found.weights).toHaveLength(trials);
    expect(found).toEqual(await sweep(write('here', 'here', 'local: {}', 3)));
  });

  test(`the epochs of a trial on ${name} are told while it runs, as its run has them in the end`, async () => {
    rig.write('long.pipeline.yaml', rig.read('there.pipeline.yaml').replace('epochs: 1\n', 'epochs: 1500\n'));
    const args = write('long', 'long', on(), 5);
    rig.write('long.yaml', rig.read('long.yaml').replace(/trials: \d+/, 'trials: 1'));
    const { code, stdout, stderr } = await rig.run(args);
    expect([code, stderr]).toEqual([0, '']);
    const events = eventsOf(stdout);
    const { runId } = events.find(({ type }) => type === 'trial-started')!;
    const told = events.filter(({ type }) => type === 'trial-progress').map(({ epoch, score }) => [epoch, score]);
    expect(told.length).toBeGreaterThan(0);
    const path = readdirSync(join(rig.folder, 'long'), { recursive: true, encoding: 'utf8' }).find((file) =>
      file.endsWith(`${String(runId)}/metrics/val_accuracy`),
    );
    const recorded = rig
      .read(join('long', path!))
      .trim()
      .split('\n')
      .map((line) => line.split(' ').map(Number))
      .map(([, value, step]) => [step, value]);
    expect(recorded).toEqual(expect.arrayContaining(told));
  });

  test(`a run on ${name} has the weights that it has here`, async () => {
    const args = ['--set', 'seed=8', '--runs'];
    const cores = { PIPELINE_CORES: '1', TF_NUM_INTEROP_THREADS: '1' };
    const here = await rig.run(['run', 'here.pipeline.yaml', ...args, 'run here'], cores);
    const there = await rig.run(['run', 'there.pipeline.yaml', '--on', `{ ${on()}, cpu: 1 }`, ...args, 'run there']);
    expect([here.code, there.code, there.stderr]).toEqual([0, 0, '']);
    const weights = weightsIn(join(rig.folder, 'run there'));
    expect(weights).toHaveLength(1);
    expect(weights).toEqual(weightsIn(join(rig.folder, 'run here')));
  });

  test.runIf(faults !== undefined)(
    `a sweep on ${name} is that of this machine, though its driver, a node and the head are killed`,
    async () => {
      const args = write('killed', 'there', on(), 4);
      const untilTrial = async () => {
        const { child, ended } = rig.start(args);
        let said = '';
        child.stdout.on('data', (text: string) => (said += text));
        while (!said.includes('"type":"trial-') && child.exitCode === null) await sleep(50);
        return { child, ended };
      };
      const { child, ended } = await untilTrial();
      child.kill('SIGKILL');
      await Promise.all([ended, faults!.restartNode()]);
      const second = await untilTrial();
      await faults!.endHead();
      const { code, stderr } = await second.ended;
      expect([code, stderr]).toEqual([1, expect.stringMatching(faults!.told)]);
      expect(weightsIn(join(rig.folder, 'killed')).length).toBeLessThan(trials);
      await faults!.startHead();
      const found = await sweep(args);
      const here = await sweep(write('whole', 'here', 'local: {}', 4));
      expect(found.weights).toHaveLength(trials);
      expect([found.best, found.weights]).toEqual([here.best, here.weights]);
    },
  );
}

/** SHA-256 of the weights of all trials in a store. */
function weightsIn(store: string): readonly string[] {
  const tags = readdirSync(store, { recursive: true, encoding: 'utf8' });
  return tags
    .filter((path) => path.endsWith('tags/pipeline.weights_sha256'))
    .map((path) => readFileSync(join(store, path), 'utf8'))
    .toSorted();
}
