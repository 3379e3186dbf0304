import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Rig, digitsPipeline, eventsOf } from '../rig.ts';

const trials = 4;

/**
 * A whole sweep with the program itself, in a folder that all machines share: as on this machine alone, with nothing
 * lost and nothing doubled.
 *
 * @param on what stands in the sweep file, without braces; asked for once the engine is there
 * @param cache the section of that name that the pipeline has there; left out: none
 */
export function testSweep(name: string, on: () => string, cache = ''): void {
  const rig = new Rig();
  beforeAll(() => {
    rig.writeDigits(200, 50);
    const pipeline = digitsPipeline({ epochs: 1, layers: '[flatten, dense 10]' });
    rig.write('here.pipeline.yaml', pipeline);
    rig.write('there.pipeline.yaml', `${pipeline}${cache}`);
  });
  afterAll(() => rig.remove());

  const sweep = async (file: string, engine: string) => {
    const space = 'space: { train.optimizer.adam.learningRate: log 1e-4..1e-1, train.batchSize: [25, 50] }';
    const how = `seed: 3\ngoal: maximize val_accuracy\ntrials: ${trials}\nparallel: 2`;
    rig.write(`${file}.yaml`, `sweep: ./${file}.pipeline.yaml\n${how}\n${space}\non: { ${engine}, cpu: 1 }\n`);
    const { code, stdout, stderr } = await rig.run(['sweep', `${file}.yaml`, '--json', '--runs', file]);
    expect([code, stderr]).toEqual([0, '']);
    const events = eventsOf(stdout);
    const byTrial = (type: string) =>
      events.filter((event) => event['type'] === type).toSorted((a, b) => Number(a['trial']) - Number(b['trial']));
    const started = byTrial('trial-started').map(({ trial, attempt, values }) => ({ trial, attempt, values }));
    const ended = byTrial('trial-ended').map(({ trial, state, score }) => ({ trial, state, score }));
    const best = events.at(-1)!['best'] as { readonly trial: number; readonly score: number; readonly values: object };
    const weights = weightsIn(join(rig.folder, file));
    return { started, ended, best: { trial: best.trial, score: best.score, values: best.values }, weights };
  };

  test(`a sweep on ${name} is that of this machine: same values, scores and weights, each trial once`, async () => {
    const found = await sweep('there', on());
    expect(found.ended).toMatchObject(Array.from({ length: trials }, (_, k) => ({ trial: k + 1, state: 'finished' })));
    expect(found.started.map(({ attempt }) => attempt)).toEqual(Array(trials).fill(1));
    expect(found.weights).toHaveLength(trials);
    expect(found).toEqual(await sweep('here', 'local: {}'));
  });
}

/** SHA-256 of the weights of all trials in a store. */
function weightsIn(store: string): readonly string[] {
  const tags = readdirSync(store, { recursive: true, encoding: 'utf8' });
  return tags
    .filter((path) => path.endsWith('tags/pipeline.weights_sha256'))
    .map((path) => readFileSync(join(store, path), 'utf8'))
    .toSorted();
}
