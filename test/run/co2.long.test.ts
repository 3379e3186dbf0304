import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { Rig, eventsOf } from '../rig.ts';

const rig = new Rig();
afterAll(() => rig.remove());

test('the forecast of CO2 is better than what needs no model', async () => {
  const file = join(import.meta.dirname, '../../pipelines/co2.yaml');
  const { code, stdout, stderr } = await rig.run(['run', file, '--json', '--set', 'visualize.figures=[]']);
  expect(code, stderr).toBe(0);
  const { metrics } = eventsOf(stdout).at(-1)! as unknown as { readonly metrics: Readonly<Record<string, number>> };
  const error = metrics['test_meanAbsoluteError']!;
  expect(error).toBeLessThan(0.3 * metrics['test_meanAbsoluteError_last_value']!);
  expect(error).toBeLessThan(0.3 * metrics['test_meanAbsoluteError_season_before']!);
}, 180_000);
