import { prepare } from './data.ts';
import { bestThroughput, eventsOf, measure, pipelineRun } from './processes.ts';
import type { Settings } from './settings.ts';
import { fixed, print, printTable, whole } from './table.ts';
import { works } from './works.ts';

/** How the cost of the reference net grows with images and shrinks with cores. */
export async function benchGrowth({ quick, scratch }: Settings): Promise<void> {
  const [all, epochs] = quick ? [2000, 2] : [55_000, 3];
  const rows: string[][] = [];
  for (const share of [1 / 4, 1 / 2, 1]) {
    for (const threads of [1, 2]) {
      const { amount, pipelineFile } = prepare(scratch, works['mnist']!, {
        images: all * share,
        epochs,
        heldBack: 5000,
      });
      // By the cores it may use, as towers and TensorFlow's threads both follow them.
      const run = await measure(scratch, [
        'taskset',
        '--cpu-list',
        `0-${threads - 1}`,
        ...pipelineRun(pipelineFile, scratch),
      ]);
      const speed = bestThroughput(run);
      const stage = eventsOf(run, 'stage-finished').find((event) => event['stage'] === 'train')!;
      rows.push([
        whole(amount.images),
        String(threads),
        whole(speed),
        fixed(amount.images / speed),
        fixed(stage['seconds'] as number),
        fixed(run.seconds),
        whole(run.peakMegabytes),
      ]);
    }
  }
  print(`## How cost grows: the reference net, ${epochs} epochs, 5,000 images to validate and 5,000 to test\n`);
  printTable(['images', 'cores', 'samples/s', 'best epoch, s', 'train stage, s', 'process, s', 'peak MB'], rows);
}
