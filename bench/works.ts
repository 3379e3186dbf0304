/** What trains the nets beside ours, and the bound that nothing can pass. */
export type PeerName = 'keras' | 'torch' | 'jax' | 'tfjs' | 'bound';

/** What ours is compared with. */
export interface Peer {
  /** How many times its throughput ours is to be at least. */
  readonly aim?: number;
  /** Images of an epoch in its pairs, where it is so slow that a pair would not be short. */
  readonly images?: number;
}

/** A net to be trained by all contenders. */
export interface Work {
  readonly about: string;
  /** The net as users write it. The peers' files in peers/ hold the same net. */
  readonly pipeline: string;
  /** Height, width and channels of an image: MNIST's own, or random ones of another shape. */
  readonly imageShape: readonly [number, number, number];
  /** Images of an epoch: whole batches, as JAX asks for, and about a second's worth, so that a pair takes some 20 s. */
  readonly images: number;
  readonly quickImages: number;
  readonly peers: Readonly<Partial<Record<PeerName, Peer>>>;
  /** What tracing, loading and the first step may take, in seconds. */
  readonly compileSeconds?: number;
}

const mnistShape = [28, 28, 1] as const;

/** All works, by the names that `--work` takes. */
export const works: Readonly<Record<string, Work>> = {
  mnist: {
    about: 'the reference net: two convolutions, one dense layer',
    pipeline: 'pipelines/mnist.yaml',
    imageShape: mnistShape,
    images: 8000,
    quickImages: 1000,
    peers: { keras: { aim: 1.25 }, torch: { aim: 1.8 }, tfjs: { aim: 2.7 }, bound: { aim: 0.8 } },
    compileSeconds: 0.3,
  },
  mlp: {
    about: 'MLP 784-128-10',
    pipeline: 'bench/pipelines/mlp.yaml',
    imageShape: mnistShape,
    images: 32_000,
    quickImages: 3200,
    peers: { keras: { aim: 2 }, torch: {}, jax: {}, tfjs: { aim: 5 } },
  },
  lstm: {
    about: 'LSTM(64) over the 28 rows of an image',
    pipeline: 'bench/pipelines/lstm.yaml',
    imageShape: mnistShape,
    images: 10_880,
    quickImages: 640,
    peers: { keras: { aim: 1.3 }, torch: {}, jax: {}, tfjs: { aim: 7, images: 3200 } },
  },
  resnet8: {
    about: 'ResNet-8',
    pipeline: 'bench/pipelines/resnet8.yaml',
    imageShape: [32, 32, 3],
    images: 1280,
    quickImages: 128,
    peers: { keras: { aim: 1.3 }, torch: {}, tfjs: { aim: 4, images: 640 } },
  },
  resnet20: {
    about: 'ResNet-20',
    pipeline: 'bench/pipelines/resnet20.yaml',
    imageShape: [32, 32, 3],
    images: 640,
    quickImages: 128,
    peers: { keras: { aim: 1.3 }, torch: {}, tfjs: { aim: 4, images: 320 } },
    compileSeconds: 2,
  },
};
