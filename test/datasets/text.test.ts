import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { shareOf } from '../../src/base/numbers.ts';
import { isMisfit } from '../../src/base/row.ts';
import { text } from '../../src/datasets/texts/text-windows.ts';
import { quietSecondsOf } from '../processor-time.ts';
import { Rig } from '../rig.ts';

const rig = new Rig();
afterAll(() => rig.remove());

/** Options for a text that is written into a file. */
const optionsOf = (content: string | Uint8Array, steps = 4, share = 0.3) => {
  rig.write('text.txt', content);
  return { file: 'text.txt', steps, test: share };
};

test('sequences are the text, each target the character after; the test is its tail', async () => {
  const options = fc.tuple(
    fc.string({ unit: 'binary', minLength: 30, maxLength: 200 }),
    fc.integer({ min: 2, max: 6 }),
    fc.double({ min: 0.25, max: 0.6, noNaN: true }),
  );
  await fc.assert(
    fc.asyncProperty(options, async ([content, steps, share]) => {
      // A mark at the very beginning is no part of a text.
      const characters = Array.from(content.replace(/^\ufeff/, ''));
      fc.pre(new Set(characters).size > 1);
      const dataset = await text.load(optionsOf(content, steps, share), rig.folder, 1);
      const alphabet = dataset.preparation!['characters'] as string[];
      const words = (values: Iterable<number> | undefined) => Array.from(values!, (index) => alphabet[index]);
      const first = characters.length - shareOf(share, characters.length);
      for (const [{ inputs, targets, count }, part] of [
        [dataset.train, characters.slice(0, first)],
        [dataset.test, characters.slice(first)],
      ] as const) {
        expect(words(inputs[0])).toEqual(part.slice(0, count * steps));
        expect(words(targets[0])).toEqual(part.slice(1, count * steps + 1));
        expect(part.length - 1 - count * steps).toBeLessThan(steps);
      }
      const [target] = dataset.spec.targets;
      if (target?.kind !== 'class') throw new Error('no classes');
      expect(new Set(target.classes).size).toBe(new Set(characters).size);
    }),
    { numRuns: 30 },
  );
});

test('what cannot be seen has a name', () => {
  const spec = text.describe(optionsOf('a b\n\té\u0301\u00a0😀'.repeat(5)), rig.folder);
  expect(isMisfit(spec) ? spec : spec.targets[0]).toMatchObject({
    classes: ['tab', 'newline', 'space', 'a', 'b', 'U+00A0', 'é', 'U+0301', '😀'],
  });
});

const many = String.fromCodePoint(...Array.from({ length: 257 }, (_, i) => 0x4e00 + i));
test.each<[string, string | Uint8Array, string]>([
  ['nothing', '', 'text.txt is too short: 0 characters make 0 sequences of 4 to train on and 0 for the test'],
  [
    'a text without a test',
    'abcdefghij',
    'text.txt is too short: 10 characters make 1 sequences of 4 to train on and 0 for the test',
  ],
  ['257 characters', many, 'text.txt has 257 different characters; 2 to 256 can be learnt'],
  ['one character', 'a'.repeat(50), 'text.txt has 1 different characters; 2 to 256 can be learnt'],
  ['another encoding', Uint8Array.from([97, 98, 0xe9, 99]), 'text.txt is not a text in UTF-8'],
])('%s is refused', async (_, content, problem) => {
  const options = optionsOf(content);
  expect(text.describe(options, rig.folder)).toMatchObject({
    problem: expect.stringContaining(problem),
    hint: expect.any(String),
  });
  await expect(text.load(options, rig.folder, 1)).rejects.toThrow(problem);
});

test('256 characters are fine', () => {
  expect(isMisfit(text.describe(optionsOf(many.slice(1)), rig.folder))).toBe(false);
});

test('ten million characters are looked through in a moment', async () => {
  const options = optionsOf('The quick brown fox jumps over the lazy dog.\n'.repeat(222_223));
  const seconds = await quietSecondsOf(() =>
    expect(text.describe(options, rig.folder)).toMatchObject({ inputs: [{ shape: [4] }] }),
  );
  expect(seconds).toBeLessThan(0.5);
});
