import { afterAll, expect, test } from 'vitest';
import { checkSource } from '../../src/plan/check-pipeline.ts';
import { Rig } from '../rig.ts';

const rig = new Rig();
afterAll(() => rig.remove());

test.each([
  ['size', []],
  ['bill length', ['bad-input-name']],
  ['Größe', ['bad-input-name']],
  ['__proto__', ['bad-input-name']],
])('an input named %s', (name, codes) => {
  rig.write('t.csv', `a,b\n${'1,2\n2,4\n'.repeat(10)}`);
  const text = `name: x
data: { source: { csv: { file: t.csv, targets: { b: number }, features: { ${name}: [a] } } } }
model: { layers: [dense 1] }
train: { optimizer: adam, loss: meanSquaredError, epochs: 1 }
`;
  expect(checkSource({ name: `${rig.folder}/x.yaml`, text }).diagnostics.map(({ code }) => code)).toEqual(codes);
});
