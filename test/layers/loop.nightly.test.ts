import { beforeAll, describe, expect, test } from 'vitest';
import type { Engine } from '../../src/engine/tensorflow.ts';
import { loadEngine } from '../../src/engine/load-engine.ts';
import { type StepFunction, type TraceRequest, traceFunction } from '../../src/engine/graph/trace.ts';
import { privateParts } from '../../src/engine/private-parts.ts';
import { buildModel } from '../../src/layers/build-model.ts';
import { mostStepsWrittenOut } from '../../src/layers/run-cells.ts';
import { specsOf } from '../../src/training/feed.ts';
import { losses } from '../../src/training/losses.ts';
import { optimizers } from '../../src/training/optimizers.ts';
import { evaluationStep, trainingStep } from '../../src/training/step.ts';
import { exampleTraining } from '../contract/row-examples.ts';
import {
  type Trained,
  type Work,
  bitsOf,
  randomBatch,
  scale,
  sidesOf,
  stateDifference,
  trainBy,
} from '../contract/training.ts';
import type { Batch } from '../../src/datasets/batches.ts';
import { relativeDifference } from '../engine/graph/rig.ts';
import { chainOf, layersOf } from './layer-rig.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await loadEngine();
});

const kinds = ['simpleRNN', 'gru', 'lstm'] as const;
const variants = [
  {},
  { returnSequences: true },
  { goBackwards: true, returnSequences: true },
  { activation: 'relu', useBias: false },
  { activation: 'softmax', recurrentActivation: 'softmax' },
  { recurrentActivation: 'sigmoid', activation: 'elu', goBackwards: true },
  { activation: 'linear', returnSequences: true },
  { dropout: 0.4, recurrentDropout: 0.3, returnSequences: true },
] as const;

/** Steps that are run eight at once, and a prime number of them. */
const lengths = [72, 67];

/**
 * Some steps of each sequence are not there: at the end, at the beginning, in between, all, none; and some places of
 * frames.
 */
const gone = [
  (step: number) => step > 40,
  (step: number) => step < 9,
  (step: number) => step % 3 === 1,
  () => true,
  () => false,
];

/** Height, width and channels of a film. */
const FRAME = [4, 3, 2];

function batchOf(count: number, steps: number, features: readonly number[], seed: number): Batch {
  const batch = randomBatch(count, [steps, ...features], 3, seed);
  const bytes = batch.x[0] as Uint8Array;
  const [size, last] = [features.reduce((product, extent) => product * extent, 1), features.at(-1)!];
  bytes.forEach((value, at) => {
    const [row, step, place] = [
      Math.floor(at / steps / size),
      Math.floor(at / size) % steps,
      Math.floor((at % size) / last),
    ];
    bytes[at] =
      gone[row % gone.length]!(step) || (place > 0 && (row + step + place) % 5 === 0) ? 0 : Math.max(1, value);
  });
  return batch;
}

/** @param towers left out: two */
function workOf(layers: string, steps: number, features: readonly number[] = [3], towers?: 1): Work {
  return {
    ...(towers === undefined ? {} : { towers }),
    inputShape: [steps, ...features],
    layers: layersOf(layers),
    classes: 3,
    learningRate: 0.05,
    loss: { row: losses.softmaxCrossEntropy, options: {} },
    optimizer: { row: optimizers.sgd, options: exampleTraining(optimizers.sgd).optimizer.options },
    batches: [batchOf(10, steps, features, 1)],
  };
}

/** Trained as a loop of a compiled graph, the same as op by op with every step run by itself. */
function expectSame(layers: string, steps = lengths[0]!, features?: readonly number[], towers?: 1): void {
  const [compiled, eager] = [
    trainBy(engine, 'auto', workOf(layers, steps, features, towers)),
    trainBy(engine, 'eager', workOf(layers, steps, features, towers)),
  ];
  expect(compiled.step).toBe('compiled');
  expect(stateDifference(compiled.states[1]!, eager.states[1]!)).toBeLessThan(1e-5);
  expect(stateDifference(compiled.states[1]!, compiled.states[0]!)).toBeGreaterThan(1e-3);
  const lossesOf = ({ evaluations }: Trained) => evaluations.map(({ loss }) => loss);
  expect(relativeDifference(lossesOf(compiled), lossesOf(eager))).toBeLessThan(1e-5);
}

// Op by op, two towers are twice the ops: the first variant of each kind shows that they are no matter to a loop.
const towersOf = (variant: number) => (variant === 0 ? undefined : 1);

