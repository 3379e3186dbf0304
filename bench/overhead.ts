import { existsSync } from 'node:fs';
import { prepare } from './data.ts';
import { type Measured, bareLoop, bestThroughput, eventsOf, measure, pipelineRun } from './processes.ts';
import type { Settings } from './settings.ts';
import { fixed, median, print, printTable, range, verdict } from './table.ts';
import { works } from './works.ts';

/** Further apart than any run is long. */
const noCheckpoints = ['--set', 'train.checkpoint.everySeconds=1000000000'];

/** What tracking, progress, checkpoints and the rest of the train stage cost over the bare loop, and checkpoints alone; what compiling a step takes. */
export async function benchOverhead({ works: keys, quick, rounds, scratch }: Settings): Promise<void> {
  print('## The train stage of `pipeline run` over the same steps in a bare loop\n');
  const rows: string[][] = [];
  for (const key of keys.filter((name) => existsSync(works[name]!.pipeline))) {
    const work = works[key]!;
    const { pipelineFile } = prepare(scratch, work, { images: quick ? work.quickImages : work.images, epochs: quick ? 2 : 6, heldBack: 500 });
    const [stages, checkpoints, epochs, compiles]: [number[], number[], number[], number[]] = [[], [], [], []];
    for (let round = 0; round < rounds; round++) {
      const bare = await measure(scratch, [...bareLoop, pipelineFile]);
      const run = await measure(scratch, pipelineRun(pipelineFile, scratch));
      const without = await measure(scratch, [...pipelineRun(pipelineFile, scratch), ...noCheckpoints]);
      const { seconds, compileSeconds } = eventsOf(bare, 'bare-loop')[0]! as unknown as { seconds: number; compileSeconds: number };
      stages.push(trainSeconds(run) / seconds);
      checkpoints.push(trainSeconds(run) / trainSeconds(without));
      epochs.push(bestThroughput(bare) / bestThroughput(run));
      compiles.push(compileSeconds);
    }
    const compile = median(compiles);
    rows.push([
      key, `${fixed(median(stages))} (${range(stages, fixed)})`, verdict(median(stages), '<=', 1.03), `${fixed(median(checkpoints))} (${range(checkpoints, fixed)})`, verdict(median(checkpoints), '<=', 1.02), `${fixed(median(epochs))} (${range(epochs, fixed)})`,
      `${fixed(compile)} s`, work.compileSeconds === undefined ? '' : verdict(compile, '<=', work.compileSeconds, ' s'),
    ]);
  }
  printTable(['work', 'train stage / bare loop', 'aim', 'with checkpoints / without', 'aim', 'best epochs alone', 'compile: trace, load, first step', 'aim'], rows);
}

function trainSeconds(run: Measured): number {
  return eventsOf(run, 'stage-finished').find((event) => event['stage'] === 'train')!['seconds'] as number;
}
