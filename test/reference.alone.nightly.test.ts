import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { Rig, eventsOf } from './rig.ts';

const rig = new Rig();
afterAll(() => rig.remove());

test('the reference pipeline is as good as the tutorial', async () => {
  const { code, stdout } = await rig.run(['run', join(import.meta.dirname, '../pipelines/mnist.yaml'), '--json']);
  expect(code).toBe(0);
  const events = eventsOf(stdout);
  const finished = events.at(-1)!;
  const { loss, test_accuracy: accuracy } = finished['metrics'] as Record<string, number>;
  process.stdout.write(`${JSON.stringify(finished)}\n`);
  expect(finished).toMatchObject({ status: 'FINISHED', step: 'compiled' });
  expect(events.filter(({ type }) => type === 'epoch-finished')).toHaveLength(15);
  // The tutorial printed 0.9872 and 0.0147.
  expect(accuracy).toBeGreaterThanOrEqual(0.987);
  expect(loss).toBeLessThanOrEqual(0.02);
});
