import { expect, test } from 'vitest';
import { checkSource } from '../../src/plan/check-pipeline.ts';

const told = (layer: string) =>
  checkSource({
    name: 'x',
    text:
      `name: x\ndata: { source: mnist }\nmodel:\n  layers:\n    - ${layer}\n    - flatten\n    - dense 10\n` +
      'train: { optimizer: adam, loss: softmaxCrossEntropy, epochs: 1 }\n',
  })
    .diagnostics.filter(({ code }) => code !== 'shape-mismatch')
    .map(({ message, hint }) => `${message} ${hint!.replace(/ ?Usage: .*/, '')}`);

test.each([
  ['dense relu 32', '`32` means nothing to `dense`. It comes first: `dense 32 ...`.'],
  ['dense 32 64', '`64` means nothing to `dense`. '],
  ['dense units=32', '`units=32` means nothing to `dense`. Did you mean `32`?'],
  ['dense(32, activation=relu)', '`activation=relu` means nothing to `dense`. Did you mean `relu`?'],
  ['maxpool 2', '`2` means nothing to `maxpool`. Did you mean `2x2`?'],
  ['upSampling2d 2', '`2` means nothing to `upSampling2d`. Did you mean `2x2`?'],
  ['conv 3x3x4 12', '`12` means nothing to `conv`. '],
  [
    'timeDistributed dense 10',
    '`10` means nothing to `timeDistributed`. What `dense` takes stands in parentheses: `timeDistributed dense(10)`.',
  ],
  [
    'timeDistributed: dense 10 relu',
    '`10` means nothing to `timeDistributed`. What `dense` takes stands in parentheses: ' +
      '`timeDistributed dense(10, relu)`.',
  ],
  [
    'bidirectional lstm 10 sum',
    '`10` means nothing to `bidirectional`. What `lstm` takes stands in parentheses: `bidirectional lstm(10) sum`.',
  ],
])('%s is one mistake, with the way to write it', (layer, expected) => {
  expect(told(layer)).toEqual([expected]);
});

test.each(['timeDistributed dense(10)', 'timeDistributed dense(10, relu)', 'bidirectional lstm(10) sum'])(
  '%s, which a hint names, is right',
  (layer) => {
    expect(told(layer)).toEqual([]);
  },
);

test.each<readonly [string, unknown]>([
  ['{ dense 32: , name: a }', '`dense 32` is no layer: only its name is the key. Write `{ dense: 32, name: a }`.'],
  [
    '{ "conv(3x3x8, same)": , name: a, from: [b, c] }',
    '`conv(3x3x8, same)` is no layer: only its name is the key. Write `{ conv: 3x3x8 same, name: a, from: ... }`.',
  ],
  ['{ dense 32: relu }', '`dense 32` is no layer: only its name is the key. Write `{ dense: 32 relu }`.'],
  [
    '{ dense 32: { activation: relu }, name: a }',
    '`dense 32` is no layer: only its name is the key. Write `{ dense: { ... }, name: a }`.',
  ],
  ['{ dense 32: }', '`dense 32` is no layer: only its name is the key. Remove the colon: `dense 32`.'],
  ['{ dnse 32: , name: a }', expect.stringContaining('There is no layer `dnse 32`. ')],
  ...[
    ['50', '0.5'],
    ['5', '0.05'],
    ['29', '0.29'],
    ['12.5', '0.125'],
  ].map(
    ([rate, share]) =>
      [
        `dropout ${rate}`,
        `\`rate\` must be a number >= 0 and < 1, not ${rate}. Write ${share} for ${rate} %.`,
      ] as const,
  ),
  ['{ batchnorm: { momentum: 99 } }', '`momentum` must be a number from 0 to 1, not 99. Write 0.99 for 99 %.'],
  ...[
    ['1st', "the text '1st'", 'layer_1st'],
    ['1', '1', 'layer_1'],
    ['a b', "the text 'a b'", 'a_b'],
    ['-x', "the text '-x'", 'x'],
  ].map(
    ([name, shown, meant]) =>
      [
        `{ relu: , name: ${name} }`,
        '`name` must be a name of up to 100 letters, digits, `_`, `.` or `-` that starts with a letter, ' +
          `not ${shown}. Did you mean \`${meant}\`?`,
      ] as const,
  ),
  [
    '{ repeat: { times: 2, layers: [relu] }, name: 1st }',
    '`name` must be a name of up to 100 letters, digits, `_`, `.` or `-` that starts with a letter, ' +
      "not the text '1st'. Did you mean `layer_1st`?",
  ],
  [
    '{ relu: , name: true }',
    '`name` must be a name of up to 100 letters, digits, `_`, `.` or `-` that starts with a letter, not true. ' +
      "Put it in quotes: `'true'`.",
  ],
  ['{ type: dense, units: 32 }', '`type` is no layer: the name of a layer is the key. Write `{ dense: { ... } }`.'],
  [
    '{ units: 32 }',
    '`units` is no layer, but an option of `dense`, `simpleRNN`, `gru`, `lstm`. ' +
      'Options stand below the name: `{ NAME: { units: ... } }`.',
  ],
  ['{ add: {}, from: "input, input" }', '`input, input` is one name here. Write a list: `[input, input]`.'],
])('%s', (layer, expected) => {
  expect(told(layer)).toEqual([expected]);
});

test.each(['dropout 100', 'dropout -50', '{ leakyReLU: { negativeSlope: -1 } }'])(
  'of %s no percentage is made',
  (layer) => {
    expect(
      checkSource({
        name: 'x',
        text:
          `name: x\ndata: { source: mnist }\nmodel: { layers: [${layer}, flatten, dense 10] }\n` +
          'train: { optimizer: adam, loss: softmaxCrossEntropy, epochs: 1 }\n',
      })
        .diagnostics.map(({ hint }) => hint)
        .join(),
    ).not.toContain('%');
  },
);
