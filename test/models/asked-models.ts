import { join } from 'node:path';
import { type BatchSource, firstRows } from '../../src/datasets/batch-source.ts';
import type { Dataset } from '../../src/datasets/dataset.ts';
import { png } from '../datasets/png.ts';
import { type Rig, digitsPipeline } from '../rig.ts';
import { runHere } from '../training/run-file.ts';

/** A grey PNG file, or one in colours, of bytes. */
export function picture(values: Uint8Array, [height, width, channels]: readonly [number, number, number]): Buffer {
  const rows = Array.from({ length: height }, (_, y) => [
    ...values.subarray(y * width * channels, (y + 1) * width * channels),
  ]);
  return png({ width, depth: 8, color: channels === 1 ? 0 : 2, rows });
}

export const header = 'id,a,b,colour,y,k\n';
const row = (i: number) => {
  const [a, b] = [(i * 37) % 101, (i * i) % 53];
  return [`n${i}`, a / 8, b, ['red', 'green', 'blue'][i % 3], 5000 + 40 * a - 9 * b, a > 50 ? 'much' : 'little'].join();
};
export const lines = (from: number, count: number) => Array.from({ length: count }, (_, i) => row(from + i)).join('\n');

const table = (more = '') => `name: table
seed: 3
data: { source: { csv: { file: table.csv, targets: { y: number, k: [little, much] }, features: { input: [a, b], \
c: [colour] }, categories: { colour: [red, green, blue] }, test: tested.csv${more} } }, split: { validation: 25 } }
model: { layers: [{ concatenate: {}, name: j, from: [input, c] }, { dense: { units: 8, activation: relu }, name: t }, \
{ dense: { units: 1 }, name: y_, from: t }, { dense: { units: 2 }, name: k_, from: t }] }
train: { optimizer: adam(0.01), outputs: { y: { layer: y_, loss: huberLoss }, \
k: { layer: k_, loss: softmaxCrossEntropy } }, epochs: 3, batchSize: 16 }
evaluate: { metrics: [meanAbsoluteError, accuracy] }
visualize: { figures: [] }
`;
const net = (layers: string) => `model: { layers: ${layers} }
train: { optimizer: adam, loss: softmaxCrossEntropy, batchSize: 20, epochs: 1 }
visualize: { figures: [] }
`;

/** A pipeline, and what of its test split is asked again; written into the folder `asked`. */
interface Work {
  readonly text: string;
  /** @returns the inputs, in the order of the test samples */
  readonly write: (rig: Rig, test: BatchSource, spec: Dataset['spec']) => Promise<readonly string[]>;
}

/** The samples as PNG files. */
const asPictures: Work['write'] = async (rig, test, { inputs: [input] }) => {
  let count = 0;
  const shape = input!.shape as [number, number, number];
  for await (const { x } of test.batches({ rows: firstRows(test.count), size: 1 }))
    rig.write(`asked/pictures/${String(count++).padStart(4, '0')}.png`, picture(x[0] as Uint8Array, shape));
  return ['asked/pictures'];
};

