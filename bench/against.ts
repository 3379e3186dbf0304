import { join } from 'node:path';
import { prepare } from './data.ts';
import { estimate } from './estimate.ts';
import { type Measured, bestThroughput, eventsOf, inTurn, pipelineRun } from './processes.ts';
import type { Settings } from './settings.ts';
import { aimCell, print, printTable, withInterval } from './table.ts';
import { works } from './works.ts';

/** A change that is to cost no speed may lose so little that no number of pairs would ever show it. */
const leastShare = 0.98;

/** This build beside another one, such as that before a change. @param dist the other's dist folder */
export async function benchAgainst({ works: keys, quick, pairs, scratch }: Settings, dist: string): Promise<void> {
  const rows: string[][] = [];
  for (const key of keys) {
    const work = works[key]!;
    const { pipelineFile } = prepare(scratch, work, {
      images: quick ? work.quickImages : work.images,
      epochs: quick ? 2 : 4,
      heldBack: 500,
    });
    const { this: these, other: others } = await inTurn(scratch, pairs, {
      this: pipelineRun(pipelineFile, scratch),
      // A store of its own, as one build need not read what the other writes.
      other: pipelineRun(pipelineFile, join(scratch, 'other'), dist),
    });
    const ratios = (of: (run: Measured) => number) => estimate(these.map((run, pair) => of(run) / of(others[pair]!)));
    const speeds = ratios((run) => bestThroughput(run, speedField(run)));
    rows.push([
      key,
      withInterval(speeds),
      aimCell(speeds, '>=', leastShare),
      withInterval(ratios(({ seconds }) => seconds)),
    ]);
  }
  print(`## This build / ${dist}, ${pairs} pairs each\n`);
  printTable(['', 'samples/s', 'aim', 'time of the process'], rows);
}

/** Builds before 0.2.0 tell images, not samples, and are what a later one is compared with. */
function speedField(run: Measured): string {
  return eventsOf(run, 'epoch-finished').some((event) => 'imagesPerSecond' in event)
    ? 'imagesPerSecond'
    : 'samplesPerSecond';
}
