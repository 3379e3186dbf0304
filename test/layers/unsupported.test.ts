import { expect, test } from 'vitest';
import { leftOut } from '../../src/layers/unsupported.ts';
import { layers } from '../../src/layers/layers.ts';
import { readPipeline } from '../../src/language/read-pipeline.ts';

const hintsOf = (layer: string) => {
  const text =
    `{ name: t, data: { source: mnist }, model: { layers: [${layer}] }, train: { optimizer: sgd, ` +
    'loss: softmaxCrossEntropy, epochs: 1 } }';
  return readPipeline({ name: 't.yaml', text }).diagnostics.map(({ hint }) => hint);
};

test.each(Object.entries(leftOut['layer']!))('%s is left out, and the answer to it says why', (name, reason) => {
  expect(reason).toMatch(/\.$/);
  expect(Object.keys(layers).map((key) => key.toLowerCase())).not.toContain(name.toLowerCase());
  expect(hintsOf(`${name}: {}`)).toEqual([reason]);
  for (const [, suggested] of reason.matchAll(/Use `(\w+)`/g)) expect(layers).toHaveProperty(suggested!);
});

test('an option that is left out is answered with the reason', () => {
  expect(hintsOf('{ conv2d: { filters: 1, kernelSize: 3, dilationRate: 2 } }')).toEqual([
    leftOut['option']!['dilationRate'],
  ]);
  expect(hintsOf('{ lstm: { units: 1, returnState: true } }')).toEqual([leftOut['option']!['returnState']]);
});
