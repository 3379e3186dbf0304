import { peerCommand } from './contenders.ts';
import { prepare } from './data.ts';
import { type Measured, eventsOf, measure, pipelineRun } from './processes.ts';
import type { Settings } from './settings.ts';
import { fixed, print, printTable, whole } from './table.ts';
import { works } from './works.ts';

/** The whole of `pipelines/mnist.yaml`, load to report, and the same in Keras: time, memory, what was learnt. */
export async function benchReference({ quick, scratch }: Settings): Promise<void> {
  const work = works['mnist']!;
  const prepared = prepare(
    scratch,
    work,
    quick ? { images: 1000, epochs: 2, heldBack: 5000 } : { images: 55_000, epochs: 15, heldBack: 5000 },
  );
  const { images, epochs } = prepared.amount;
  const ours = await measure(scratch, pipelineRun(quick ? prepared.pipelineFile : work.pipeline, scratch));
  const keras = await measure(scratch, [...peerCommand('keras', 'mnist', prepared), '--whole']);
  const { loadToReport, steps } = timesOf(ours, images);

  print(
    `## The whole reference run: ${whole(images)} images, ${epochs} epochs, once each, ` +
      'so that the aims have no verdict\n',
  );
  printTable(
    ['', 'layerline', 'Keras', 'aim'],
    [
      ['peak memory, MB', whole(ours.peakMegabytes), whole(keras.peakMegabytes), '<= 900, <= Keras'],
      ['process, start to end, s', fixed(ours.seconds), fixed(keras.seconds), ''],
      ['load to report, s', fixed(loadToReport), '', ''],
      ['training steps alone, s', fixed(steps), '', ''],
      ['load to report / steps', fixed(loadToReport / steps), '', '<= 1.1'],
    ],
  );
  print(
    eventsOf(ours, 'stage-finished')
      .map((event) => `${event['stage'] as string} ${fixed(event['seconds'] as number)} s`)
      .join(', '),
  );
  const { metrics, weightsSha256 } = eventsOf(ours, 'run-finished')[0]! as unknown as {
    metrics: Record<string, number>;
    weightsSha256: string;
  };
  print(
    `cost ${metrics['loss']!.toPrecision(4)}, test accuracy ${metrics['test_accuracy']!.toPrecision(4)}, ` +
      `weights ${weightsSha256.slice(0, 12)}\n`,
  );
}

/** Seconds from the run's first event to its last, and those of its training steps. */
function timesOf(run: Measured, images: number): { loadToReport: number; steps: number } {
  const at = (type: string) => run.lines.find(({ event }) => event.type === type)!.at;
  const steps = eventsOf(run, 'epoch-finished').reduce(
    (sum, event) => sum + images / (event['samplesPerSecond'] as number),
    0,
  );
  return { loadToReport: (at('run-finished') - at('run-started')) / 1000, steps };
}
