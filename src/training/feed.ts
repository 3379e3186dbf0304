import type { Tensor } from '@tensorflow/tfjs';
import type { Batch } from '../datasets/batches.ts';
import type { InputSpec as GraphInput } from '../engine/graph/trace.ts';
import { sizeOf } from '../layers/layer.ts';
import type { StepParts } from './step.ts';

type Sides = Pick<StepParts, 'inputs' | 'outputs'>;

/** What goes into a step, by its name there. */
export function feedOf({ x, y }: Batch): Record<string, Batch['x'][number] | Batch['y'][number]> {
  return Object.fromEntries([...x.map((values, k) => [`x${k}`, values] as const), ...y.map((values, k) => [`y${k}`, values] as const)]);
}

/** Kinds and shapes of what goes into a step of so many samples. */
export function specsOf({ inputs, outputs }: Sides, count: number): Record<string, GraphInput> {
  const x = inputs.map(({ dtype, shape }, k) => [`x${k}`, { dtype, shape: [count, ...shape] }] as const);
  const y = outputs.map(({ target: { kind, shape } }, k) => [`y${k}`, { dtype: kind === 'class' ? 'int32' : 'float32', shape: [count, ...shape] }] as const);
  return Object.fromEntries<GraphInput>([...x, ...y]);
}

/** The tensors of a batch, as an eager step takes them. */
export function tensorsOf({ engine: { tf }, ...sides }: Sides & Pick<StepParts, 'engine'>, batch: Batch): Record<string, Tensor> {
  const feed = feedOf(batch);
  return Object.fromEntries(Object.entries(specsOf(sides, batch.count)).map(([name, { dtype, shape }]) =>
    [name, dtype === 'int32' ? tf.tensor(feed[name]!, [...shape], 'int32') : tf.tensor(Float32Array.from(feed[name]!), [...shape], 'float32')]));
}

/** A batch of one sample of zeros. */
export function emptySample({ inputs, outputs }: Sides): Batch {
  return {
    x: inputs.map(({ dtype, shape }) => (dtype === 'uint8' ? new Uint8Array(sizeOf(shape)) : new Float32Array(sizeOf(shape)))),
    y: outputs.map(({ target: { kind, shape } }) => (kind === 'class' ? new Int32Array(sizeOf(shape)) : new Float32Array(sizeOf(shape)))),
    count: 1,
  };
}
