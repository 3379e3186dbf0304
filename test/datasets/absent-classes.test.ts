import fc from 'fast-check';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { afterAll, expect, test } from 'vitest';
import { checkSource } from '../../src/plan/check-pipeline.ts';
import { load } from '../../src/stages/load.ts';
import { Rig } from '../rig.ts';
import { png } from './png.ts';

const rigs: Rig[] = [];
afterAll(() => rigs.forEach((rig) => rig.remove()));

function newRig(): Rig {
  rigs.push(new Rig());
  return rigs.at(-1)!;
}

const grey = (rows: readonly (readonly number[])[]) => png({ width: rows[0]!.length, depth: 8, color: 0, rows });

/** Writes the data; gives the source as YAML. */
type Write = (rig: Rig, labels: readonly number[], tested?: readonly number[]) => string;

const idx: Write = (rig, labels, tested = []) => {
  for (const [part, some] of [
    ['train', labels],
    ['test', tested],
  ] as const) {
    rig.write(
      `${part}-images`,
      new Uint8Array([0, 0, 8, 3, 0, 0, 0, some.length, 0, 0, 0, 1, 0, 0, 0, 1, ...some.keys()]),
    );
    rig.write(`${part}-labels`, new Uint8Array([0, 0, 8, 1, 0, 0, 0, some.length, ...some]));
  }
  return (
    'idx: { trainImages: train-images, trainLabels: train-labels, testImages: test-images, ' +
    'testLabels: test-labels, classes: [a, b, c] }'
  );
};

const images: Write = (rig, labels) => {
  // Each folder has one at least.
  for (const [k, label] of [0, 1, 2, ...labels].entries())
    rig.write(`all/${'abc'[label]!}/${k}.png`, grey([[k % 256, label]]));
  return 'images: { folder: all, test: 0.25 }';
};

const imagesInTwoFolders: Write = (rig, labels, tested = []) => {
  for (const [folder, some] of [
    ['all', labels],
    ['held', tested],
  ] as const)
    for (const [k, label] of [0, 1, 2, ...some].entries())
      rig.write(`${folder}/${'abc'[label]!}/${k}.png`, grey([[k % 256, label, folder.length]]));
  return 'images: { folder: all, test: held }';
};

const masks: Write = (rig, labels) => {
  for (const [k, label] of [...labels, 0].entries()) {
    rig.write(`images/${k}.png`, grey([[k % 256, label]]));
    rig.write(`masks/${k}.png`, grey([[0, label]]));
  }
  return 'masks: { images: images, masks: masks, classes: { a: 0, b: 1, c: 2 }, test: 0.3 }';
};

const sources = { idx, images, imagesInTwoFolders, masks };
const ordered: ReadonlySet<string> = new Set(['idx', 'masks']);

/** What `validate` and what the run tell of absent classes, of data with the split. */
async function told(
  rig: Rig,
  source: string,
  split: string,
): Promise<{
  readonly validate: readonly string[];
  readonly run: readonly string[];
  readonly places: readonly string[];
}> {
  const text =
    `name: t\nseed: 3\ndata: { source: { ${source} }, split: { ${split} } }\n` +
    `model: { layers: ${source.startsWith('masks') ? '[conv 1x1x3]' : '[flatten, dense 3]'} }\n` +
    'train: { optimizer: adam, loss: softmaxCrossEntropy, batchSize: 4, epochs: 1 }\n';
  const { checked, diagnostics } = checkSource({ name: join(rig.folder, 'p.yaml'), text });
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  const { data, seed } = checked!.pipeline;
  const { warnings } = await load({ ...data, seed, folder: rig.folder });
  const absent = diagnostics.filter(({ code }) => code === 'class-without-samples');
  return {
    validate: absent.map(({ message }) => message),
    run: warnings.filter(({ code }) => code === 'class-without-samples').map(({ problem }) => `${problem}.`),
    places: absent.map(({ range }) => text.slice(range!.start, range!.end)),
  };
}

test.each(Object.entries(sources))(
  'of %s, validate tells of absent classes what the run finds',
  async (name, write) => {
    const labels = (minLength: number) =>
      fc.oneof(
        fc.array(fc.integer({ min: 0, max: 2 }), { minLength, maxLength: 30 }),
        fc.array(
          fc.nat(200).map((k) => Number(k === 0)),
          { minLength, maxLength: 40 },
        ),
      );
    const order = ordered.has(name) ? fc.constantFrom('', ', order: time') : fc.constant('');
    let warned = 0;
    await fc.assert(
      fc.asyncProperty(
        labels(9),
        labels(3),
        fc.integer({ min: 0, max: 5 }),
        fc.boolean(),
        order,
        async (train, test, validation, stratified, time) => {
          const rig = newRig();
          const { validate, run } = await told(
            rig,
            write(rig, train, test),
            `validation: ${validation}, stratified: ${String(stratified)}${time}`,
          );
          expect(validate).toEqual(run);
          warned += Number(run.length > 0);
          rig.remove();
        },
      ),
      { numRuns: 40 },
    );
    expect(warned).toBeGreaterThan(3);
  },
);

const zeros = Array.from({ length: 8 }, () => 0);

