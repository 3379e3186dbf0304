import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { checkSource } from '../../src/plan/check-pipeline.ts';
import { activated, anything } from '../../src/layers/values.ts';
import { activationNames } from '../../src/layers/activations.ts';
import { type losses, lossRow } from '../../src/training/losses.ts';
import { lossMisfit } from '../../src/training/output.ts';
import { Rig } from '../rig.ts';

const rig = new Rig();
afterAll(() => rig.remove());

const all: readonly string[] = activationNames;
const bothSigns = ['elu', 'gelu', 'gelu_new', 'linear', 'mish', 'selu', 'softsign', 'swish', 'tanh'];
const upToOne = ['sigmoid', 'hardSigmoid'];
const notNegative = ['relu', 'relu6', 'softplus', ...upToOne, 'softmax'];
const notLogSoftmax = all.filter((name) => name !== 'logSoftmax');

/**
 * The activations that each loss can learn from: with a unit for each of three classes, with one for two, and of three
 * numbers.
 */
const right: Readonly<Record<keyof typeof losses, readonly (readonly string[])[]>> = {
  // softmax(logSoftmax(x)) is softmax(x).
  softmaxCrossEntropy: [[...bothSigns, 'logSoftmax'], [], []],
  focalLoss: [[...bothSigns, 'logSoftmax'], [], []],
  sigmoidCrossEntropy: [bothSigns, bothSigns, []],
  categoricalCrossentropy: [['softmax'], [], []],
  kullbackLeiblerDivergence: [['softmax'], [], []],
  // A softmax of one unit is always 1.
  binaryCrossentropy: [[...upToOne, 'softmax'], upToOne, []],
  meanSquaredError: [notLogSoftmax, notLogSoftmax.filter((name) => name !== 'softmax'), all],
  meanAbsoluteError: [notLogSoftmax, notLogSoftmax.filter((name) => name !== 'softmax'), all],
  meanAbsolutePercentageError: [notLogSoftmax, notLogSoftmax.filter((name) => name !== 'softmax'), all],
  logcosh: [notLogSoftmax, notLogSoftmax.filter((name) => name !== 'softmax'), all],
  huberLoss: [notLogSoftmax, notLogSoftmax.filter((name) => name !== 'softmax'), all],
  meanSquaredLogarithmicError: [notLogSoftmax, notLogSoftmax.filter((name) => name !== 'softmax'), notLogSoftmax],
  poisson: [notNegative, notNegative.filter((name) => name !== 'softmax'), notNegative],
  cosineProximity: [notLogSoftmax, [], all],
  hinge: [bothSigns, bothSigns, []],
  squaredHinge: [bothSigns, bothSigns, []],
  categoricalHinge: [notLogSoftmax, [], []],
};

describe.each(Object.entries(right))('%s', (loss, [three, one, numbers]) => {
  const misfit = (activation: string, units: number, classes?: number) =>
    lossMisfit(
      loss,
      lossRow(loss),
      classes === undefined
        ? { kind: 'number', name: 'y', shape: [units] }
        : { kind: 'class', name: 'y', classes: ['a', 'b', 'c'].slice(0, classes), shape: [] },
      { layer: 'end', shape: [units], values: activated(activation, anything, [units]) },
    );
  const fitting = (units: number, classes?: number) =>
    all.filter((activation) => misfit(activation, units, classes) === undefined);

  test('learns from the activations that it can', () => {
    expect(fitting(3, 3)).toEqual([...three!].sort((a, b) => all.indexOf(a) - all.indexOf(b)));
    expect(fitting(1, 2)).toEqual([...one!].sort((a, b) => all.indexOf(a) - all.indexOf(b)));
    expect(fitting(3)).toEqual([...numbers!].sort((a, b) => all.indexOf(a) - all.indexOf(b)));
    expect(misfit('softmax', 1)).toBeDefined();
  });

  test('says of any other which layer, what it gives, and the way out', () => {
    for (const activation of all.filter((name) => !three!.includes(name))) {
      const { problem, hint } = misfit(activation, 3, 3)!;
      expect(problem).toContain(loss);
      expect(problem).toContain('`end` gives ');
      if (activation !== 'linear') expect(problem).toContain(`(${activation})`);
      expect(hint).toMatch(/^[A-Z].*\.$/);
    }
  });
});

