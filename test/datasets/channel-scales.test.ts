import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { UserError } from '../../src/base/diagnostics.ts';
import { isMisfit } from '../../src/base/row.ts';
import { asTaken, channelWays } from '../../src/datasets/as-taken.ts';
import { arraySource, firstRows } from '../../src/datasets/batch-source.ts';
import { fitChannels } from '../../src/datasets/pictures/channel-scales.ts';
import type { InputSpec, Samples } from '../../src/datasets/dataset.ts';
import { datasetRow, piecesOf } from '../../src/datasets/datasets.ts';
import { load } from '../../src/stages/load.ts';
import { loadPacked } from '../../src/stages/load-packed.ts';
import { loadEngine } from '../../src/engine/load-engine.ts';
import { takenInput } from '../../src/training/taken-input.ts';
import { readHeldOut } from '../../src/models/held-out.ts';
import { Rig } from '../rig.ts';
import { trainModels } from '../models/asked-models.ts';
import channels from './channels.json' with { type: 'json' };

const rig = new Rig();
afterAll(() => rig.remove());

const split = { validation: 0.25, stratified: true };
const parts = { train: '*_train', validation: '*_val', test: '*_test' };
const npz = { file: 'set.npz', inputs: ['x'], targets: { y: ['0', '1'] }, test: 0.2, images: true, parts };
const spec = (shape: readonly number[]) => ({
  inputs: [{ name: 'input', shape, dtype: 'uint8', scale: 1 / 255 } as const],
  targets: [],
});

test.each(channels)('channels are those of NumPy and Keras, fitted to the training part alone', async (judge) => {
  rig.write('set.npz', Buffer.from(judge.file, 'base64'));
  const { dataset } = await load({
    source: { type: 'npz', options: { ...npz, standardize: 'perChannel' } },
    split,
    seed: 1,
    folder: rig.folder,
  });
  const [input] = dataset.spec.inputs as [InputSpec];
  input.standardized!.forEach(({ mean, deviation }, channel) => {
    expect(mean).toBeCloseTo(judge.mean[channel]!, 12);
    expect(deviation).toBeCloseTo(judge.deviation[channel]!, 12);
    expect(mean).toBeCloseTo(judge.kerasMean[channel]!, 6);
    expect(deviation ** 2).toBeCloseTo(judge.kerasVariance[channel]!, 6);
  });
  // Bytes stay bytes, and the step makes of them what Keras' layer does.
  const { tf } = await loadEngine();
  for await (const { x } of dataset.test.batches({ rows: firstRows(3), size: 3 })) {
    expect(x[0]).toBeInstanceOf(Uint8Array);
    const taken = asTaken(x[0]!, input);
    taken.forEach((value, i) => expect(Math.abs(value - judge.kerasOfTest[i]!)).toBeLessThan(2e-5));
    const told = tf.tidy(() => takenInput(tf, input, tf.tensor(Float32Array.from(x[0]!), [3, ...input.shape])));
    expect(told.dataSync()).toEqual(taken);
    told.dispose();
  }
});

test('those of MNIST are the ones that everybody types: 0.1307 and 0.3081', async () => {
  const { name, spec: described, train } = await datasetRow('mnist').load({}, rig.folder, 1);
  const pictures = { name, spec: described, train: arraySource(train) };
  const [input] = await fitChannels(pictures, firstRows(train.count));
  const [scale] = input!.standardized!;
  expect([scale!.mean.toFixed(4), scale!.deviation.toFixed(4)]).toEqual(['0.1307', '0.3081']);
});

