import { prepare } from './data.ts';
import { estimate } from './estimate.ts';
import { type Measured, bareLoop, bestThroughput, eventsOf, inTurn, pipelineRun } from './processes.ts';
import type { Settings } from './settings.ts';
import { aimCell, print, printTable, withInterval } from './table.ts';
import { works } from './works.ts';

/** Nobody listens there: the run's journal is written all the same, and no server takes a core from it. */
const withJournal = ['--tracking-uri', 'http://127.0.0.1:9'];
/** Further apart than any run is long. */
const noCheckpoints = ['--set', 'train.checkpoint.everySeconds=1000000000'];

/** Times the images of a pair: the shorter the stage, the more what comes once a run counts. */
const longer = 3;

interface BareLoop {
  readonly seconds: number;
  readonly compileSeconds: number;
}

/**
 * What the train stage with all that keeps a run from being lost costs over the bare loop, and that alone: checkpoints,
 * the journal, the outcome kept for the next run. What compiling a step takes.
 */
export async function benchOverhead({ works: keys, quick, pairs, scratch }: Settings): Promise<void> {
  print('## The train stage of `pipeline run` over the same steps in a bare loop\n');
  const rows: string[][] = [];
  for (const key of keys) {
    const work = works[key]!;
    const { pipelineFile } = prepare(scratch, work, {
      images: quick ? work.quickImages : Math.min(longer * work.images, 55_000),
      epochs: quick ? 2 : 6,
      heldBack: 500,
    });
    const runs = await inTurn(scratch, pairs, {
      bare: [...bareLoop, pipelineFile],
      whole: [...pipelineRun(pipelineFile, scratch), ...withJournal],
      without: [...pipelineRun(pipelineFile, scratch), ...noCheckpoints],
    });
    const ratios = (over: (i: number) => number, under: (i: number) => number) =>
      estimate(runs.bare.map((_, i) => over(i) / under(i)));
    const bare = runs.bare.map((run) => eventsOf(run, 'bare-loop')[0]! as unknown as BareLoop);
    const stage = ratios(
      (i) => trainSeconds(runs.whole[i]!),
      (i) => bare[i]!.seconds,
    );
    const keeping = ratios(
      (i) => secondsUntilKept(runs.whole[i]!),
      (i) => trainSeconds(runs.without[i]!),
    );
    const epochs = ratios(
      (i) => bestThroughput(runs.bare[i]!),
      (i) => bestThroughput(runs.whole[i]!),
    );
    const compile = estimate(bare.map(({ compileSeconds }) => compileSeconds));
    rows.push([
      key,
      withInterval(stage),
      aimCell(stage, '<=', 1.03),
      withInterval(keeping),
      aimCell(keeping, '<=', 1.02),
      withInterval(epochs),
      withInterval(compile),
      work.compileSeconds === undefined ? '' : aimCell(compile, '<=', work.compileSeconds, ' s'),
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
      'compile: trace, load, first step, s',
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
