import { expect, test } from 'vitest';
import { checkSource } from '../../src/pipeline/check-pipeline.ts';

const told = (layer: string) => checkSource({ name: 'x', text: `name: x\ndata: { source: mnist }\nmodel:\n  layers:\n    - ${layer}\n    - flatten\n    - dense 10\ntrain: { optimizer: adam, loss: softmaxCrossEntropy, epochs: 1 }\n` }).diagnostics.filter(({ code }) => code !== 'shape-mismatch').map(({ message, hint }) => `${message} ${hint!.replace(/ ?Usage: .*/, '')}`);

test.each([
  ['dense relu 32', '`32` means nothing to `dense`. It comes first: `dense 32 ...`.'],
  ['dense 32 64', '`64` means nothing to `dense`. '],
  ['dense units=32', '`units=32` means nothing to `dense`. Did you mean `32`?'],
  ['dense(32, activation=relu)', '`activation=relu` means nothing to `dense`. Did you mean `relu`?'],
  ['maxpool 2', '`2` means nothing to `maxpool`. Did you mean `2x2`?'],
  ['upSampling2d 2', '`2` means nothing to `upSampling2d`. Did you mean `2x2`?'],
  ['conv 3x3x4 12', '`12` means nothing to `conv`. '],
  ['timeDistributed dense 10', '`10` means nothing to `timeDistributed`. What `dense` takes stands in parentheses: `timeDistributed dense(10)`.'],
  ['timeDistributed: dense 10 relu', '`10` means nothing to `timeDistributed`. What `dense` takes stands in parentheses: `timeDistributed dense(10, relu)`.'],
  ['bidirectional lstm 10 sum', '`10` means nothing to `bidirectional`. What `lstm` takes stands in parentheses: `bidirectional lstm(10) sum`.'],
])('%s is one mistake, with the way to write it', (layer, expected) => {
  expect(told(layer)).toEqual([expected]);
});

test.each(['timeDistributed dense(10)', 'timeDistributed dense(10, relu)', 'bidirectional lstm(10) sum'])('%s, which a hint names, is right', (layer) => {
  expect(told(layer)).toEqual([]);
});

test.each([
  ['{ type: dense, units: 32 }', '`type` is no layer: the name of a layer is the key. Write `{ dense: { ... } }`.'],
  ['{ units: 32 }', '`units` is no layer, but an option of `dense`, `simpleRNN`, `gru`, `lstm`. Options stand below the name: `{ NAME: { units: ... } }`.'],
  ['{ add: {}, from: "input, input" }', '`input, input` is one name here. Write a list: `[input, input]`.'],
])('%s', (layer, expected) => {
  expect(told(layer)).toEqual([expected]);
});
