import { prepare } from './data.ts';
import { estimate } from './estimate.ts';
import { bestThroughput, measure, pipelineRun } from './processes.ts';
import type { Settings } from './settings.ts';
import { aimCell, print, printTable, whole, withInterval } from './table.ts';
import { works } from './works.ts';

/** The reference net without TensorFlow: the wasm engine. */
export async function benchWasm({ quick, pairs, scratch }: Settings): Promise<void> {
  const { pipelineFile } = prepare(scratch, works['mnist']!, { images: quick ? 500 : 3000, epochs: 2, heldBack: 500 });
  const speeds: number[] = [];
  for (let i = 0; i < pairs; i++)
    speeds.push(
      bestThroughput(await measure(scratch, pipelineRun(pipelineFile, scratch), { PIPELINE_ENGINE: 'wasm' })),
    );
  const speed = estimate(speeds);
  print(`## The wasm fallback: the reference net, ${pairs} times\n`);
  printTable(['', 'median', 'aim'], [['samples/s', withInterval(speed, whole), aimCell(speed, '>=', 380)]]);
}
