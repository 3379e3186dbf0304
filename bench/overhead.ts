import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { prepare } from './data.ts';
import { bestThroughput, eventsOf, measure, pipelineRun } from './processes.ts';
import type { Settings } from './settings.ts';
import { fixed, median, print, printTable, range, verdict } from './table.ts';
import { works } from './works.ts';

const bareLoop = join('node_modules', '.cache', 'layerline-bench', 'bare-loop.js');

/** What tracking, progress and the rest of the train stage cost over the bare loop; what compiling a step takes. */
export async function benchOverhead({ works: keys, quick, rounds, scratch }: Settings): Promise<void> {
  print('## The train stage of `pipeline run` over the same steps in a bare loop\n');
  const rows: string[][] = [];
  for (const key of keys.filter((name) => existsSync(works[name]!.pipeline))) {
    const work = works[key]!;
    const { pipelineFile } = prepare(scratch, work, { images: quick ? work.quickImages : work.images, epochs: quick ? 2 : 6, heldBack: 500 });
    const [stages, epochs, compiles]: [number[], number[], number[]] = [[], [], []];
    for (let round = 0; round < rounds; round++) {
      const bare = await measure(scratch, [process.execPath, bareLoop, pipelineFile]);
      const run = await measure(scratch, pipelineRun(pipelineFile, scratch));
      const { seconds, compileSeconds } = eventsOf(bare, 'bare-loop')[0]! as unknown as { seconds: number; compileSeconds: number };
      const stage = eventsOf(run, 'stage-finished').find((event) => event['stage'] === 'train')!;
      stages.push((stage['seconds'] as number) / seconds);
      epochs.push(bestThroughput(bare) / bestThroughput(run));
      compiles.push(compileSeconds);
    }
    const compile = median(compiles);
    rows.push([
      key, `${fixed(median(stages))} (${range(stages, fixed)})`, verdict(median(stages), '<=', 1.03), `${fixed(median(epochs))} (${range(epochs, fixed)})`,
      `${fixed(compile)} s`, work.compileSeconds === undefined ? '' : verdict(compile, '<=', work.compileSeconds, ' s'),
    ]);
  }
  printTable(['work', 'train stage / bare loop', 'aim', 'best epochs alone', 'compile: trace, load, first step', 'aim'], rows);
}
