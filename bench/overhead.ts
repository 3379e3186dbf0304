import { prepare } from './data.ts';
import { type Measured, bareLoop, bestThroughput, eventsOf, measure, pipelineRun } from './processes.ts';
import type { Settings } from './settings.ts';
import { fixed, median, print, printTable, range, verdict } from './table.ts';
import { works } from './works.ts';

/** Nobody listens there: the run's journal is written all the same, and no server takes a core from it. */
const withJournal = ['--tracking-uri', 'http://127.0.0.1:9'];
/** Further apart than any run is long. */
const noCheckpoints = ['--set', 'train.checkpoint.everySeconds=1000000000'];

/**
 * What the train stage with all that keeps a run from being lost costs over the bare loop, and that alone: checkpoints,
 * the journal, the outcome kept for the next run. What compiling a step takes.
 */
export async function benchOverhead({ works: keys, quick, rounds, scratch }: Settings): Promise<void> {
  print('## The train stage of `pipeline run` over the same steps in a bare loop\n');
  const rows: string[][] = [];
  for (const key of keys) {
    const work = works[key]!;
    const { pipelineFile } = prepare(scratch, work, {
      images: quick ? work.quickImages : work.images,
      epochs: quick ? 2 : 6,
      heldBack: 500,
    });
    const [stages, keeping, epochs, compiles]: [number[], number[], number[], number[]] = [[], [], [], []];
    for (let round = 0; round < rounds; round++) {
      const bare = await measure(scratch, [...bareLoop, pipelineFile]);
      const run = await measure(scratch, [...pipelineRun(pipelineFile, scratch), ...withJournal]);
      const without = await measure(scratch, [...pipelineRun(pipelineFile, scratch), ...noCheckpoints]);
      const { seconds, compileSeconds } = eventsOf(bare, 'bare-loop')[0]! as unknown as {
        seconds: number;
        compileSeconds: number;
      };
      stages.push(trainSeconds(run) / seconds);
      keeping.push(secondsUntilKept(run) / trainSeconds(without));
      epochs.push(bestThroughput(bare) / bestThroughput(run));
      compiles.push(compileSeconds);
    }
    const compile = median(compiles);
    rows.push([
      key,
      `${fixed(median(stages))} (${range(stages, fixed)})`,
      verdict(median(stages), '<=', 1.03),
      `${fixed(median(keeping))} (${range(keeping, fixed)})`,
      verdict(median(keeping), '<=', 1.02),
      `${fixed(median(epochs))} (${range(epochs, fixed)})`,
      `${fixed(compile)} s`,
      work.compileSeconds === undefined ? '' : verdict(compile, '<=', work.compileSeconds, ' s'),
    ]);
  }
  printTable(
    [
      'work',
      'train stage / bare loop',
      'aim',
      'with checkpoints, journal, cache / without',
      'aim',
      'best epochs alone',
      'compile: trace, load, first step',
      'aim',
    ],
    rows,
  );
}

function trainSeconds(run: Measured): number {
  return eventsOf(run, 'stage-finished').find((event) => event['stage'] === 'train')!['seconds'] as number;
}

/** From the beginning of the train stage to that of the next: its outcome and its model are on the disk by then. */
function secondsUntilKept({ lines }: Measured): number {
  const at = (stage: string) =>
    lines.find(({ event }) => event.type === 'stage-started' && event['stage'] === stage)!.at;
  return (at('evaluate') - at('train')) / 1000;
}