/** What is wrong with the losses of a net for three classes, two, a number, or a class at each of 4 steps. */
function wrongWith(
  layers: string,
  loss: string,
  target: 'three' | 'two' | 'number' | 'steps' = 'three',
  blocks = '',
): string {
  rig.write(
    'd.csv',
    [
      'a,b,k,n',
      ...Array.from({ length: 12 }, (_, i) => `${i},${(i * i) % 7},${'xyz'[i % (target === 'two' ? 2 : 3)]},${i}`),
    ].join('\n'),
  );
  rig.write('t.txt', 'abcabcabacbabcabcbabcabcabacbacbbacbabcabccba'.repeat(4));
  const classes = target === 'two' ? '[x, y]' : '[x, y, z]';
  const source =
    target === 'steps'
      ? 'text: { file: t.txt, steps: 4, test: 0.3 }'
      : 'csv: { file: d.csv, features: { input: [a, b] }, ' +
        `targets: { ${target === 'number' ? 'n: number' : `k: ${classes}`} } }`;
  const text = `
name: values
data: { source: { ${source} }, split: { validation: 2 } }
model:
${blocks}  layers:
${layers
  .split('\n')
  .map((line) => `    - ${line.trim()}`)
  .join('\n')}
train: { optimizer: adam, loss: ${loss}, epochs: 1 }
`;
  return checkSource({ name: rig.write('p.yaml', text), text })
    .diagnostics.filter(({ severity }) => severity === 'error')
    .map(({ code, message, hint }) => `${code}: ${message} ${hint}`)
    .join('\n');
}

const [cce, softmaxCE] = ['categoricalCrossentropy', 'softmaxCrossEntropy'];
const steps = 'embedding 3x3\nlstm 4 sequences\n';

// Each is right with one loss and wrong with the other.
test.each<[string, string, string, string, ('three' | 'two' | 'number' | 'steps')?]>([
  ['softmax in timeDistributed', `${steps}timeDistributed: { layer: dense 3 softmax }`, cce, softmaxCE, 'steps'],
  ['no softmax in timeDistributed', `${steps}timeDistributed: { layer: dense 3 }`, softmaxCE, cce, 'steps'],
  [
    'a softmax layer in timeDistributed',
    `${steps}dense 3\ntimeDistributed: { layer: softmax }`,
    cce,
    softmaxCE,
    'steps',
  ],
  ['softmax before reshape', `${steps}dense 3 softmax\nreshape 4x3`, cce, softmaxCE, 'steps'],
  ['softmax before flatten of one place', 'dense 3\nreshape 1x3\nsoftmax\nflatten', cce, softmaxCE],
  ['softmax before dropout', 'dense 3 softmax\ndropout 0.2', cce, softmaxCE],
  [
    'softmax before noise and an activation that changes nothing',
    'dense 3 softmax\ngaussianNoise 0.1\nrelu\nlinear',
    cce,
    softmaxCE,
  ],
  ['a softmax layer', 'dense 3\nsoftmax', cce, softmaxCE],
  ['softmax below a softmax', 'dense 3 softmax\ndense 3', softmaxCE, cce],
  [
    'the mean of two softmax heads',
    '{ dense: { units: 3, activation: softmax }, name: a, from: input }\n' +
      '{ dense: { units: 3, activation: softmax }, name: b, from: input }\n{ average: {}, from: [a, b] }',
    cce,
    softmaxCE,
  ],
  [
    'the mean of a softmax and a logit head',
    '{ dense: { units: 3, activation: softmax }, name: a, from: input }\n' +
      '{ dense: { units: 3 }, name: b, from: input }\n{ average: {}, from: [a, b] }',
    softmaxCE,
    cce,
  ],
  [
    'the sum of logits',
    '{ dense: { units: 3 }, name: a, from: input }\n{ dense: { units: 3 }, name: b, from: input }\n' +
      '{ add: {}, from: [a, b] }',
    softmaxCE,
    cce,
  ],
  [
    'logits scaled by a gate',
    '{ dense: { units: 3 }, name: a, from: input }\n' +
      '{ dense: { units: 3, activation: sigmoid }, name: b, from: input }\n{ multiply: {}, from: [a, b] }',
    softmaxCE,
    'binaryCrossentropy',
  ],
  [
    'sigmoids side by side',
    '{ dense: { units: 1, activation: sigmoid }, name: a, from: input }\n' +
      '{ dense: { units: 2, activation: sigmoid }, name: b, from: input }\n{ concatenate: {}, from: [a, b] }',
    'binaryCrossentropy',
    cce,
  ],
  [
    'the product of sigmoids',
    '{ dense: { units: 3, activation: sigmoid }, name: a, from: input }\n' +
      '{ dense: { units: 3, activation: sigmoid }, name: b, from: input }\n{ multiply: {}, from: [a, b] }',
    'binaryCrossentropy',
    'sigmoidCrossEntropy',
  ],
  ['the mean over places of a softmax', 'dense 12\nreshape 4x3\nsoftmax\nglobalAveragePooling1d', cce, softmaxCE],
  // As SqueezeNet and Network in Network end.
  ['the mean over places of a relu', 'dense 12\nreshape 4x3\nrelu\nglobalAveragePooling1d', softmaxCE, cce],
  [
    'the mean of both ways of a softmax',
    'reshape 2x1\nbidirectional: { layer: { simpleRNN: { units: 3, activation: softmax } }, mergeMode: ave }',
    cce,
    softmaxCE,
  ],
  ['one sigmoid unit', 'dense 1 sigmoid\nreshape 1', 'binaryCrossentropy', 'sigmoidCrossEntropy', 'two'],
  ['one linear unit', 'dense 1', 'sigmoidCrossEntropy', 'binaryCrossentropy', 'two'],
  ['one unit of relu', 'dense 1 relu', 'meanSquaredError', 'sigmoidCrossEntropy', 'two'],
  ['a count', 'dense 1 softplus', 'poisson', 'hinge', 'number'],
  ['any number', 'dense 1', 'meanSquaredError', 'poisson', 'number'],
  ['a number of one direction', 'dense 1', 'huberLoss', 'cosineProximity', 'number'],
  [
    'a sum of counts',
    '{ dense: { units: 1, activation: softplus }, name: a, from: input }\n' +
      '{ dense: { units: 1, activation: relu }, name: b, from: input }\n{ add: {}, from: [a, b] }',
    'poisson',
    'hinge',
    'number',
  ],
  [
    'a difference of counts',
    '{ dense: { units: 1, activation: softplus }, name: a, from: input }\n' +
      '{ dense: { units: 1, activation: relu }, name: b, from: input }\n{ subtract: {}, from: [a, b] }',
    'meanSquaredError',
    'poisson',
    'number',
  ],
])('%s', (_, layers, fits, misfits, target) => {
  expect(wrongWith(layers, fits, target)).toBe('');
  expect(wrongWith(layers, misfits, target)).toMatch(/^loss-misfit: .*`.+`/);
});

