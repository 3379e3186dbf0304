import { join } from 'node:path';
import { prepare } from './data.ts';
import { estimate } from './estimate.ts';
import { bareLoop, bestThroughput, inTurn } from './processes.ts';
import type { Settings } from './settings.ts';
import { aimCell, print, printTable, withInterval } from './table.ts';
import { works } from './works.ts';

/** The bare loop of a build that watches no labels: see rolldown.config.ts. */
const unwatched = [process.execPath, join('node_modules', '.cache', 'layerline-bench-unwatched', 'bare-loop.js')];

/** What a step takes that watches the labels of its samples, over one that does not. */
export async function benchLabels({ works: keys, quick, pairs, scratch }: Settings): Promise<void> {
  const rows: string[][] = [];
  for (const key of keys) {
    const work = works[key]!;
    const { pipelineFile } = prepare(scratch, work, {
      images: quick ? work.quickImages : work.images,
      epochs: quick ? 2 : 6,
      heldBack: 500,
    });
    const runs = await inTurn(scratch, pairs, {
      watching: [...bareLoop, pipelineFile],
      without: [...unwatched, pipelineFile],
    });
    const ratio = estimate(runs.watching.map((run, pair) => bestThroughput(runs.without[pair]!) / bestThroughput(run)));
    rows.push([key, withInterval(ratio), aimCell(ratio, '<=', 1.01)]);
  }
  print(`## A step that watches labels / one that does not, ${pairs} pairs each\n`);
  printTable(['', 'time', 'aim'], rows);
}
