import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readJournal } from '../../src/sweeps/sweep-journal.ts';
import { sweepOf } from '../../src/sweeps/open-sweep.ts';
import { runsIn } from '../faults/runs-in.ts';
import { Rig, eventsOf } from '../rig.ts';

const rig = new Rig();
afterAll(() => rig.remove());

interface Listed {
  readonly name: string;
  readonly runId: string;
  readonly state: string;
  readonly metrics: Readonly<Record<string, number>>;
}

const listed = async (): Promise<readonly Listed[]> =>
  (JSON.parse((await rig.run(['runs', 's.yaml', '--json'])).stdout) as { runs: readonly Listed[] }).runs;

const folderOf = (run: string) => runsIn(join(rig.folder, 'runs')).find((folder) => folder.endsWith(run))!;

const rates = [0.05, 0.02, 0.01, 0.005, 1e-5, 2e-6, 1e-6, 1e-7];

test('a pruned trial is PRUNED to all who read it, and goes on to the bits of a run without a pause', async () => {
  const rows = Array.from({ length: 200 }, (_, i) => [((i * 37) % 100) / 100, ((i * 53) % 97) / 97] as const);
  rig.write('points.csv', `a,b,k\n${rows.map(([a, b]) => `${a},${b},${a + b > 1 ? 'much' : 'little'}\n`).join('')}`);
  rig.write(
    'p.yaml',
    `name: points
seed: 3
data: { source: { csv: { file: points.csv, targets: { k: [little, much] }, test: 0.2 } }, split: { validation: 40 } }
model: { layers: [dropout 0.2, dense 4 relu, dense 2] }
train: { optimizer: adam, loss: softmaxCrossEntropy, batchSize: 20, epochs: 4 }
visualize: { figures: [] }
`,
  );
  const write = (trials: number) =>
    rig.write(
      's.yaml',
      `sweep: ./p.yaml
goal: minimize val_loss
space: { train.optimizer.adam.learningRate: [${rates.join(', ')}] }
search: grid
trials: ${trials}
asha: { from: 1, factor: 2 }
`,
    );
  write(4);
  const first = await rig.run(['sweep', 's.yaml']);
  expect([first.code, first.stderr]).toEqual([0, '']);
  expect(first.stdout).toMatch(/^s: 4 trials, 1 finished, 3 pruned,/m);
  const before = await listed();
  expect(before.map(({ state }) => state)).toEqual(['PRUNED', 'PRUNED', 'PRUNED', 'FINISHED', 'FINISHED']);
  const third = before.find(({ name }) => name.startsWith('s-3 '))!;
  expect((await rig.run(['predict', third.runId, 'points.csv'])).stderr).toContain('has no model: it is PRUNED');
  const best = before.find(({ name }) => name.startsWith('s-1 '))!.runId;
  expect((await rig.run(['compare', 'best:val_loss', 'last', '--json'])).stdout).toContain(best);
  expect((await rig.run(['report', 's.yaml', '--out', 'r.html'])).code).toBe(0);
  expect(rig.read('r.html')).toContain('<td>pruned</td>');

  // A run of the same settings on its own begins anew, and leaves it alone.
  const alone = await rig.run(['run', 'p.yaml', '--json', '--set', `train.optimizer.adam.learningRate=${rates[2]}`], {
    PIPELINE_CORES: '1',
    TF_NUM_INTEROP_THREADS: '1',
  });
  expect(eventsOf(alone.stdout).at(-1)).toMatchObject({ type: 'run-finished', status: 'FINISHED' });
  expect(eventsOf(alone.stdout).at(-1)!['runId']).not.toBe(third.runId);

  // All of the new ones are worse, so that two that were left behind are among the better half now.
  write(8);
  const again = await rig.run(['sweep', 's.yaml', '--json']);
  expect(again.code, again.stderr).toBe(0);
  const { lines } = readJournal(
    join(sweepOf(join(rig.folder, 'runs'), join(rig.folder, 's.yaml'))!.folder, 'journal.jsonl'),
  );
  expect(lines.filter((line) => line.type === 'promoted' && line.trial === 3)).toHaveLength(1);
  const now = (await listed()).find(({ runId }) => runId === third.runId)!;
  expect(now.state).toBe('PRUNED');
  const losses = (run: string) =>
    readFileSync(join(folderOf(run), 'metrics/val_loss'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => line.split(' ')[1]);
  const whole = losses(String(eventsOf(alone.stdout).at(-1)!['runId']));
  expect(losses(third.runId)).toEqual(whole.slice(0, 2));
  expect(readFileSync(join(folderOf(third.runId), 'tags/layerline.pruned'), 'utf8')).toBe('after epoch 2');
});
