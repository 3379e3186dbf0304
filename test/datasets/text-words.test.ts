import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { fewClasses } from '../../src/base/class-indices.ts';
import { countsOf } from '../../src/base/class-scores.ts';
import { shareOf } from '../../src/base/numbers.ts';
import type { Dataset } from '../../src/datasets/dataset.ts';
import { text } from '../../src/datasets/texts/text-windows.ts';
import { measure } from '../../src/training/metrics.ts';
import { Rig } from '../rig.ts';

const rig = new Rig();
afterAll(() => rig.remove());

/** Options for a text that is written into a file. */
const optionsOf = (content: string, more: object = {}) => {
  rig.write('text.txt', content);
  return { file: 'text.txt', steps: 3, test: 0.3, words: {}, ...more };
};

const quarter = { validation: 0.25, stratified: false };

/** As a person would say it, and no program here does. */
const wordsOf = (content: string) =>
  content
    .toLowerCase()
    .normalize('NFC')
    .match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];

const vocabularyIn = ({ preparation }: Dataset) => (preparation!['words'] as { vocabulary: string[] }).vocabulary;

test('sequences are the words, each target the one after; the vocabulary is of those trained on', async () => {
  const word = fc.constantFrom('The', 'the', 'Cafe\u0301', 'café', '7', 'नमस्ते', 'fox', 'dog', "don't", '狐');
  const blank = fc.constantFrom(' ', ', ', '\n', '—', '. ');
  const content = fc
    .array(fc.tuple(word, blank), { minLength: 24, maxLength: 80 })
    .map((parts) => parts.map(([one, between]) => one + between).join(''));
  await fc.assert(
    fc.asyncProperty(content, fc.integer({ min: 4, max: 12 }), async (written, vocabulary) => {
      const options = optionsOf(written, { words: { vocabulary } });
      const words = wordsOf(written);
      const dataset = await text.load(options, rig.folder, 5, undefined, quarter);
      expect(text.describe(options, rig.folder, { split: quarter, seed: 5 })).toEqual(dataset.spec);
      const known = vocabularyIn(dataset);
      const first = words.length - shareOf(0.3, words.length);
      const numberOf = (one: string | undefined) => (known.includes(one!) ? known.indexOf(one!) + 2 : 1);
      for (const [{ inputs, targets, count }, part] of [
        [dataset.train, words.slice(0, first)],
        [dataset.test, words.slice(first)],
      ] as const) {
        expect([...inputs[0]!]).toEqual(part.slice(0, 3 * count).map(numberOf));
        expect([...targets[0]!]).toEqual(part.slice(1, 3 * count + 1).map(numberOf));
        expect(part.length - 1 - 3 * count).toBeLessThan(3);
      }
      const counts = new Map<string, number>();
      for (const row of dataset.split!.train)
        for (const one of words.slice(3 * row, 3 * row + 3)) counts.set(one, (counts.get(one) ?? 0) + 1);
      expect(known).toHaveLength(Math.min(counts.size, vocabulary - 2));
      const least = Math.min(...known.map((one) => counts.get(one)!));
      for (const [one, count] of counts) if (!known.includes(one)) expect(count).toBeLessThanOrEqual(least);
    }),
    { numRuns: 25 },
  );
});

test('what is known before reading does not depend on the text: a class for each number, by its name', () => {
  const spec = text.describe(optionsOf('a b '.repeat(20), { words: { vocabulary: 6 } }), rig.folder);
  expect(spec).toMatchObject({
    inputs: [{ name: 'input', shape: [3], dtype: 'float32', indices: 6, padded: true }],
    targets: [
      { shape: [3], tokens: 'words', classes: ['[padding]', '[unknown]', 'a', 'b', '[unused 4]', '[unused 5]'] },
    ],
  });
});

test('capital letters may count, and more than 256 classes are numbers of four bytes', async () => {
  const content = Array.from({ length: 900 }, (_, i) => `W${i % 300}`).join(' ');
  const options = optionsOf(content, { words: { vocabulary: 400, lowerCase: false } });
  const dataset = await text.load(options, rig.folder, 1);
  expect(vocabularyIn(dataset)).toContain('W299');
  expect(dataset.train.targets[0]).toBeInstanceOf(Int32Array);
  expect(Math.max(...(dataset.train.targets[0] as Int32Array))).toBe(301);
});

test.each([
  ['nothing', '', 'text.txt is too short: 0 words make 0 sequences of 3 to train on and 0 for the test'],
  ['signs alone', '!? '.repeat(99), 'text.txt is too short: 0 words make'],
  ['a word alone', 'again '.repeat(99), 'text.txt has the same word again and again in what is trained on'],
  ['a word that is none', `${'x'.repeat(101)} `.repeat(99), 'text.txt has no word in what is trained on'],
])('%s is refused', async (_, content, problem) => {
  const options = optionsOf(content);
  expect(text.describe(options, rig.folder)).toMatchObject({
    problem: expect.stringContaining(problem),
    hint: expect.any(String),
  });
  await expect(text.load(options, rig.folder, 1)).rejects.toThrow(problem);
});

test('metrics of many classes, whose pairs are not counted, are those of the confusion matrix', () => {
  const classes = Array.from({ length: 5 }, (_, k) => `c${k}`);
  const metrics = ['accuracy', 'balancedAccuracy', 'precision', 'recall', 'f1', 'meanIoU', 'cohenKappa'];
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(4), fc.nat(4)), { minLength: 1 }),
      fc.constantFrom(...metrics),
      (pairs, type) => {
        const confusion = classes.map(() => classes.map(() => 0));
        for (const [actual, predicted] of pairs) confusion[actual]![predicted]!++;
        const values = { labels: new Uint8Array(), probabilities: new Float32Array(), ranks: new Float32Array() };
        const of = (counted: Parameters<typeof countsOf>[0]) =>
          measure({ type, options: {} }, { kind: 'class', classes, confusion: counted, ...values })[type]!;
        const [whole, sums] = [of(confusion), of(countsOf(confusion))];
        if (Number.isNaN(whole)) expect(sums).toBeNaN();
        else expect(sums).toBeCloseTo(whole, 12);
      },
    ),
    { numRuns: 60 },
  );
  expect(fewClasses).toBe(256);
});
