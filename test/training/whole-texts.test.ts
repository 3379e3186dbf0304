import { readFileSync } from 'node:fs';
import type { Tensor } from '@tensorflow/tfjs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { roomForIndices } from '../../src/base/class-indices.ts';
import { type WholeText, countsAt, numbersOfText, textOf, wholeText } from '../../src/datasets/texts/whole-texts.ts';
import { loadEngine } from '../../src/engine/load-engine.ts';
import { outcomeOfOutput } from '../../src/stages/evaluate.ts';
import { lossRow } from '../../src/training/losses.ts';
import { measure } from '../../src/training/metrics.ts';
import { absentOf, predictions, rowsThere, sampleLosses, scoreOf } from '../../src/training/output.ts';

interface Judged {
  readonly length: number;
  readonly vocabulary: number;
  readonly labels: readonly number[];
  readonly logits: readonly number[];
  readonly counted: readonly number[];
  readonly loss: number;
  readonly keras_accuracy: number;
  readonly said: Readonly<Record<string, number>>;
}

const engine = await loadEngine();
const { tf } = engine;
const judged = JSON.parse(readFileSync(new URL('whole-texts.json', import.meta.url), 'utf8')) as readonly Judged[];

const targetOf = (length: number, vocabulary: number): WholeText =>
  wholeText('answer', 'characters', { length, vocabulary, lowerCase: true });
const outputOf = (length: number, vocabulary: number) => ({
  target: targetOf(length, vocabulary),
  loss: { row: lossRow('softmaxCrossEntropy'), options: { labelSmoothing: 0 } },
  weight: 1,
});

interface Texts {
  readonly length: number;
  readonly vocabulary: number;
  readonly labels: readonly number[];
  readonly logits: readonly number[];
}

/** What a step makes of a batch: the sums that loss and accuracy are of, and how many places do not count. */
function stepOf({ length, vocabulary, labels, logits }: Texts) {
  return tf.tidy(() => {
    const rows = labels.length / length;
    const output = outputOf(length, vocabulary);
    const y = tf.tensor2d([...labels], [rows, length], 'int32');
    const values = tf.tensor3d([...logits], [rows, length, vocabulary]);
    const there = (of: Tensor) => rowsThere(tf, { values: of, mask: null }, output.target, y)!;
    const lossOf = (of: Tensor) => tf.sum(sampleLosses(engine, output, of, y, true, there(of)));
    const gradients = tf.grad(lossOf)(values);
    return {
      there: [...there(values).dataSync()],
      loss: lossOf(values).dataSync()[0]!,
      right: scoreOf(tf, output, values, y, there(values)).dataSync()[0]!,
      absent: absentOf(tf, values, output, there(values)).dataSync()[0]!,
      gradients: [...gradients.dataSync()],
    };
  });
}

test.each(judged)('$length places of $vocabulary tokens are what Keras and scikit-learn make of them', (one) => {
  const { length, vocabulary, counted } = one;
  const step = stepOf(one);
  const count = counted.filter((place) => place === 1).length;
  expect(step.there).toEqual(counted);
  expect(one.labels.map((_, place) => Number(countsAt(one.labels, place, length)))).toEqual(counted);
  expect(step.absent).toBe(counted.length - count);
  expect(step.loss / count).toBeCloseTo(one.loss, 5);
  expect(step.right / count).toBeCloseTo(one.keras_accuracy, 6);
  const output = outputOf(length, vocabulary);
  const [predicted, probabilities] = tf.tidy(() => {
    const values = tf.tensor3d([...one.logits], [one.labels.length / length, length, vocabulary]);
    const said = predictions(tf, output, values, ['probabilities']);
    return [said['predicted']!.dataSync(), said['probabilities']!.dataSync()];
  });
  const indices = (of: ArrayLike<number>) => {
    const room = roomForIndices(vocabulary, of.length);
    room.set(of);
    return room;
  };
  const outcome = outcomeOfOutput({
    target: output.target,
    loss: 0,
    score: 0,
    actual: indices(one.labels),
    predicted: indices(predicted!),
    there: Uint8Array.from(counted),
    confidence: new Float32Array(one.labels.length),
    probabilities: Float32Array.from(probabilities!),
    ranks: new Float32Array(),
  });
  for (const [label, value] of Object.entries(one.said)) {
    const [type, mean] = label.split('_') as [string, string?];
    expect(measure({ type, options: mean === undefined ? {} : { mean } }, outcome)[label], label).toBeCloseTo(value, 5);
  }
});

test('more padding changes neither loss nor accuracy, and nothing is learnt from it', () => {
  const vocabulary = 5;
  const text = fc.array(fc.integer({ min: 1, max: vocabulary - 1 }), { maxLength: 4 });
  const value = fc.integer({ min: -30, max: 30 }).map((number) => number / 8);
  fc.assert(
    fc.property(
      fc.array(text, { minLength: 1, maxLength: 4 }),
      fc.integer({ min: 1, max: 6 }),
      fc.array(value, { minLength: 4 * 11 * vocabulary, maxLength: 4 * 11 * vocabulary }),
      (texts, more, values) => {
        const filled = (length: number) => ({
          length,
          vocabulary,
          labels: texts.flatMap((one) => Array.from({ length }, (_, k) => one[k] ?? 0)),
          // The same at each place, however many there are.
          logits: texts.flatMap((_, row) => values.slice(row * 11 * vocabulary, (row * 11 + length) * vocabulary)),
        });
        const [short, long] = [filled(5), filled(5 + more)].map(stepOf) as [
          ReturnType<typeof stepOf>,
          ReturnType<typeof stepOf>,
        ];
        expect(long.loss).toBeCloseTo(short.loss, 4);
        expect(long.right).toBe(short.right);
        expect(long.absent - short.absent).toBe(texts.length * more);
        long.gradients.forEach((gradient, k) => {
          if (long.there[Math.floor(k / vocabulary)] === 0) expect(Math.abs(gradient)).toBe(0);
        });
      },
    ),
    { numRuns: 10 },
  );
});

test('a text is its numbers and back, as far as vocabulary and length go', () => {
  const letters = ['a', 'b', 'é', '狐', '😀', ' '];
  const target = wholeText('answer', 'characters', { length: 6, vocabulary: 10, lowerCase: true }, letters);
  expect(target.classes.slice(0, 3)).toEqual(['[end]', '[unknown]', 'a']);
  expect(target.classes).toHaveLength(10);
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...letters, 'x'), { maxLength: 9 }), (written) => {
      const read = written.slice(0, 6).map((letter) => (letter === 'x' ? '[unknown]' : letter));
      expect(textOf(target, numbersOfText(target, written.join('')))).toBe(read.join(''));
    }),
    { numRuns: 40 },
  );
  const words = wholeText('answer', 'words', { length: 4, vocabulary: 300, lowerCase: true }, ['the', 'fox']);
  expect(textOf(words, numbersOfText(words, 'The fox, the DOG!'))).toBe('the fox the [unknown]');
  expect(textOf(words, [2, 3, 0, 3])).toBe('the fox');
  expect(textOf(words, [2, 3, 3, 3], [1, 1, 0, 1])).toBe('the fox');
});
