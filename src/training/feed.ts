import type { Tensor } from '@tensorflow/tfjs';
import { sizeOf } from '../base/tensor-shape.ts';
import type { Batch, MixedLabels } from '../datasets/batches.ts';
import type { TargetSpec } from '../datasets/dataset.ts';
import type { InputSpec as GraphInput } from '../engine/graph/trace.ts';
import { standardized } from '../datasets/scale.ts';
import { isWholeText } from '../datasets/texts/whole-texts.ts';
import type { EvaluationParts } from './step.ts';

type Sides = Pick<EvaluationParts, 'inputs' | 'outputs' | 'mixed'>;

/** What goes into a step, by its name there; numbers that are standardized for training, standardized. */
export function feedOf(
  { x, y, count, mixed }: Batch,
  { outputs, mixed: mixes = false }: Pick<Sides, 'outputs' | 'mixed'>,
): Record<string, Batch['x'][number] | Int32Array> {
  const learnt = y.map((values, k) =>
    values instanceof Int32Array ? values : standardized(values, outputs[k]?.scales),
  );
  return Object.fromEntries([
    ...x.map((values, k) => [`x${k}`, values] as const),
    ...learnt.map((values, k) => [`y${k}`, values] as const),
    ...(mixes ? Object.entries(mixed === undefined ? whole(learnt[0]!, count) : named(mixed)) : []),
  ]);
}

const named = ({ other, share }: MixedLabels) => ({ other0: other, share0: share });

/** Labels of one class each, where they might be of two. */
function whole(labels: Int32Array | Float32Array, count: number) {
  return named({ other: Int32Array.from(labels), share: new Float32Array(count).fill(1) });
}

/** Kinds and shapes of what goes into a step of so many samples. */
export function specsOf({ inputs, outputs, mixed = false }: Sides, count: number): Record<string, GraphInput> {
  const x = inputs.map(({ dtype, shape }, k) => [`x${k}`, { dtype, shape: [count, ...shape] }] as const);
  const y = outputs.map(
    ({ target: { kind, shape } }, k) =>
      [`y${k}`, { dtype: kind === 'class' ? 'int32' : 'float32', shape: [count, ...shape] }] as const,
  );
  const more = [
    ['other0', { dtype: 'int32', shape: [count] }],
    ['share0', { dtype: 'float32', shape: [count] }],
  ] as const;
  return Object.fromEntries<GraphInput>([...x, ...y, ...(mixed ? more : [])]);
}

/** The tensors of a batch, as an eager step takes them. */
export function tensorsOf(
  { engine: { tf }, ...sides }: Sides & Pick<EvaluationParts, 'engine'>,
  batch: Batch,
): Record<string, Tensor> {
  const feed = feedOf(batch, sides);
  return Object.fromEntries(
    Object.entries(specsOf(sides, batch.count)).map(([name, { dtype, shape }]) => [
      name,
      dtype === 'int32'
        ? tf.tensor(feed[name]!, [...shape], 'int32')
        : tf.tensor(Float32Array.from(feed[name]!), [...shape], 'float32'),
    ]),
  );
}

/** A batch of one sample of zeros. */
export function emptySample({ inputs, outputs }: Sides): Batch {
  return {
    x: inputs.map(({ dtype, shape }) =>
      dtype === 'uint8' ? new Uint8Array(sizeOf(shape)) : new Float32Array(sizeOf(shape)),
    ),
    y: noLabels(
      outputs.map(({ target }) => target),
      1,
    ),
    count: 1,
  };
}

/**
 * What stands for the labels of so many samples where there are none: a loss is then told, and means nothing. Of texts
 * any token, as what is behind their end would not count.
 */
export function noLabels(targets: readonly TargetSpec[], count: number): Batch['y'] {
  return targets.map((target) => {
    const size = count * sizeOf(target.shape);
    return target.kind === 'class' ? new Int32Array(size).fill(isWholeText(target) ? 1 : 0) : new Float64Array(size);
  });
}
