import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { Rig, digitsPipeline } from '../rig.ts';

const layers = '[conv 3x3x4 same relu, batchNormalization, flatten, dropout 0.2, dense 10]';
const text = `${digitsPipeline({ epochs: 4, layers })}  schedule: cosine
  ema: { decay: 0.9 }
  earlyStopping: { patience: 3 }
  checkpoint: { everySteps: 4 }
`;

test('verify-resume kills and compares; it leaves nothing in the folder', async () => {
  const rig = new Rig();
  rig.writeDigits();
  rig.write('digits.yaml', text);
  const { code, stdout, stderr } = await rig.run(['verify-resume', 'digits.yaml']);
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(/^left alone: 32 steps, weights [0-9a-f]{64}\nbegan, killed in step \d+ or later\n/);
  expect(stdout).toMatch(/\nthe same to the bit: [0-9a-f]{64}\n$/);
  expect(readdirSync(rig.folder).toSorted()).toEqual(['data', 'digits.yaml']);
  rig.remove();
}, 180_000);