const sonnet = Array.from({ length: 300 }, (_, i) => ['ab', 'cba', 'b\n', 'aac'][((i * i) % 7) % 4]).join(' ');
export const works: Readonly<Record<string, Work>> = {
  'csv with decimal commas': {
    text: table(", delimiter: ';'").replace('tested.csv', 'tested-commas.csv').replace('table.csv', 'commas.csv'),
    write: async () => ['tested-commas.csv'],
  },
  csv: { text: table(', whiten: zca'), write: async () => ['tested.csv'] },
  idx: {
    text: digitsPipeline({ layers: '[conv 3x3x2 relu, flatten, dense 10]', batchSize: 50, epochs: 1 }),
    write: async () => ['data/t10k-images'],
  },
  images: {
    text: `name: images\nseed: 1
data: { source: { images: { folder: kinds, test: kinds-tested, standardize: perChannel } }, split: { validation: 4 } }
${net('[flatten, dense 3]')}`,
    write: async () => ['kinds-tested'],
  },
  masks: {
    text: `name: masks\nseed: 1
data: { source: { masks: { images: images, masks: masks, classes: { ground: 0, crack: 255 }, test: 0.5 } }, \
split: { validation: 2 } }
${net('[conv 3x3x2 same]')}`,
    write: asPictures,
  },
  shapes: {
    text: `name: shapes\nseed: 1
data: { source: { shapes: { size: 8, train: 40, test: 30 } }, split: { validation: 10 } }
${net('[conv 3x3x4 same]')}`,
    write: asPictures,
  },
  pairs: {
    text: `name: pairs\nseed: 1
data: { source: { pairs: { of: { idx: { trainImages: data/train-images, trainLabels: data/train-labels, \
testImages: data/t10k-images, testLabels: data/t10k-labels } }, train: 60, test: 30 } }, split: { validation: 10 } }
${net(
  '[{ flatten: {}, name: l, from: left }, { flatten: {}, name: r, from: right }, \
{ concatenate: {}, name: c, from: [l, r] }, { dense: { units: 2 }, name: o, from: c }]',
)}`,
    write: async (rig, test) => {
      const rows: string[] = [];
      for await (const { x } of test.batches({ rows: firstRows(test.count), size: 1 })) {
        rig.write(`asked/left-${rows.length}.png`, picture(x[0] as Uint8Array, [28, 28, 1]));
        const right = Array.from({ length: 28 }, (_, y) => [...x[1]!.subarray(28 * y, 28 * y + 28)]);
        rows.push(JSON.stringify({ left: `left-${rows.length}.png`, right }));
      }
      rig.write('asked/pairs.jsonl', `${rows.join('\n')}\n`);
      return ['asked/pairs.jsonl'];
    },
  },
  text: {
    text: `name: text\nseed: 1
data: { source: { text: { file: t.txt, steps: 5 } }, split: { validation: 30 } }
model: { layers: [{ embedding: { inputDim: 5, outputDim: 5, maskZero: true } }, lstm 6 sequences, dense 5] }
train: { optimizer: adam, loss: softmaxCrossEntropy, batchSize: 20, epochs: 1 }
visualize: { figures: [] }
`,
    write: async (rig) => {
      rig.write('asked/end.txt', sonnet.slice(sonnet.length - Math.round(0.1 * sonnet.length)));
      return ['asked/end.txt'];
    },
  },
};

/** Trains a model of each. @returns the folder of each model */
export async function trainModels(rig: Rig, kinds = Object.keys(works)): Promise<Readonly<Record<string, string>>> {
  rig.writeDigits(200, 90);
  rig.write('table.csv', `${header}${lines(0, 160)}\n`);
  rig.write('tested.csv', `${header}${lines(300, 47)}\n`);
  const asInGerman = (text: string) => text.replaceAll(',', ';').replaceAll('.', ',');
  rig.write('commas.csv', asInGerman(`${header}${lines(0, 160)}\n`));
  rig.write('tested-commas.csv', asInGerman(`${header}${lines(300, 47)}\n`));
  rig.write('t.txt', sonnet);
  const colour = (seed: number) => Uint8Array.from({ length: 4 * 5 * 3 }, (_, i) => (seed * 97 + i * 31) % 256);
  for (const [folder, count] of [
    ['kinds', 8],
    ['kinds-tested', 5],
  ] as const)
    for (const [k, kind] of ['ant', 'bee', 'cow'].entries())
      for (let i = 0; i < count; i++)
        rig.write(`${folder}/${kind}/${i}.png`, picture(colour(count * 100 + k * 10 + i), [4, 5, 3]));
  for (let i = 0; i < 12; i++) {
    const grey = Uint8Array.from({ length: 24 }, (_, k) => (i * 51 + k * 7) % 256);
    rig.write(`images/${i}.png`, picture(grey, [4, 6, 1]));
    rig.write(
      `masks/${i}.png`,
      picture(
        grey.map((value) => (value > 128 ? 255 : 0)),
        [4, 6, 1],
      ),
    );
  }
  const models: Record<string, string> = {};
  for (const [name, { text }] of Object.entries(works).filter(([kind]) => kinds.includes(kind))) {
    const { error, directory } = await runHere(rig, text);
    if (error !== undefined) throw error;
    models[name] = join(directory, 'artifacts/model');
  }
  return models;
}
