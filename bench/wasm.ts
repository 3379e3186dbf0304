import { prepare } from './data.ts';
import { bestThroughput, measure, pipelineRun } from './processes.ts';
import type { Settings } from './settings.ts';
import { median, print, printTable, range, verdict, whole } from './table.ts';
import { works } from './works.ts';

/** The reference net without TensorFlow: the wasm engine. */
export async function benchWasm({ quick, rounds, scratch }: Settings): Promise<void> {
  const { pipelineFile } = prepare(scratch, works['mnist']!, { images: quick ? 500 : 3000, epochs: 2, heldBack: 500 });
  const speeds: number[] = [];
  for (let round = 0; round < rounds; round++)
    speeds.push(
      bestThroughput(await measure(scratch, pipelineRun(pipelineFile, scratch), { PIPELINE_ENGINE: 'wasm' })),
    );
  print('## The wasm fallback: the reference net\n');
  printTable(
    ['', 'median', 'range', 'aim'],
    [['images/s', whole(median(speeds)), range(speeds, whole), verdict(median(speeds), '>=', 380)]],
  );
  print();
}