test('a softmax of one unit is refused with every loss, also below other layers', () => {
  expect(wrongWith('dense 8 relu\ndense 1 softmax', 'binaryCrossentropy', 'two')).toBe(
    'loss-misfit: `dense_2` always gives 1 (softmax), whatever its input is: nothing can be learned ' +
      'Use `sigmoid` with `loss: binaryCrossentropy`, or as many units as classes: `dense 2 softmax`.',
  );
  for (const loss of ['sigmoidCrossEntropy', 'meanSquaredError', 'hinge'])
    expect(wrongWith('dense 1\nsoftmax\nreshape 1', loss, 'two')).toMatch(/always gives 1/);
  expect(wrongWith('dense 1 softmax\ndropout 0.1', 'meanSquaredError', 'number')).toMatch(/always gives 1/);
});

test('the number of units comes before what they hold', () => {
  for (const loss of ['categoricalCrossentropy', 'binaryCrossentropy', 'softmaxCrossEntropy', 'meanSquaredError']) {
    for (const end of ['softmax', 'sigmoid', 'relu', 'logSoftmax'])
      expect(wrongWith(`dense 1 ${end}`, loss)).toMatch(
        /^loss-misfit: `dense_1` gives 1 value per sample, but the data has 3 classes End with `dense 3`( or `flatten`)?\.$/,
      );
  }
});

test.each([
  ['softmax of a softmax', 'dense 3 softmax\nsoftmax', 'softmax'],
  ['softmax of sigmoids', 'dense 3 sigmoid\ndropout 0.1\nsoftmax', 'softmax'],
  ['logSoftmax of a softmax', 'dense 3 softmax\nlogSoftmax', 'logSoftmax'],
])('%s hardly learns', (_, layers, by) => {
  for (const loss of ['categoricalCrossentropy', 'softmaxCrossEntropy', 'meanSquaredError', 'binaryCrossentropy']) {
    // e / (e + 2)
    expect(wrongWith(layers, loss)).toMatch(
      new RegExp(
        `^loss-misfit: \`.*\` is a ${by} of values from 0 to 1, which makes no class more probable than 0.576: ` +
          `${loss} hardly learns Remove the activation`,
      ),
    );
  }
});