test('of any pictures: mean 0, deviation 1 of the rows asked for, in any order; 0 where all are alike', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 4 }),
      fc.integer({ min: 1, max: 6 }),
      fc.gen(),
      async (of, count, gen) => {
        const values = gen(fc.uint8Array, { minLength: 2 * count * 3 * of, maxLength: 2 * count * 3 * of });
        const samples: Samples = { inputs: [values], targets: [], count: 2 * count };
        const rows = firstRows(count).map((row) => 2 * row);
        const pictures = { name: 'idx', spec: spec([3, 1, of]), train: arraySource(samples) };
        const [input] = (await fitChannels(pictures, rows)) as [InputSpec];
        expect(await fitChannels(pictures, rows.toReversed())).toEqual([input]);
        const taken = asTaken(
          Uint8Array.from([...rows].flatMap((row) => [...values.subarray(row * 3 * of, (row + 1) * 3 * of)])),
          input,
        );
        for (let channel = 0; channel < of; channel++) {
          const own = taken.filter((_, i) => i % of === channel);
          const mean = own.reduce((sum, value) => sum + value, 0) / own.length;
          const variance = own.reduce((sum, value) => sum + (value - mean) ** 2, 0) / own.length;
          // A deviation of half a value beside a mean of 255 of them is the worst for float32.
          expect(Math.abs(mean)).toBeLessThan(1e-3);
          const isConstant = own.every((value) => value === own[0]);
          expect(Math.abs(variance - (isConstant ? 0 : 1))).toBeLessThan(1e-3);
        }
      },
    ),
    { numRuns: 40 },
  );
});

test('pictures that are read from the disk are standardized by the same numbers', async () => {
  await trainModels(rig, []);
  const options = { folder: 'kinds', test: 'kinds-tested', classes: [], onError: 'fail', standardize: 'perChannel' };
  const source = { type: 'images', options };
  const held = await load({ source, split, seed: 5, folder: rig.folder });
  const pieces = piecesOf('images')!.open(options, rig.folder, 5, split);
  const { dataset } = await loadPacked(pieces, 1e6, undefined, join(rig.folder, 'packed'));
  expect(await fitChannels(dataset, held.split.train)).toEqual(held.dataset.spec.inputs);
  // Files of others are prepared by what the model was trained on: nothing is fitted to them.
  const { inputs, targets } = held.dataset.spec;
  const { samples } = await readHeldOut(
    source,
    join(rig.folder, 'kinds-tested'),
    { inputs, targets },
    AbortSignal.timeout(1e4),
  );
  expect(samples.inputs[0]).toBeInstanceOf(Uint8Array);
  // A model that does not say by what is damaged.
  const plain = inputs.map(({ name, shape, dtype, scale }) => ({ name, shape, dtype, scale }));
  const damaged = () => datasetRow('images').rows({ options, inputs: plain, targets });
  expect(damaged).toThrow(UserError);
  expect(damaged).toThrow('does not say by what the channels');
});

test('an input that is learnt itself stays from 0 to 1, whatever the model is given', async () => {
  rig.writeDigits(60, 20);
  const file = (name: string) => `data/${name}`;
  const options = {
    trainImages: file('train-images'),
    trainLabels: file('train-labels'),
    testImages: file('t10k-images'),
    testLabels: file('t10k-labels'),
    classes: [...'0123456789'],
    targets: 'input',
    standardize: 'perChannel',
  };
  const { dataset } = await load({ source: { type: 'idx', options }, split, seed: 1, folder: rig.folder });
  expect(dataset.spec.targets[0]).toMatchObject({ reconstructs: 'shares' });
  expect(channelWays(dataset.spec.inputs[0]!)!.offsets[0]).toBeLessThan(0);
  for await (const { y } of dataset.train.batches({ rows: firstRows(2), size: 2 }))
    expect([Math.min(...y[0]!), Math.max(...y[0]!)]).toEqual([0, 1]);
});

test('what is no picture is refused where it says so', () => {
  rig.write('set.npz', Buffer.from(channels[1]!.file, 'base64'));
  const described = datasetRow('npz').describe({ ...npz, images: false, standardize: 'perChannel' }, rig.folder, {
    split,
    seed: 1,
  });
  if (!isMisfit(described)) throw new Error('it is described');
  expect(described).toMatchObject({ code: 'unusable-array', path: ['source', 'npz', 'standardize'] });
  expect(described.hint).toContain('`images: true`');
});
