import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { checkSource } from '../../src/plan/check-pipeline.ts';
import { Rig } from '../rig.ts';

const rig = new Rig();
afterAll(() => rig.remove());
rig.write('d.csv', `x,k\n${Array.from({ length: 40 }, (_, i) => `${i},${i % 2 ? 'A' : 'B'}`).join('\n')}\n`);

const mnist = 'mnist';
const table = '{ csv: { file: d.csv, test: 0.2, targets: { k: [A, B] } } }';
const shapes = '{ shapes: { train: 20, test: 10 } }';

function told(augment: string, { source = mnist, layers = '[flatten, dense 10]', loss = 'softmaxCrossEntropy' } = {}) {
  const text =
    `name: x\ndata: { source: ${source} }\nmodel: { layers: ${layers} }\n` +
    `train: { optimizer: adam, loss: ${loss}, epochs: 3, augment: ${augment} }\n`;
  return checkSource({ name: join(rig.folder, 'p.yaml'), text })
    .diagnostics.filter(({ severity }) => severity === 'error')
    .map(({ message, hint, range }) => `${message} @ ${text.slice(range!.start, range!.end)} | ${hint}`);
}

test.each([
  ['[shift(2), rotate 10, flip, flip vertical, mixup, { zoom: 0.1 }, { noise: { stddev: 3, until: 2 } }]', {}, []],
  [
    '[{ flip: { from: 3, until: 2 } }]',
    {},
    ['it would act from epoch 3 until epoch 2, which is before @ 2 | Raise `until`, or lower `from`.'],
  ],
  [
    '[flip, { randomErasing: { minArea: 0.5, maxArea: 0.2 } }]',
    {},
    ['minArea, 0.5, is more than maxArea, 0.2 @ 0.5 | Make it less.'],
  ],
  [
    '[noise 1]',
    { source: table, layers: '[dense 2]' },
    ['noise is of pictures [height, width, channels], but the data has 1 @ noise 1 | Remove it.'],
  ],
  [
    '[mixup]',
    { layers: '[flatten, dense 10 sigmoid]', loss: 'binaryCrossentropy' },
    [
      'mixup makes labels of two classes in shares, which binaryCrossentropy does not take @ mixup | ' +
        'Use `loss: softmaxCrossEntropy`, on an output for each class.',
    ],
  ],
  [
    '[brightness(10), shift(2), cutmix]',
    { source: shapes, layers: '[conv 1x1x4]' },
    [
      'shift moves what is in the picture, but not `mask`, which stands for its places @ shift(2) | ' +
        'Remove it; brightness, contrast and noise change values alone.',
      'cutmix mixes two samples with one picture and one class each, but `mask` is a class for each place ' +
        '@ cutmix | Remove it.',
    ],
  ],
])('%s %o', (augment, about, expected) => {
  expect(told(augment, about)).toEqual(expected);
});

test.each([
  ['[]', /1 to 100 items/],
  ['[shft(2)]', /Did you mean `shift`/],
  ['[shift(0)]', /pixels/],
  ['[shift(-1)]', /means nothing/],
  ['[flip: { probability: 2 }]', /probability/],
  ['[flip: { from: 0 }]', /from/],
  ['[zoom(1)]', /factor/],
  ['[rotate]', /degrees/],
  ['shift(2)', /list/],
])('%s is told', (augment, expected) => {
  const found = told(augment);
  expect(found).toHaveLength(1);
  expect(found[0]).toMatch(expected);
});