describe('more steps than are written out', () => {
  const cases = kinds.flatMap((kind, first) =>
    variants.map(
      (options, second) => [kind, (first + second) % 2 === 0 ? 'masking, ' : '', options, towersOf(second)] as const,
    ),
  );
  test.each(cases)('%s %s%j', (kind, masking, given, towers) => {
    const { recurrentActivation: _, ...others } = given as { recurrentActivation?: string };
    const options = { units: 4, ...(kind === 'simpleRNN' ? others : given) };
    expectSame(
      `[${masking}{ ${kind}: ${JSON.stringify(options)} }` +
        `${'returnSequences' in options ? ', globalAveragePooling1d' : ''}, dense 3]`,
      lengths[0],
      undefined,
      towers,
    );
  });

  test.each(kinds)('%s over a prime number of steps', (kind) => {
    expectSame(
      `[masking, { ${kind}: { units: 4, returnSequences: true, recurrentDropout: 0.2 } }, ` +
        `{ ${kind}: { units: 3 } }, dense 3]`,
      lengths[1],
    );
  });

  test.each([false, true])('stacked cells, all steps: %j', (returnSequences) => {
    expectSame(
      '[masking, { rnn: { cells: [lstmCell 4, gruCell 3, simpleRNNCell 5], ' +
        `returnSequences: ${returnSequences} } }${returnSequences ? ', globalMaxPooling1d' : ''}, dense 3]`,
    );
  });

  test.each(['', 'masking, '])('%sboth ways', (masking) => {
    expectSame(
      `[${masking}{ bidirectional: { layer: { lstm: { units: 4, returnSequences: true, ` +
        'recurrentDropout: 0.2 } } } }, globalMaxPooling1d, dense 3]',
    );
  });
});

describe('more frames than are written out', () => {
  const films = [
    {},
    { returnSequences: true },
    { goBackwards: true, strides: 2, padding: 'same', activation: 'relu', recurrentActivation: 'sigmoid' },
    { useBias: false, kernelSize: [1, 3], returnSequences: true, goBackwards: true },
    { kernelSize: 1, strides: [2, 1], dropout: 0.4 },
    { recurrentDropout: 0.3, padding: 'same', returnSequences: true },
    {
      dropout: 0.4,
      recurrentDropout: 0.3,
      padding: 'same',
      goBackwards: true,
      returnSequences: true,
      activation: 'elu',
    },
  ];
  const cases = films.flatMap((given, index) =>
    ['', 'masking, '].map((masking, second) => {
      const options = { filters: 2, kernelSize: 2, ...given };
      return [masking, options, lengths[(index + second) % 2]!, towersOf(index)] as const;
    }),
  );
  const below = ({ returnSequences }: { returnSequences?: boolean }) =>
    returnSequences === true ? '{ timeDistributed: { layer: flatten } }, globalMaxPooling1d' : 'flatten';
  test.each(cases)('%s%j, %i frames', (masking, options, steps, towers) => {
    expectSame(
      `[${masking}{ convLstm2d: ${JSON.stringify(options)} }, ${below(options)}, dense 3]`,
      steps,
      FRAME,
      towers,
    );
  });
});

test('the same bits twice', () => {
  const work = workOf('[{ lstm: { units: 16, recurrentDropout: 0.2 } }, dense 3]', lengths[0]!);
  expect(bitsOf(trainBy(engine, 'auto', work))).toBe(bitsOf(trainBy(engine, 'auto', work)));
});

/** Nodes of the graph of a training step and of an evaluation. */
function nodesOf(layers: string, steps: number, features?: readonly number[]): number[] {
  const {
    inputShape,
    layers: connected,
    loss,
    optimizer: { row, options },
  } = workOf(layers, steps, features);
  const model = buildModel(engine, chainOf(inputShape, connected), 5);
  const optimizer = row.create(engine.tf, model.trainable, options as never);
  const parts = { engine, model, optimizer, towers: 2, ...sidesOf(inputShape, 3, loss, scale) };
  const scalars = { learningRate: { dtype: 'float32', shape: [] }, step: { dtype: 'int32', shape: [] } } as const;
  const inputs = specsOf(parts, 4);
  const state = [...model.variables, ...optimizer.slots];
  const trace = (fn: StepFunction, own: TraceRequest['inputs']) =>
    traceFunction({
      tf: engine.tf,
      parts: privateParts(engine.tf),
      prefix: 'traced',
      fn,
      inputs: own,
      state,
      proved: true,
    }).nodes.length;
  return [trace(trainingStep(parts), { ...inputs, ...scalars }), trace(evaluationStep(parts), inputs)];
}

test.each([
  {
    layers:
      '[{ bidirectional: { layer: { lstm: { units: 4, returnSequences: true } } } }, masking, ' +
      '{ gru: { units: 3 } }, dense 3]',
    features: [3],
  },
  { layers: '[{ rnn: { cells: [lstmCell 4, simpleRNNCell 3] } }, dense 3]', features: [3] },
  {
    layers:
      '[masking, { convLstm2d: { filters: 2, kernelSize: 2, dropout: 0.2, recurrentDropout: 0.2 } }, flatten, dense 3]',
    features: FRAME,
  },
])('as many nodes for any number of steps: $layers', ({ layers, features }) => {
  const nodes = nodesOf(layers, 104, features);
  expect(nodesOf(layers, 400, features)).toEqual(nodes);
  expect(nodesOf(layers, 2000, features)).toEqual(nodes);
  expect(nodes[0]).toBeLessThan(nodesOf(layers, mostStepsWrittenOut, features)[0]!);
});
