import { expect, test } from 'vitest';
import { findRow } from '../../src/language/expand/find-row.ts';
import { checkSource } from '../../src/plan/check-pipeline.ts';
import { layers } from '../../src/layers/layers.ts';
import { losses } from '../../src/training/losses.ts';
import { lossesElsewhere } from '../../src/training/losses-elsewhere.ts';
import { otherwise } from '../../src/layers/layers-elsewhere.ts';

const file = (seed: string, item = '    - flatten') =>
  `name: x\nseed:${seed}1\ndata: { source: mnist }\nmodel:\n  layers:\n${item}\n    - dense 10\n` +
  'train: { optimizer: adam, loss: softmaxCrossEntropy, epochs: 1 }\n';
const first = (text: string) =>
  checkSource({ name: 'x', text }).diagnostics.map(({ message, range }) => ({ message, at: range!.start }))[0];

test.each(['\u00A0', '\u2003', '\u200B', '\u202F', '\u3000', '\uFEFF', '\u2060'])(
  'a character that looks like a space (%j) is named at its place',
  (space) => {
    const code = `U+${space.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`;
    expect(first(file(space))).toEqual({ message: expect.stringContaining(code), at: file(space).indexOf(space) });
  },
);

test.each(['\t- flatten', '    \t- flatten', '  \t  - flatten'])('a tab before a list item (%j)', (item) => {
  expect(first(file(' ', item))).toEqual({
    message: expect.stringMatching(/^A tab/),
    at: file(' ', item).indexOf('\t'),
  });
});

test('what other libraries call a layer is no name of ours, and what stands for it names only what there is', () => {
  for (const [name, sentence] of Object.entries(otherwise)) {
    expect(findRow(layers, name), name).toSatisfy((found) => found === undefined || name === 'linear');
    const [said] = /(?<=Write `)[A-Za-z0-9]+/.exec(sentence) ?? [];
    if (said !== undefined) expect(findRow(layers, said), `${name}: ${said}`).toBeDefined();
  }
});

test.each([
  ['instanceNormalization', /groupNormalization.*groups/],
  ['InstanceNorm2d', /groupNormalization/],
  ['AdaptiveAvgPool2d', /globalAveragePooling2d/],
  ['RMSNormalization', /No layer does this/],
  ['Linear', /dense/],
  ['BatchNorm2d', /batchnorm/],
  ['Conv2D', /conv2d/],
  ['GELU', /gelu/],
  ['Dropout2d', /spatialDropout/],
  ['ConvTranspose2d', /conv2dTranspose/],
  ['GlobalAvgPool2D', /globalAveragePooling2d/],
])('%s is answered with the way to say it', (name, expected) => {
  const [found] = checkSource({ name: 'x', text: file(' ', `    - ${name}`) }).diagnostics;
  expect(found!.hint).toMatch(expected);
});

test('what other libraries call a loss is answered with one that there is', () => {
  for (const [name, meant] of Object.entries(lossesElsewhere)) {
    expect(findRow(losses, meant), meant).toBeDefined();
    expect(checkSource({ name: 'x', text: file(' ').replace('softmaxCrossEntropy', name) }).diagnostics[0]!.hint).toBe(
      `Did you mean \`${meant}\`?`,
    );
  }
});

test('in a comment they hide no other mistake', () => {
  for (const [before, comment] of [
    ['', ' # no\u00a0break'],
    ['\t# a tab\n', ''],
  ] as const) {
    const text = `name: x\nmodel:\n  layers:\n${before}    - dense 10: relu: x${comment}\n`;
    expect(
      checkSource({ name: 'x', text })
        .diagnostics.filter(({ code }) => code === 'yaml-syntax')
        .map(({ message }) => message),
    ).toEqual([expect.not.stringMatching(/tab|looks like/)]);
  }
});
