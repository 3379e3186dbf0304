import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { schemaText } from '../../src/commands/schema.ts';
import { readPipeline } from '../../src/language/read-pipeline.ts';

const file = new URL('../../schemas/pipeline.schema.json', import.meta.url);
const accepts = new Ajv({ allowUnionTypes: true }).compile(JSON.parse(schemaText()));
const valid = readFileSync(new URL('../../pipelines/mnist.yaml', import.meta.url), 'utf8');

test('schemas/pipeline.schema.json is fresh (npm run schema writes it)', () => {
  // Not toBe: the difference of two long texts says nothing.
  expect(readFileSync(file, 'utf8') === schemaText()).toBe(true);
});

test('every key has a description, and examples or a default', () => {
  const bare: string[] = [];
  const visit = (node: unknown, path: string): void => {
    if (typeof node !== 'object' || node === null) return;
    for (const [key, property] of Object.entries(
      (node as { properties?: Record<string, { description?: string; $ref?: string }> }).properties ?? {},
    )) {
      if (property.description === undefined && property.$ref === undefined) bare.push(`${path}.${key}`);
    }
    // What a file without a base needs says again what is described already.
    for (const [key, child] of Object.entries(node)) if (key !== 'else') visit(child, `${path}/${key}`);
  };
  visit(JSON.parse(schemaText()), '');
  expect(bare).toEqual([]);
});

const layer = (text: string) => valid.replace('- flatten', `- ${text}\n    - flatten`);
test.each([
  ['the example', valid],
  ['an empty row', layer('relu:')],
  ['an alias as key', layer('conv: { filters: 3, kernelSize: 3 }')],
  ['an alias that brings its option', layer('tanh: {}')],
  ['an alias that brings its option, said again', layer('tanh: { activation: relu }')],
  ['a name beside', layer('{ relu: , name: a }')],
  ['only a name', layer('{ name: a }')],
  ['two rows', layer('{ relu: , tanh: }')],
  ['a row that needs options, alone', layer('conv')],
  ['a row that needs options, empty', layer('conv:')],
  ['an unknown row', layer('covn 3x3x32')],
  ['an unknown option', layer('dense: { unit: 3 }')],
  ['a bare value', layer('dense: 10')],
  ['a number', layer('3')],
  ['a text with words', layer('dropout 0.5')],
  ['a call', layer('dropout(0.5)')],
  ['words that nothing takes', layer('softmax now')],
  ['an empty section', `${valid.replace(/\nevaluate:[^]*$/, '\n')}evaluate:\n`],
  ['an unknown section', `${valid}\nfoo: 1`],
  ['no train', valid.replace(/\ntrain:[^]*?\n\n/, '\n')],
  ['a repetition', layer('repeat: { times: 2, layers: [relu] }')],
  ['a repetition without times', layer('repeat: { layers: [relu] }')],
  [
    'a block',
    layer('Unit: { rate: 0.1 }').replace(
      'model:',
      'model:\n  blocks: { Unit: { parameters: { rate: 0.5 }, layers: [dropout $rate, ' +
        '{ dropout: { rate: $rate } }, { repeat: { times: 2, layers: [relu] } }] } }',
    ),
  ],
  [
    'a block with a wrong option',
    layer('Unit: { rate: 0.1 }').replace(
      'model:',
      'model:\n  blocks: { Unit: { parameters: { rate: 0.5 }, layers: [{ dropout: { rat: $rate } }] } }',
    ),
  ],
  ['a block with a wrong key', layer('Unit').replace('model:', 'model:\n  blocks: { Unit: { layer: [relu] } }')],
  ['a block of a small letter', layer('relu').replace('model:', 'model:\n  blocks: { unit: { layers: [relu] } }')],
])('a stock ajv agrees about %s', (_, text) => {
  expect(accepts(parse(text, { merge: false }))).toBe(readPipeline({ name: 'x', text }).diagnostics.length === 0);
});

test('a file with a base needs nothing, but may say nothing wrong', () => {
  expect(accepts(parse('extends: ./base.yaml\ntrain: { epochs: 3 }\nmodel:\n'))).toBe(true);
  expect(accepts(parse('extends: ./base.yaml\ntrain: { epoch: 3 }\n'))).toBe(false);
  expect(accepts(parse('train: { epochs: 3 }\n'))).toBe(false);
});