test('a softmax of anything else learns, also where another is on the way', () => {
  expect(wrongWith('dense 3 softmax\ndense 3 softmax', cce)).toBe('');
  expect(wrongWith('dense 3 tanh\nsoftmax', cce)).toBe('');
  expect(wrongWith('dense 3 softmax\nrescaling 10\nsoftmax', cce)).toBe('');
});

const logit = '{ dense: { units: 1 }, name: g }\n';

test('what is laid over itself is a square, nothing, or itself', () => {
  const twice = (type: string, options = '{}') => `${logit}{ ${type}: ${options}, from: [g, g] }`;
  expect(wrongWith(twice('multiply'), 'sigmoidCrossEntropy', 'two')).toMatch(
    /takes logits, which lie below and above 0, but `multiply_1` gives values of 0 or more/,
  );
  expect(wrongWith(twice('dot', '{ axes: -1 }'), 'sigmoidCrossEntropy', 'two')).toMatch(
    /`dot_1` gives values of 0 or more/,
  );
  expect(wrongWith(twice('subtract'), 'sigmoidCrossEntropy', 'two')).toMatch(
    /`subtract_1` always gives 0, whatever its input is/,
  );
  expect(wrongWith(`${logit}{ multiply: {}, from: [g, g, g] }`, 'sigmoidCrossEntropy', 'two')).toBe('');
  expect(
    wrongWith(
      `${logit}{ dense: { units: 1 }, name: h, from: input }\n{ multiply: {}, from: [g, h] }`,
      'sigmoidCrossEntropy',
      'two',
    ),
  ).toBe('');
  for (const type of ['add', 'average', 'maximum', 'minimum'])
    expect(wrongWith(twice(type), 'sigmoidCrossEntropy', 'two')).toBe('');
});

test('what changes nothing, and means, leave probabilities what they are', () => {
  expect(wrongWith('dense 3 softmax\nrescaling 1', cce)).toBe('');
  expect(wrongWith('dense 3 softmax\nrescaling 2', cce)).toMatch(/^loss-misfit/);
  const [gate, experts] = [
    '{ dense: { units: 4, activation: softmax }, name: w, from: input }\n',
    '{ dense: { units: 12 }, from: input }\nreshape 4x3\n{ softmax: {}, name: p }\n',
  ];
  expect(wrongWith(`${gate}${experts}{ dot: { axes: 1 }, from: [w, p] }`, cce)).toBe('');
  expect(wrongWith(`${gate}${experts}{ dot: { axes: 1 }, from: [p, w] }`, cce)).toBe('');
  expect(wrongWith(`${gate}${experts}{ dot: { axes: 1 }, from: [w, p] }`, softmaxCE)).toMatch(
    /probabilities that add up to 1/,
  );
  expect(wrongWith(`${gate.replace('softmax', 'sigmoid')}${experts}{ dot: { axes: 1 }, from: [w, p] }`, cce)).toMatch(
    /but `dot_1` gives values of 0 to 4/,
  );
});

test('values are followed through blocks', () => {
  const blocks = '  blocks: { Head: { layers: [dense 3, softmax, dropout 0.1] } }\n';
  expect(wrongWith('dense 4\nHead', cce, 'three', blocks)).toBe('');
  expect(wrongWith('dense 4\nHead', softmaxCE, 'three', blocks)).toMatch(
    /^loss-misfit: softmaxCrossEntropy takes logits, .*probabilities that add up to 1 \(softmax\) Remove the softmax, or use `loss: categoricalCrossentropy`\.$/,
  );
});

test('two targets that one layer predicts are warned of, two layers not', () => {
  rig.write('two.csv', `a,y,z\n${'1,2,3\n2,3,5\n3,4,7\n4,9,2\n'.repeat(5)}`);
  const told = (layer: string) => {
    const text =
      'name: t\nseed: 1\ndata: { source: { csv: { file: two.csv, targets: { y: number, z: number } } } }\n' +
      `model: { layers: [{ dense: 2, name: x }${layer === 'y' ? '' : ', { dense: 1, name: z, from: x }'}, ` +
      '{ dense: 1, name: y, from: x }] }\ntrain: { optimizer: adam, outputs: { y: { loss: meanSquaredError }, ' +
      `z: { layer: ${layer}, loss: meanSquaredError } }, epochs: 1, batchSize: 4 }\n`;
    return checkSource({ name: join(rig.folder, 'two.yaml'), text }).diagnostics.map(({ code, severity, message }) => [
      code,
      severity,
      message,
    ]);
  };
  expect(told('y')).toEqual([
    ['same-layer', 'warning', '`y` predicts both `y` and `z`: what it gives is taken for the one and for the other.'],
  ]);
  expect(told('z')).toEqual([]);
});
