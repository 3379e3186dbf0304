import type { ContenderName } from './contenders.ts';

/** A net to be trained by all contenders. */
export interface Work {
  readonly about: string;
  /** The net as users write it. The peers' files in peers/ hold the same net. */
  readonly pipeline: string;
  /** Height, width and channels of an image: MNIST's own, or random ones of another shape. */
  readonly imageShape: readonly [number, number, number];
  /** Images of an epoch: some seconds' worth. */
  readonly images: number;
  readonly quickImages: number;
  /** How many times a contender's throughput ours is to be at least. */
  readonly aims: Readonly<Partial<Record<ContenderName, number>>>;
  /** What tracing, loading and the first step may take, in seconds. */
  readonly compileSeconds?: number;
}

const mnistShape = [28, 28, 1] as const;
const resnetAims = { keras: 1.3, tfjs: 4 } as const;

/** All works, by the names that `--work` takes. */
export const works: Readonly<Record<string, Work>> = {
  mnist: {
    about: 'the reference net: two convolutions, one dense layer',
    pipeline: 'pipelines/mnist.yaml',
    imageShape: mnistShape,
    images: 22_000,
    quickImages: 1000,
    aims: { keras: 1.25, torch: 1.8, tfjs: 2.7, bound: 0.8 },
    compileSeconds: 0.3,
  },
  mlp: {
    about: 'MLP 784-128-10',
    pipeline: 'bench/pipelines/mlp.yaml',
    imageShape: mnistShape,
    images: 55_000,
    quickImages: 3200,
    aims: { keras: 2, tfjs: 5 },
  },
  lstm: {
    about: 'LSTM(64) over the 28 rows of an image',
    pipeline: 'bench/pipelines/lstm.yaml',
    imageShape: mnistShape,
    images: 11_000,
    quickImages: 640,
    aims: { keras: 1.3, tfjs: 7 },
  },
  resnet8: {
    about: 'ResNet-8',
    pipeline: 'bench/pipelines/resnet8.yaml',
    imageShape: [32, 32, 3],
    images: 3200,
    quickImages: 128,
    aims: resnetAims,
  },
  resnet20: {
    about: 'ResNet-20',
    pipeline: 'bench/pipelines/resnet20.yaml',
    imageShape: [32, 32, 3],
    images: 1600,
    quickImages: 128,
    aims: resnetAims,
    compileSeconds: 2,
  },
};
