import { cpSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { UserError } from '../../src/base/diagnostics.ts';
import { isBound } from '../../src/base/sample-intervals.ts';
import type { Engine } from '../../src/engine/tensorflow.ts';
import { loadEngine } from '../../src/engine/load-engine.ts';
import { metricsOf } from '../../src/language/pipeline.ts';
import { loadTrainedModel } from '../../src/models/load-trained-model.ts';
import type { RunOutcome } from '../../src/run/run-pipeline.ts';
import { evaluate } from '../../src/stages/evaluate.ts';
import { load } from '../../src/stages/load.ts';
import { Rig, digitsPipeline } from '../rig.ts';
import { runHere } from '../training/run-file.ts';

const rig = new Rig();
let engine: Engine;
/** The graphs that TensorFlow was handed. */
const graphs: string[] = [];

interface Binding {
  loadSavedModel(directory: string, tags: string): number;
}

beforeAll(async () => {
  engine = await loadEngine();
  const backend = engine.tf.backend() as unknown as { binding: Binding };
  const addon = backend.binding;
  const value: Binding['loadSavedModel'] = (directory, tags) => {
    graphs.push(readFileSync(join(directory, 'saved_model.pb'), 'latin1'));
    return addon.loadSavedModel(directory, tags);
  };
  backend.binding = Object.create(addon, { loadSavedModel: { value } }) as Binding;
  rig.writeDigits(300, 90);
  rig.write('t.txt', Array.from({ length: 300 }, (_, i) => ['ab', 'cba', 'b', 'aac'][((i * i) % 7) % 4]).join(' '));
  const row = (i: number) => {
    const [a, b] = [(i * 37) % 101, (i * i) % 53];
    return [a, b, ['red', 'green', 'blue'][i % 3], 5000 + 40 * a - 9 * b, a > 50 ? 'much' : 'little'].join();
  };
  rig.write('table.csv', `a,b,colour,y,k\n${Array.from({ length: 160 }, (_, i) => row(i)).join('\n')}\n`);
});
afterAll(() => rig.remove());

const batchNormalized = '[conv 3x3x4 same, batchNormalization, relu, maxpool 2x2, flatten, dropout 0.3, dense 10]';
const works = {
  'numbers of a table, standardized': `name: numbers
seed: 3
data: { source: { csv: { file: table.csv, targets: { y: number }, \
features: { input: [a, b, colour] }, categories: { colour: [red, green, blue] } } }, \
split: { validation: 25 } }
model: { layers: [dense 8 relu, dense 1] }
train: { optimizer: adam(0.01), loss: meanSquaredError, epochs: 3, batchSize: 16, earlyStopping: { patience: 9 } }
evaluate: { metrics: [meanAbsoluteError] }
visualize: { figures: [] }
`,
  'several outputs': `name: outputs
seed: 3
data: { source: { csv: { file: table.csv, targets: { y: number, k: [little, much] }, \
features: { input: [a, b, colour] }, categories: { colour: [red, green, blue] } } }, \
split: { validation: 25 } }
model: { layers: [{ dense: { units: 8, activation: relu }, name: t }, \
{ dense: { units: 1 }, name: y_, from: t }, { dense: { units: 2 }, name: k_, from: t }] }
train: { optimizer: adam(0.01), outputs: { y: { layer: y_, loss: huberLoss, weight: 0.5 }, \
k: { layer: k_, loss: softmaxCrossEntropy, classWeights: balanced } }, epochs: 2, batchSize: 16 }
evaluate: { metrics: [meanAbsoluteError, accuracy] }
visualize: { figures: [] }
`,
  'pictures, with averages and the best weights':
    digitsPipeline({ layers: batchNormalized, batchSize: 50, epochs: 4 }) +
    '  ema: { decay: 0.9 }\n' +
    '  earlyStopping: { monitor: loss, mode: max, patience: 9, restoreBestWeights: true }\n' +
    'evaluate: { metrics: [accuracy] }\n',
  'pictures, op by op':
    digitsPipeline({ layers: '[conv 3x3x2 relu, flatten, dense 10]', batchSize: 50, epochs: 1 }) +
    '  step: eager\nevaluate: { metrics: [accuracy] }\n',
  'a class at each place, under a mask': `name: t
seed: 1
data: { source: { text: { file: t.txt, steps: 5 } }, split: { validation: 30 } }
model: { layers: [{ embedding: { inputDim: 4, outputDim: 5, maskZero: true } }, lstm 6 sequences, dense 4] }
train: { optimizer: adam, loss: softmaxCrossEntropy, batchSize: 20, epochs: 2 }
evaluate: { metrics: [accuracy] }
visualize: { figures: [] }
`,
};
const another: Readonly<Record<string, string>> = { 'numbers of a table, standardized': 'r2Score' };

const tested = ({ metrics }: Pick<RunOutcome, 'metrics'>) =>
  Object.fromEntries(Object.entries(metrics).filter(([name]) => name.startsWith('test_') && !isBound(name)));

describe.each(Object.entries(works))('%s', (name, text) => {
  const cache = join(rig.folder, `cache-${name.replaceAll(/\W/g, '')}`);
  let fresh: RunOutcome;
  beforeAll(async () => {
    fresh = await runHere(rig, text, undefined, cache);
    if (fresh.error !== undefined) throw fresh.error;
  }, 120_000);

  test('the model is loaded from the files of its run, and evaluates to the same bits', async () => {
    const before = engine.tf.memory().numTensors;
    const { evaluator, pipeline, signature, dispose } = await loadTrainedModel(
      join(fresh.directory, 'artifacts/model'),
    );
    const { dataset } = await load({ ...pipeline.data, seed: pipeline.seed, folder: rig.folder });
    const { signal } = new AbortController();
    const evaluation = await evaluate({ evaluator, dataset, metrics: metricsOf(pipeline), signal });
    dispose();
    expect(evaluation.metrics).toEqual(tested(fresh));
    expect(Object.keys(evaluation.metrics).length).toBeGreaterThan(1);
    expect(signature.inputs).toEqual(dataset.spec.inputs);
    expect(signature.targets.map((target) => target.name)).toEqual(dataset.spec.targets.map((target) => target.name));
    expect(engine.tf.memory().numTensors).toBe(before);
  }, 120_000);

  test('one metric more takes its evaluation alone, to the same bits', async () => {
    const skipped: string[] = [];
    graphs.length = 0;
    const more = await runHere(
      rig,
      text.replace(/(metrics: \[.*)\]/, `$1, ${another[name] ?? 'logLoss'}]`),
      (event) => {
        if (event.type === 'stage-skipped') skipped.push(event.stage);
        if (event.type === 'diagnostic' && event.diagnostic.code !== 'nothing-learnt')
          throw new Error(event.diagnostic.message);
      },
      cache,
    );
    expect(more.error).toBeUndefined();
    expect(skipped).toEqual(['train']);
    expect(tested(more)).toMatchObject(tested(fresh));
    expect(Object.keys(tested(more)).length).toBeGreaterThan(Object.keys(tested(fresh)).length);
    expect(more.weightsSha256).toBe(fresh.weightsSha256);
    // One graph, and no training step in it.
    expect(graphs).toHaveLength(text.includes('step: eager') ? 0 : 1);
    for (const graph of graphs) {
      expect(graph).toContain('evaluate/0/');
      expect(graph).not.toContain('train/0/');
    }
  }, 120_000);
});

describe('what is no run, or damaged', () => {
  let [whole, other] = ['', ''];
  const copy = join(rig.folder, 'copy');
  beforeAll(async () => {
    whole = (await runHere(rig, works['numbers of a table, standardized'])).directory;
    other = (await runHere(rig, works['several outputs'])).directory;
  }, 120_000);
  const json = 'artifacts/model/model.json';
  const describedAs = (change: (said: Record<string, unknown>) => void) => () => {
    const model = JSON.parse(readFileSync(join(copy, json), 'utf8')) as {
      userDefinedMetadata: Record<string, unknown>;
    };
    change(model.userDefinedMetadata);
    writeFileSync(join(copy, json), JSON.stringify(model));
  };

  /** A path in the copy, which becomes one of a version that recorded no model.yaml. */
  const older = (path: string) => {
    rmSync(join(copy, 'artifacts/model/model.yaml'));
    return join(copy, path);
  };

  test('the folder of the model is enough, wherever it is; of versions before, that of the run', async () => {
    for (const [path, folder] of [
      ['artifacts/model', 'copy'],
      ['artifacts', 'older'],
    ] as const) {
      cpSync(join(whole, path), join(rig.folder, folder), { recursive: true });
      if (folder === 'older') rmSync(join(rig.folder, 'older/model/model.yaml'));
      const { pipeline, dispose } = await loadTrainedModel(
        join(rig.folder, folder === 'older' ? 'older/model' : folder),
      );
      dispose();
      expect(pipeline.layers.length).toBeGreaterThan(0);
      rmSync(join(rig.folder, folder), { recursive: true });
    }
  }, 60_000);

  test.each<[string, string, () => void]>([
    ['a folder that is not there', 'no-model', () => rmSync(copy, { recursive: true })],
    ['no pipeline', 'no-model', () => rmSync(older('artifacts/config'), { recursive: true })],
    ['half a model.yaml', 'model-damaged', () => truncateSync(join(copy, 'artifacts/model/model.yaml'), 100)],
    [
      'a model.yaml that leads elsewhere',
      'not-resolved',
      () => writeFileSync(join(copy, 'artifacts/model/model.yaml'), 'pipeline:\n  extends: ./other.yaml\n'),
    ],
    ['no weights', 'no-model', () => rmSync(join(copy, 'artifacts/model/weights.bin'))],
    ['weights cut short', 'model-damaged', () => truncateSync(join(copy, 'artifacts/model/weights.bin'), 20)],
    [
      'a flipped bit in the weights',
      'model-damaged',
      () => {
        const path = join(copy, 'artifacts/model/weights.bin');
        const bytes = readFileSync(path);
        bytes[5]! ^= 4;
        writeFileSync(path, bytes);
      },
    ],
    ['a description that is no JSON', 'model-damaged', () => writeFileSync(join(copy, json), '{')],
    [
      'no metadata',
      'model-damaged',
      () => writeFileSync(join(copy, json), readFileSync(join(copy, json), 'utf8').replace('userDefinedMetadata', 'x')),
    ],
    ['inputs of nothing', 'model-damaged', describedAs((said) => (said['inputs'] = []))],
    ['targets of another kind', 'model-damaged', describedAs((said) => (said['targets'] = [{ kind: 'x' }]))],
    [
      'inputs of another shape',
      'model-damaged',
      describedAs((said) => (said['inputs'] = [{ name: 'input', shape: [9], dtype: 'float32', scale: 1 }])),
    ],
    [
      'layers of another run',
      'model-damaged',
      () => cpSync(join(other, 'artifacts/config'), older('artifacts/config'), { recursive: true }),
    ],
    [
      'the model of another run',
      'model-damaged',
      () => {
        cpSync(join(other, 'artifacts/model'), join(copy, 'artifacts/model'), { recursive: true });
        older('');
      },
    ],
    [
      'a pipeline that leads elsewhere',
      'not-resolved',
      () => writeFileSync(older('artifacts/config/resolved.yaml'), 'extends: ./other.yaml\n'),
    ],
  ])(
    '%s is told of',
    async (_, code, damage) => {
      cpSync(whole, copy, { recursive: true });
      // Its hashes would tell of each change: here is what is told where they are right, or not there.
      rmSync(join(copy, 'artifacts/model/golden'), { recursive: true });
      damage();
      const before = engine.tf.memory().numTensors;
      const error: unknown = await loadTrainedModel(join(copy, 'artifacts/model')).catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(UserError);
      const { diagnostics } = error as UserError;
      expect(diagnostics.map((one) => one.code)).toEqual([code]);
      if (code !== 'not-resolved') expect(diagnostics[0]!.message).toContain(copy);
      expect(engine.tf.memory().numTensors).toBe(before);
      rmSync(copy, { recursive: true, force: true });
    },
    60_000,
  );
});
