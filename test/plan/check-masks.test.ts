import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { checkSource } from '../../src/plan/check-pipeline.ts';
import { Rig } from '../rig.ts';

let rig: Rig;
beforeEach(() => void (rig = new Rig()));
afterEach(() => rig.remove());

/**
 * What is said of layers over texts of 4 steps, as `line: message`; of masks of what is there only where that is asked
 * for.
 */
function told(layers: string, ofData = false): { readonly said: readonly string[]; readonly checked: boolean } {
  rig.write('t.txt', 'ab ba\nba ab\n'.repeat(20));
  const text = `name: t
seed: 1
data: { source: { text: { file: t.txt, steps: 4 } } }
model:
  layers:
${layers
  .trim()
  .split('\n')
  .map((line) => `    ${line.trimEnd()}`)
  .join('\n')}
train: { optimizer: adam, loss: softmaxCrossEntropy, batchSize: 8, epochs: 1 }
`;
  const { checked, diagnostics } = checkSource({ name: join(rig.folder, 't.yaml'), text });
  const said = diagnostics
    .filter(({ code }) => (code === 'mask-of-data') === ofData)
    .map(({ severity, message, range, related = [] }) => {
      const lineOf = (at: number) => text.slice(0, at).split('\n').length;
      return (
        `${severity} ${lineOf(range!.start)}: ` +
        `${message} ${related.map((one) => `(${lineOf(one.range.start)}: ${one.message})`).join('')}`
      );
    });
  return { said, checked: checked !== undefined };
}

const table = '- { embedding: { inputDim: 4, outputDim: 6, maskZero: true }, name: words }';

test('a layer that knows no masks is told at its place, with where the mask comes from', () => {
  expect(told(`${table}\n- relu\n- conv1d 3x4 same\n- dense 4`)).toEqual({
    checked: true,
    said: [
      'warning 8: `conv1d_1` loses the mask of `words`: layers of type conv1d know no masks, ' +
        'so from here on steps that are not there count like the others. (6: words makes the mask)',
    ],
  });
});

test('a mask of a character is told at the option that makes it', () => {
  expect(
    told(
      '- relu\n- { embedding: { inputDim: 4, outputDim: 6, maskZero: true }, name: words, ' +
        'from: input }\n- lstm 4\n- dense 4',
      true,
    ).said,
  ).toEqual([
    'warning 7: `maskZero` leaves out each 0 of `input`, but nothing is filled up there: ' +
      '0 is the first of its 4 indices, so `words` masks real steps. ',
  ]);
  for (const one of [
    '{ embedding: { inputDim: 4, outputDim: 6 } }',
    '{ embedding: { inputDim: 4, outputDim: 6, maskZero: false } }',
  ])
    expect(told(`- ${one}\n- dense 4`, true).said).toEqual([]);
  // Whoever makes other indices knows what 0 is.
  expect(
    told('- rescaling 2\n- { embedding: { inputDim: 8, outputDim: 6, maskZero: true } }\n- dense 4', true).said,
  ).toEqual([]);
});

test.each([0, 1])('of indices in a table, of which %d is the smallest, nothing is told', (first) => {
  rig.write(
    'i.csv',
    `a,b,y\n${Array.from({ length: 30 }, (_, i) => `${first + (i % 3)},${1 + (i % 2)},${i % 7}`).join('\n')}\n`,
  );
  const text =
    'name: t\ndata: { source: { csv: { file: i.csv, targets: { y: number }, standardize: [y] } } }\n' +
    'model: { layers: [{ embedding: { inputDim: 4, outputDim: 2, maskZero: true } }, globalAveragePooling1d, ' +
    'dense 1] }\ntrain: { optimizer: adam, loss: meanSquaredError, batchSize: 8, epochs: 1 }\n';
  const { checked, diagnostics } = checkSource({ name: join(rig.folder, 'i.yaml'), text });
  expect(checked).toBeDefined();
  expect(diagnostics.filter(({ code }) => code === 'mask-of-data')).toEqual([]);
});

test('layers that keep or read a mask are not told, nor what is below a loss', () => {
  expect(told(`${table}\n- layernorm\n- leakyReLU\n- lstm 4 sequences\n- dense 4`).said).toEqual([]);
  expect(told(`${table}\n- conv1d 3x4 same\n- conv1d 3x4 same\n- dense 4`).said).toHaveLength(1);
});

test('of a mask from several layers each is named', () => {
  const both =
    `${table}\n- { embedding: { inputDim: 4, outputDim: 6, maskZero: true }, name: more, from: input }\n` +
    '- { add: {}, from: [words, more] }\n- conv1d 3x4 same\n- dense 4';
  expect(told(both).said).toEqual([expect.stringContaining('the mask of `words` and `more`')]);
});

test('beside a mistake both are told', () => {
  expect(told(`${table}\n- conv1d 3x4 same\n- dense 3`).said.map((line) => line.slice(0, 7))).toEqual([
    'warning',
    'error 9',
  ]);
});

test('of a mask from many, three are named', () => {
  const many = Array.from({ length: 40 }, (_, i) => `- { masking: {}, name: m${i}, from: words }`).join('\n');
  const [said] = told(
    `${table}\n${many}\n- { add: {}, from: [${Array.from({ length: 40 }, (_, i) => `m${i}`).join(', ')}] }\n` +
      '- conv1d 3x4 same\n- dense 4',
  ).said;
  expect(said).toMatch(/the mask of `m0` and `m1` and `m2` and 37 more: /);
  expect(said!.match(/makes the mask/g)).toHaveLength(3);
});

test.each([
  ['dense 4', 'loss        and metrics of `next` leave out what `words` masks\n'],
  [
    '{ embedding: { inputDim: 4, outputDim: 6, maskZero: true }, name: more, from: input }\n' +
      '      - { add: {}, from: [words, more] }\n      - dense 4',
    'loss        and metrics of `next` leave out what `words`, `more` mask\n',
  ],
  ['lstm 4 sequences\n      - conv1d 3x4 same', undefined],
])('plan says what the loss leaves out: %s', async (below, line) => {
  rig.write('t.txt', 'ab ba\nba ab\n'.repeat(20));
  rig.write(
    't.yaml',
    `name: t
data: { source: { text: { file: t.txt, steps: 4 } } }
model:
    layers:
      ${table}
      - ${below}
train: { optimizer: adam, loss: softmaxCrossEntropy, batchSize: 8, epochs: 1 }
`,
  );
  const { code, stdout } = await rig.run(['plan', 't.yaml']);
  expect(code).toBe(0);
  if (line === undefined) expect(stdout).not.toContain('leave out');
  else expect(stdout).toContain(line);
});
