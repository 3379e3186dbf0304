import { charts } from '../../src/charts/charts.ts';
import type { ChartInput } from '../../src/charts/chart.ts';
import type { ReportInput } from '../../src/charts/report.ts';
import { figuresOf } from './figures-of.ts';

/** A report about the reference net, with every figure that fits. */
export async function reportOf(input: ChartInput): Promise<ReportInput> {
  return {
    name: 'mnist',
    run: {
      name: 'mnist-42',
      startedAt: '2026-11-24 09:10 UTC',
      durationSeconds: 171.4,
      pace: { perSecond: 5812.3, samples: 'images' },
      seed: input.seed,
      kept: [],
    },
    history: input.history,
    evaluation: input.evaluation,
    ...(input.reference === undefined ? {} : { reference: input.reference }),
    figures: (await Promise.all(Object.values(charts).map((chart) => figuresOf(chart, input)))).flat(),
    leftOut: [],
    layers: [
      { name: 'conv2d', type: 'conv2d', outputShape: [28, 28, 32], parameters: 320 },
      { name: 'maxPooling2d', type: 'maxPooling2d', outputShape: [14, 14, 32], parameters: 0 },
      { name: 'flatten', type: 'flatten', outputShape: [6272], parameters: 0 },
      { name: 'dense', type: 'dense', outputShape: [10], parameters: 62730 },
    ],
    parameters: 63050,
    pipeline: {
      file: 'pipelines/mnist.yaml',
      text:
        'name: mnist\nseed: 42\ndata: mnist\nmodel:\n  - conv 3x3x32 same relu\n  - maxpool 2x2\n  - flatten\n' +
        '  - dense 10\ntrain:\n  epochs: 15\n  optimizer: adam\n',
      settings: [],
    },
    weightsSha256: '3b1f'.repeat(16),
    dataFiles: [{ name: 't10k-images-idx3-ubyte', bytes: 7840016, sha256: 'ab12'.repeat(16) }],
    versions: { layerline: '0.1.0', TensorFlow: '2.21.0', Node: '20.20.2' },
    tracking: { where: 'runs/', experimentId: '0', runId: '0123456789abcdef0123456789abcdef', open: 'npx pipeline ui' },
  };
}
