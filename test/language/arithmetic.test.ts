import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { evaluate, isFault, namesIn, parseArithmetic } from '../../src/language/expand/arithmetic.ts';
import { checkSource } from '../../src/plan/check-pipeline.ts';

const values: Readonly<Record<string, number>> = { n: 16, narrow: 3, zero: 0 };
const valueOf = (text: string) => {
  const parsed = parseArithmetic(text);
  if (isFault(parsed)) return `${parsed.problem} @${text.slice(parsed.start, parsed.end)}`;
  const result = evaluate(parsed, (name) => values[name]);
  return isFault(result) ? `${result.problem} @${text.slice(result.start, result.end)}` : result;
};

test.each([
  ['4*narrow', 12],
  ['2+3*4', 14],
  ['(2+3)*4', 20],
  ['20-4-3', 13],
  ['24/4/2', 3],
  ['24/(4/2)', 12],
  [' n / 2 + 1 ', 9],
  ['2-3+4', 3],
  ['zero*5', 0],
  ['((n))', 16],
  ['7/2', '7 / 2 is not whole @7/2'],
  ['(narrow/2)*2', '3 / 2 is not whole @(narrow/2)'],
  ['n/zero', '16 / 0 has no value @n/zero'],
  ['3-n', 'it is -13, and sizes are not negative @3-n'],
  ['65536*65536', '65536 * 65536 is more than 2147483647 @65536*65536'],
  ['9999999999', '`9999999999` is more than 2147483647 @9999999999'],
  ['1.5*n', '`1.5` is no whole number @1.5'],
  ['1e3', '`1e3` is no whole number @1e3'],
  ['x+1', '`x` is no whole number @x'],
  ['n n', '`n` does not belong here @n'],
  ['n**2', 'A number or a name is missing before `*` @*'],
  ['-n', 'A number or a name is missing before `-` @-'],
  ['(n', 'This parenthesis is never closed @('],
  ['n)', '`)` does not belong here @)'],
  ['', 'A number or a name is missing @'],
  ['n.constructor', '`.` does not belong here @.'],
  ['process.exit()', '`.` does not belong here @.'],
  [`${'('.repeat(150)}n${')'.repeat(150)}`, expect.stringContaining('at most 200 are read')],
])('%s', (text, expected) => {
  expect(valueOf(text)).toEqual(expected);
});

// JavaScript computes the same expressions; it is the judge here, and is never asked about a text that is not ours.
const expression = fc.letrec<{ sum: string }>((tie) => ({
  sum: fc.oneof(
    { maxDepth: 4 },
    fc.integer({ min: 0, max: 30 }).map(String),
    fc.constantFrom('n', 'narrow'),
    fc.tuple(tie('sum'), fc.constantFrom('+', '-', '*', '/'), tie('sum')).map((parts) => parts.join('')),
    tie('sum').map((inner) => `( ${inner} )`),
  ),
})).sum;

test('as JavaScript computes it, wherever it is whole at each step', () => {
  fc.assert(
    fc.property(expression, (text) => {
      const parsed = parseArithmetic(text);
      if (isFault(parsed)) return expect(text.length).toBeGreaterThan(200);
      expect(namesIn(parsed).map(({ name, start, end }) => [name, text.slice(start, end)])).toEqual(
        [...text.matchAll(/[a-z]+/g)].map(([name]) => [name, name]),
      );
      const result = evaluate(parsed, (name) => values[name]);
      const judged = runInNewContext(text, { ...values }) as number;
      if (!isFault(result)) expect(result).toBe(judged);
      else if (!/[*/]/.test(text)) expect(judged).toBeLessThan(0);
    }),
    { numRuns: 500 },
  );
});

test('whatever stands there, the answer is soon and no exception', () => {
  fc.assert(
    fc.property(
      fc.string({
        maxLength: 300,
        unit: fc.constantFrom('(', ')', '+', '-', '*', '/', '1', 'n', ' ', '$', '{', '.', 'é'),
      }),
      (text) => void valueOf(text),
    ),
  );
});

test('in a block: in a text, as a whole value, handed on to another block', () => {
  const text = `name: x
data: { source: mnist }
model:
  blocks:
    Inner: { parameters: { filters: }, layers: [conv 1x1x$filters] }
    Bottleneck:
      parameters: { narrow: 4, act: relu }
      layers:
        - conv 1x1x\${narrow} \${act}
        - conv 3x3x\${ 2 * narrow } same
        - { Inner: { filters: '\${4*(narrow-1)}' } }
        - { dense: { units: '\${narrow*narrow/2}' } }
  layers: [Bottleneck, { Bottleneck: { narrow: 8 } }, flatten, dense 10]
train: { optimizer: adam, loss: softmaxCrossEntropy, epochs: 1 }
`;
  const { checked, diagnostics } = checkSource({ name: 'x.yaml', text });
  expect(diagnostics).toEqual([]);
  expect(checked!.plan.layers.map(({ outputShape }) => outputShape.at(-1))).toEqual([
    4, 8, 12, 8, 8, 16, 28, 32, 25088, 10,
  ]);
  expect(checked!.plan.layers[0]!.options).toMatchObject({ activation: 'relu' });
  const wrong = checkSource({ name: 'x.yaml', text: text.replace('narrow: 8', 'narrow: 3') });
  expect(
    wrong.diagnostics.map(({ code, message, range }) => [code, message, text.slice(range!.start, range!.end)]),
  ).toEqual([
    [
      'arithmetic-without-value',
      '`${narrow*narrow/2}` has no value in this use of `Bottleneck`: 9 / 2 is not whole.',
      'narrow*narrow/2',
    ],
  ]);
});

test('a mistake in it, or quotes that it lacks, is the only mistake', () => {
  const found = (layer: string) => {
    const text =
      'name: x\ndata: { source: mnist }\nmodel:\n  blocks:\n    B:\n      parameters: { n: 4 }\n' +
      `      layers:\n        - ${layer}\n        - relu\n  layers: [flatten, B, dense 10]\n` +
      'train: { optimizer: adam, loss: softmaxCrossEntropy, epochs: 1 }\n';
    return checkSource({ name: 'x.yaml', text }).diagnostics.map(({ code }) => code);
  };
  for (const wrong of ['dense ${2.5*n}', 'dense ${-n}', 'dense ${2 n}', 'dense ${n'])
    expect(found(wrong), wrong).toEqual(['bad-arithmetic']);
  expect(found('dense: { units: ${2*n}, activation: relu }')).toEqual(['yaml-syntax']);
});
