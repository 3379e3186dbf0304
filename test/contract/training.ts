import { createHash } from 'node:crypto';
import type { Engine } from '../../src/engine/tensorflow.ts';
import { type ConnectedLayer, buildModel } from '../../src/layers/build-model.ts';
import { layerRow } from '../../src/layers/layers.ts';
import type { LossRow } from '../../src/training/loss.ts';
import type { optimizerRow } from '../../src/training/optimizers.ts';
import type { BatchEvaluation } from '../../src/training/evaluator.ts';
import { sizesToCompile } from '../../src/training/fill-batch.ts';
import { type StepResult, createTrainer } from '../../src/training/trainer.ts';
import type { Rates } from '../../src/training/schedules.ts';
import type { StepParts } from '../../src/training/step.ts';
import type { Batch } from '../../src/datasets/batches.ts';
import { numbers, relativeDifference, valuesOf } from '../engine/graph/rig.ts';
import { chainOf } from '../layers/layer-rig.ts';

/** What makes of each byte a number in 0..3, so that rounded down it is an index or a class. */
export const scale = 2.99 / 255;

/** Something to train; its first weights depend on nothing else. */
export interface Work {
  readonly inputShape: readonly number[];
  readonly layers: readonly ConnectedLayer[];
  readonly loss: { readonly row: LossRow; readonly options: Readonly<Record<string, unknown>> };
  readonly optimizer: {
    readonly row: Pick<ReturnType<typeof optimizerRow>, 'create'>;
    readonly options: Readonly<Record<string, unknown>>;
  };
  /** Of all steps, or of each. */
  readonly learningRate: number | Rates;
  readonly classes: number;
  /** Left out: two, where samples do not depend on each other. */
  readonly towers?: number;
  /** The batches to train on, one after the other. */
  readonly batches: readonly Batch[];
}

/** What came of it. */
export interface Trained {
  readonly step: string;
  /** Weights, moving averages and slots: before the first step, then after each. */
  readonly states: readonly (readonly Float32Array[])[];
  readonly results: readonly StepResult[];
  /** Of each batch, with the weights as trained. */
  readonly evaluations: readonly BatchEvaluation[];
}

/** What goes in and comes out of a step that learns classes from one input. */
export function sidesOf(
  shape: readonly number[],
  classes: number,
  loss: Work['loss'],
  factor: number,
): Pick<StepParts, 'inputs' | 'outputs'> {
  const target = {
    kind: 'class',
    name: 'label',
    classes: Array.from({ length: classes }, (_, k) => String(k)),
    shape: [],
  } as const;
  return { inputs: [{ name: 'input', shape, dtype: 'uint8', scale: factor }], outputs: [{ target, loss, weight: 1 }] };
}

/** Trains through the trainer, compiled or op by op. */
export function trainBy(engine: Engine, step: 'auto' | 'eager', work: Work): Trained {
  const model = buildModel(engine, chainOf(work.inputShape, work.layers), 5);
  const optimizer = work.optimizer.row.create(engine.tf, model.trainable, work.optimizer.options as never);
  const state = [...model.variables, ...optimizer.slots];
  const sizes = [...new Set(work.batches.map(({ count }) => count))];
  const towers =
    work.towers ?? (work.layers.some(({ type, options }) => layerRow(type).mixesSamples?.(options)) ? 1 : 2);
  const parts = { engine, model, optimizer, towers, ...sidesOf(work.inputShape, work.classes, work.loss, scale) };
  const trainer = createTrainer(
    parts,
    { evaluationBatch: sizes[0]!, train: sizes, sizes: sizesToCompile(sizes) },
    step,
  );
  const states = [valuesOf(state)];
  const results = work.batches.map((batch, number) => {
    const result = trainer.train(
      batch,
      typeof work.learningRate === 'number' ? work.learningRate : work.learningRate(number),
      number,
    );
    trainer.pull();
    states.push(valuesOf(state));
    return result;
  });
  const evaluations = work.batches.map((batch) => trainer.evaluator.evaluate(batch));
  trainer.dispose();
  for (const slot of optimizer.slots) slot.dispose();
  model.dispose();
  return { step: trainer.step, states, results, evaluations };
}

/**
 * The largest difference of two states, relative to the largest value of the same tensor, or to 1e-2 where there is
 * none as large: a weight that gradients cancel out for, such as the bias of an attention's keys, moves by rounding
 * alone.
 */
export function stateDifference(actual: readonly Float32Array[], expected: readonly Float32Array[]): number {
  const withFloor = (values: Float32Array) => {
    const longer = new Float32Array(values.length + 1);
    longer.set(values);
    longer[values.length] = 1e-2;
    return longer;
  };
  return relativeDifference(actual.map(withFloor), expected.map(withFloor));
}

/** The same for two that are the same to the bit, NaN and signs of zeros included. */
export function bitsOf({ states, results, evaluations }: Trained): string {
  const hash = createHash('sha256').update(JSON.stringify(results));
  for (const values of [
    ...states.flat(),
    ...evaluations.flatMap(({ loss, outputs }) => [loss, outputs[0]!.predicted, outputs[0]!.confidence!]),
  ])
    hash.update(values);
  return hash.digest('hex');
}

/** Random bytes and classes that depend on the seed alone. */
export function randomBatch(count: number, inputShape: readonly number[], classes: number, seed: number): Batch {
  const scaled = (size: number, below: number, own: number) =>
    numbers(size, own).map((value) => Math.floor(((value + 1) / 2) * below));
  const size = inputShape.reduce((product, extent) => product * extent, count);
  return {
    x: [Uint8Array.from(scaled(size, 256, seed))],
    y: [Int32Array.from(scaled(count, classes, seed + 1000))],
    count,
  };
}