test('a class that no sample trained on has is told at the option that says so', async () => {
  const rig = newRig();
  expect(await told(rig, idx(rig, [...zeros, 1, 1, 1], [0, 1, 2]), 'validation: 0')).toMatchObject({
    validate: ['none of the 11 training samples is of the class `c` of `label`.'],
    places: ['train-labels'],
  });
  expect(await told(rig, idx(rig, [...zeros, 1, 2], [0, 1]), 'validation: 0')).toMatchObject({
    validate: ['none of the 2 test samples is of the class `c` of `label`.'],
    places: ['test-labels'],
  });
  expect(await told(rig, images(rig, [0, 0, 0, 0, 1, 1, 1]), 'validation: 0')).toMatchObject({
    validate: ['none of the 2 test samples is of the class `c` of `label`.'],
    places: ['0.25'],
  });
  expect(await told(rig, images(rig, [0, 0, 0, 0, 1, 1, 1]), 'validation: 2')).toMatchObject({
    places: ['all', '0.25'],
  });
  expect((await told(rig, masks(rig, [1, 1, 1, 1, 1, 1, 1, 1]), 'validation: 0')).validate).toEqual([
    'none of the 7 training samples has the class `c` of `mask`.',
    'none of the 2 test samples has the class `c` of `mask`.',
  ]);
});

test('before the run, labels are proven, and files of images by their length', () => {
  const rig = newRig();
  const problem = (change: () => void) => {
    const source = idx(rig, [0, 1, 2, 0], [0, 1, 2]);
    change();
    const text =
      `name: t\ndata: { source: { ${source} } }\nmodel: { layers: [flatten, dense 3] }\n` +
      'train: { optimizer: adam, loss: softmaxCrossEntropy, batchSize: 4, epochs: 1 }\n';
    return checkSource({ name: join(rig.folder, 'p.yaml'), text })
      .diagnostics.filter(({ severity }) => severity === 'error')
      .map(
        ({ message, range }) => `${text.slice(range!.start, range!.end)}: ${message.replaceAll(`${rig.folder}/`, '')}`,
      );
  };
  const labels = (...values: readonly number[]) => new Uint8Array([0, 0, 8, 1, 0, 0, 0, values.length, ...values]);
  expect(problem(() => {})).toEqual([]);
  expect(problem(() => rig.write('train-labels', labels(0, 1, 2, 3)))).toEqual([
    'train-labels: train-labels has the label 3, but only 3 classes are named',
  ]);
  expect(problem(() => rig.write('test-labels', labels(0, 1)))).toEqual([
    'test-labels: test-images holds 3 images, but test-labels 2 labels',
  ]);
  expect(problem(() => rig.write('test-labels', rig.read('train-images')))).toEqual([
    expect.stringMatching(/^test-labels: test-labels has 3 dimensions instead of 1/),
  ]);
  expect(
    problem(() => rig.write('train-images', new Uint8Array([0, 0, 8, 3, 0, 0, 0, 4, 0, 0, 0, 1, 0, 0, 0, 1, 5, 5]))),
  ).toEqual(['train-images: train-images is cut short: its header promises 20 bytes, it has 18']);
  expect(
    problem(() =>
      rig.write('test-images', new Uint8Array([0, 0, 8, 3, 0, 0, 0, 3, 0, 0, 0, 1, 0, 0, 0, 2, 1, 2, 3, 4, 5, 6])),
    ),
  ).toEqual(['test-images: the training images are 1 x 1 x 1, the test images 1 x 2 x 1']);
});

test('pairs that the labels do not give are told before the run', () => {
  const rig = newRig();
  const text = (labels: readonly number[]) =>
    `name: t\ndata: { source: { pairs: { of: { ${idx(rig, labels, [0, 0, 1, 1])} }, train: 4, test: 4 } } }\n` +
    'model: { layers: [{ flatten: {}, name: l, from: left }, ' +
    '{ flatten: {}, name: r, from: right }, { concatenate: {}, from: [l, r] }, dense 2] }\n' +
    'train: { optimizer: adam, loss: softmaxCrossEntropy, batchSize: 4, epochs: 1 }\n';
  const problems = (labels: readonly number[]) =>
    checkSource({ name: join(rig.folder, 'p.yaml'), text: text(labels) }).diagnostics.map(({ message }) => message);
  expect(problems([0, 0, 1, 1])).toEqual([]);
  expect(problems([0, 0, 1])).toEqual(['the images give no pairs: only one is of the class b']);
  expect(problems([2, 2, 2])).toEqual(['the images give no pairs: all are of the class c']);
});

test('of masks that take long to read, the first are: values are proven, and the run tells the rest', async () => {
  const rig = newRig();
  const side = 2300;
  const flat = (value: number) =>
    png({
      width: side,
      height: side,
      depth: 8,
      color: 0,
      rows: [],
      packed: deflateSync(
        Buffer.alloc((side + 1) * side, value).map((one, at) => (at % (side + 1) === 0 ? 0 : one)),
        { level: 1 },
      ),
    });
  for (let k = 0; k < 5; k++) {
    rig.write(`images/${k}.png`, flat(k));
    rig.write(`masks/${k}.png`, flat(k === 4 ? 7 : 0));
  }
  const source = 'masks: { images: images, masks: masks, classes: { a: 0, b: 1 }, test: 0.2 }';
  const text =
    `name: t\ndata: { source: { ${source} } }\nmodel: { layers: [conv 1x1x2] }\n` +
    'train: { optimizer: adam, loss: softmaxCrossEntropy, batchSize: 1, epochs: 1 }\n';
  const codes = () =>
    checkSource({ name: join(rig.folder, 'p.yaml'), text }).diagnostics.map(
      ({ code, message }) => `${code}: ${message.replaceAll(`${rig.folder}/`, '')}`,
    );
  expect(codes().filter((line) => /^(mask-|class-without)/.test(line))).toEqual([]);
  rig.write('masks/0.png', flat(7));
  expect(codes()).toEqual([
    expect.stringMatching(/^mask-value-without-class: masks\/0\.png has the value 7, which is no class$/),
  ]);
});
