import { expect, test } from 'vitest';
import { confusionMatrix } from '../../src/charts/confusion-matrix.ts';
import { perClassScores } from '../../src/charts/per-class-scores.ts';
import { classTables } from '../../src/charts/report-classes.ts';
import { figuresOf } from './figures-of.ts';
import { classesIn, inputOf } from './mnist-example.ts';

test('of a vocabulary only what is there is shown', async () => {
  const classes = ['[end]', '[unknown]', 'a', 'b', ...Array.from({ length: 200 }, (_, k) => `[unused ${k + 4}]`)];
  const input = inputOf({
    classes,
    labels: Uint8Array.of(2, 3, 0, 3, 2, 0),
    predicted: Uint8Array.of(2, 3, 0, 2, 2, 0),
    inputs: new Uint8Array(6),
    inputShape: [1],
    epochs: 2,
  });
  const result = { ...classesIn(input), shape: [3], tokens: 'characters' as const };
  const evaluation = { ...input.evaluation, outputs: [result] };
  const [figure] = await figuresOf(confusionMatrix, { ...input, evaluation });
  expect(figure!.caption).toContain('b is taken for a');
  expect(figure!.svg).toContain('[end]');
  expect(figure!.svg).not.toMatch(/\[un(used|known)/);
  const [scores] = await figuresOf(perClassScores, { ...input, evaluation });
  expect(scores!.svg).toContain('[end]');
  expect(scores!.svg).not.toMatch(/\[un(used|known)/);
  const table = classTables(evaluation);
  expect(table.match(/<tr/g)).toHaveLength(4);
  expect(table).not.toContain('most frequent');
});
