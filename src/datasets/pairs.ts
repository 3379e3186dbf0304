import { Type } from 'typebox';
import { type Chosen, choice, chosenFrom, isMisfit } from '../base/row.ts';
import { randomIntegers, seedFor } from '../base/seeds.ts';
import { type DatasetRow, type DatasetSpec, type Samples, defineDataset } from './dataset.ts';
import { generatedFile } from './generated.ts';
import { idx } from './idx.ts';
import { mnist } from './mnist.ts';

const sources = { mnist, idx } as const satisfies Record<string, DatasetRow>;

const count = (description: string, amount: number) => Type.Integer({ description, default: amount, minimum: 2, maximum: 1_000_000 });

/** Pairs of images out of a set with classes. */
export const pairs = defineDataset({
  doc: 'Pairs of images out of a set with classes, half of them of one class each: inputs `left` and `right`, target `pair`. For siamese nets.',
  example: 'source: { pairs: { of: mnist, train: 20000 } }',
  options: Type.Object({
    of: choice('data set', sources, { description: 'The images.', examples: ['mnist'] }),
    train: count('Training pairs.', 20_000),
    test: count('Test pairs.', 2_000),
  }),
  describe: ({ of, ...counts }, folder) => {
    const { type, options } = chosenFrom(sources, of);
    const single = rowOf({ type, options }).describe(options, folder);
    return isMisfit(single) ? single : specOf(single, counts);
  },
  files: ({ of }, folder) => {
    const chosen = chosenFrom(sources, of);
    return rowOf(chosen).files(chosen.options, folder);
  },
  load: async ({ of, ...counts }, folder, seed) => {
    const chosen = chosenFrom(sources, of);
    const single = await rowOf(chosen).load(chosen.options, folder, seed);
    const [train, test] = [match(single.train, counts.train, seedFor(seed, 'data', 'pairs', 'train')), match(single.test, counts.test, seedFor(seed, 'data', 'pairs', 'test'))];
    return { name: 'pairs', spec: specOf(single.spec, counts), train, test, files: [...single.files, generatedFile('pairs', [train, test])] };
  },
});

function rowOf({ type }: Chosen): DatasetRow {
  return sources[type as keyof typeof sources];
}

function specOf({ inputs: [image] }: DatasetSpec, amount: { readonly train: number; readonly test: number }): DatasetSpec {
  return {
    inputs: ['left', 'right'].map((name) => ({ ...image!, name })),
    targets: [{ kind: 'class', name: 'pair', classes: ['different', 'same'], shape: [] }],
    count: { train: amount.train, test: amount.test },
  };
}

/** Every second pair is of one class; all are, where the images have one class alone. */
function match({ inputs: [images], targets: [labels], count: total }: Samples, amount: number, seed: number): Samples {
  const random = randomIntegers(seed);
  const size = images!.length / total;
  const ofClass = new Map<number, number[]>();
  labels!.forEach((label, row) => {
    const rows = ofClass.get(label);
    if (rows === undefined) ofClass.set(label, [row]);
    else rows.push(row);
  });
  const [left, right, same] = [new Uint8Array(amount * size), new Uint8Array(amount * size), new Uint8Array(amount)];
  for (let pair = 0; pair < amount; pair++) {
    const first = random(total);
    const alike = pair % 2 === 1 || ofClass.size === 1;
    let second = random(total);
    if (alike) {
      const rows = ofClass.get(labels![first]!)!;
      second = rows[random(rows.length)]!;
    } else while (labels![second] === labels![first]) second = random(total);
    left.set(images!.subarray(first * size, (first + 1) * size), pair * size);
    right.set(images!.subarray(second * size, (second + 1) * size), pair * size);
    same[pair] = Number(alike);
  }
  return { inputs: [left, right], targets: [same], count: amount };
}
