import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { layers } from '../../src/layers/layers.ts';
import { LanguageServer, type Position } from './language-server.ts';
import { Rig } from '../rig.ts';

// What people see in their editor: the real YAML language server with the published schema.
const rig = new Rig();
const server = new LanguageServer();
beforeAll(() => server.start());
afterAll(() => {
  server.stop();
  rig.remove();
});

const schema = new URL('../../schemas/pipeline.schema.json', import.meta.url).href;
let count = 0;

/** Opens a pipeline; `|` is where the cursor is. */
async function open(text: string): Promise<{ uri: string; at: Position; marked: readonly string[] }> {
  const whole = `# yaml-language-server: $schema=${schema}\n${text}`;
  const before = whole.slice(0, Math.max(whole.indexOf('|'), 0)).split('\n');
  const uri = pathToFileURL(`${rig.folder}/${count++}.yaml`).href;
  const plain = whole.replace('|', '');
  const lines = plain.split('\n');
  const marked = await server.open(uri, plain);
  return {
    uri,
    at: { line: before.length - 1, character: before.at(-1)!.length },
    marked: marked.map(
      ({ message, range }) =>
        `${lines[range.start.line]!.slice(range.start.character, range.end.character)}: ${message}`,
    ),
  };
}

const pipeline = (layer: string, rest = '') => `name: x
data: { source: mnist }
model:
  layers:
    - ${layer}
    - flatten
    - dense 10
train:
  optimizer: adam
  loss: softmaxCrossEntropy
  epochs: 3
${rest}`;

describe('completion', () => {
  const labels = async (text: string) => {
    const { uri, at } = await open(text);
    return (await server.complete(uri, at)).map(({ label }) => label);
  };

  test('lists the sections', async () => {
    expect(await labels('name: x\n|')).toEqual(
      expect.arrayContaining(['data', 'model', 'train', 'evaluate', 'visualize', 'tracking', 'extends', 'seed']),
    );
  });

  test('lists every layer', async () => {
    const offered = await labels(pipeline('|'));
    for (const name of Object.keys(layers))
      expect(
        offered.some((label) => label === name || label.startsWith(name)),
        offered.join(),
      ).toBe(true);
  });

  test('lists the options of a layer', async () => {
    const offered = await labels(pipeline('conv2d:\n        filters: 3\n        |'));
    expect(offered).toEqual(
      expect.arrayContaining(['kernelSize', 'padding', 'strides', 'useBias', 'kernelInitializer']),
    );
    expect(offered).not.toContain('filters');
  });

  test('lists the optimizers, and their options', async () => {
    expect(await labels(pipeline('relu').replace('adam', '|'))).toEqual(expect.arrayContaining(['adam', 'sgd']));
    expect(await labels(pipeline('relu').replace('optimizer: adam', 'optimizer:\n    adam:\n      |'))).toEqual(
      expect.arrayContaining(['learningRate', 'beta1']),
    );
  });

  test('lists the values of an option', async () => {
    expect(await labels(pipeline('conv2d:\n        padding: |'))).toEqual(expect.arrayContaining(['same', 'valid']));
  });
});

describe('hover', () => {
  const shown = async (text: string) => {
    const { uri, at } = await open(text);
    return server.hover(uri, at);
  };

  test('shows the documentation of a section, a layer and an option', async () => {
    expect(await shown(pipeline('relu').replace('epochs', 'epo|chs'))).toContain('Passes over the training samples');
    expect(await shown(pipeline('conv|2d: { filters: 3, kernelSize: 3 }'))).toContain(
      'Convolution over height and width of images',
    );
    expect(await shown(pipeline('conv2d: { fil|ters: 3, kernelSize: 3 }'))).toContain('Number of output channels');
  });
});

describe('marks', () => {
  test('nothing in a file without mistakes', async () => {
    expect((await open(pipeline('conv 3x3x8 same'))).marked).toEqual([]);
    expect(
      (
        await open(
          pipeline('repeat: { times: 2, layers: [conv 3x3x8 same, Unit: { rate: 0.1 }] }').replace(
            'model:',
            'model:\n  blocks: { Unit: { parameters: { rate: 0.5 }, layers: [{ dropout: { rate: $rate } }] } }',
          ),
        )
      ).marked,
    ).toEqual([]);
    expect((await open('extends: ./base.yaml\ntrain: { epochs: 3 }\n')).marked).toEqual([]);
  });

  test.each([
    ['a wrong section', pipeline('relu', 'traim: {}'), /^traim: /],
    ['a wrong key of a section', pipeline('relu').replace('epochs', 'epoch'), /^epoch: /],
    ['a wrong option of a layer', pipeline('dense: { unit: 3 }'), /^unit: /],
    ['a wrong layer', pipeline('densse: { units: 3 }'), /^densse: Property densse is not allowed/],
    ['a wrong layer alone', pipeline('flaten'), /^flaten: /],
    ['a wrong value', pipeline('conv2d: { filters: 3, kernelSize: 3, padding: sane }'), /^sane: /],
    ['a missing key', pipeline('relu').replace('  epochs: 3\n', ''), /epochs/],
  ])('%s', async (_, text, mark) => {
    const { marked } = await open(text);
    expect(
      marked.some((one) => mark.test(one)),
      marked.join('\n'),
    ).toBe(true);
  });
});
