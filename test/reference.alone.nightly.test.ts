import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { Rig, eventsOf } from './rig.ts';
import { fashionSettings, hasFashion, pipelinesFolder } from './shown-pipelines.ts';

const rig = new Rig();
afterAll(() => rig.remove());

async function trained(name: string, more: readonly string[] = []) {
  const { code, stdout, stderr } = await rig.run(['run', join(pipelinesFolder, name), '--json', ...more]);
  expect(code, stderr).toBe(0);
  const events = eventsOf(stdout);
  const finished = events.at(-1)!;
  process.stdout.write(`${JSON.stringify(finished)}\n`);
  expect(finished).toMatchObject({ status: 'FINISHED', step: 'compiled' });
  return { events, metrics: finished['metrics'] as Readonly<Record<string, number>> };
}

test('the reference pipeline is as good as the tutorial', async () => {
  const { events, metrics } = await trained('mnist.yaml');
  expect(events.filter(({ type }) => type === 'epoch-finished')).toHaveLength(15);
  // The tutorial printed 0.9872 and 0.0147.
  expect(metrics['test_accuracy']).toBeGreaterThanOrEqual(0.987);
  expect(metrics['loss']).toBeLessThanOrEqual(0.02);
});

test('mnist-best is within a thousandth of what its file says of five seeds', async () => {
  const { metrics } = await trained('mnist-best.yaml');
  expect(metrics['test_accuracy']).toBeGreaterThanOrEqual(0.995);
});

test.skipIf(!hasFashion)(
  'Fashion-MNIST is told as well as by the convolutional nets that its authors list',
  async () => {
    const { metrics } = await trained('fashion.yaml', ['--set', ...fashionSettings]);
    expect(metrics['test_accuracy']).toBeGreaterThanOrEqual(0.91);
  },
);
