import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseYaml } from '../../src/language/syntax/parse-yaml.ts';
import { toValue } from '../../src/language/syntax/source-tree.ts';
import { readPipeline } from '../../src/language/read-pipeline.ts';
import { settingsOf } from '../../src/sweeps/settings-of.ts';

const key = fc.string({ minLength: 1, maxLength: 6, unit: 'grapheme' }).filter((one) => one !== '<<');
const value = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 2 },
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.string({ unit: 'grapheme', maxLength: 12 }),
    fc.constantFrom('1e-5', 'true', '~', '# no', 'a: b', '\u2028', '\ufeff', '-0', '\0', '\uffff', ' x ', 'a\nb'),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(key, tie('value'), { maxKeys: 3, noNullPrototype: true }),
  ),
})).value;

test('a setting is read back as the very value', () => {
  fc.assert(
    fc.property(value, (one) => {
      const [text] = settingsOf({ 'train.x[0]': one });
      const parsed = parseYaml({ name: '--set', text: text! }, 'train.x[0]='.length);
      expect(parsed.diagnostics).toEqual([]);
      expect(toValue(parsed.root!)).toEqual(one);
    }),
    { numRuns: 300 },
  );
});

const text = `name: net
data: { source: mnist }
model: { layers: [conv 3x3x8 same, flatten, dense 10] }
train: { optimizer: adam, loss: softmaxCrossEntropy, batchSize: 100, epochs: 9 }
`;

test('the pipeline of a trial has its values', () => {
  const settings = settingsOf({
    'train.optimizer.adam.learningRate': 0.1 + 0.2,
    'train.batchSize': 50,
    'model.layers[0]': 'conv 5x5x4 same',
    'model.layers[2]': { dense: { units: 10 } },
  });
  const { pipeline, diagnostics } = readPipeline({ name: 'net.yaml', text }, settings);
  expect(diagnostics).toEqual([]);
  expect(pipeline).toMatchObject({
    layers: [{ options: { filters: 4, kernelSize: 5 } }, {}, { options: { units: 10 } }],
    train: { batchSize: 50, optimizer: { options: { learningRate: 0.1 + 0.2 } } },
  });
});
