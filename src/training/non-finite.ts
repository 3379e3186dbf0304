import type { Tensor } from '@tensorflow/tfjs';
import type { Batch } from '../datasets/batches.ts';
import { tensorsOf } from './feed.ts';
import { type StepParts, scaled } from './step.ts';

/** What helps, mostly. */
export const nonFiniteHint = 'Try a smaller learningRate, clipNorm, or smaller first weights.';

/**
 * Where numbers first stop being finite when a batch passes through the model, op by op: completes the sentence
 * "the first values that are not finite are ...".
 *
 * @param step the number of the training step that the batch belongs to, with the variables as they were before it;
 * left out for a batch that is only evaluated
 */
export function findNonFinite(
  { engine, model, inputs }: Pick<StepParts, 'engine' | 'model' | 'inputs'>,
  batch: Batch,
  step?: number,
): string {
  const { tf } = engine;
  const { layers } = model.layersModel;
  const broken = layers.find((layer) => layer.weights.some((weight) => !isFinite(weight.read())));
  if (broken !== undefined) return `weights of ${broken.name}, since the step before`;
  let first: string | undefined;
  const watched = layers.map((layer) => {
    const call = layer.call.bind(layer);
    layer.call = (inputs, options) => {
      const output = call(inputs, options);
      if (first === undefined && ![output].flat().every(isFinite)) first = layer.name;
      return output;
    };
    return layer;
  });
  try {
    tf.tidy(() => {
      const values = scaled(tf, inputs, tensorsOf({ engine, inputs, outputs: [] }, batch));
      model.forward(values, step === undefined ? undefined : { step: tf.scalar(step, 'int32') });
    });
  } finally {
    // Uncovers the class's own method.
    for (const layer of watched) Reflect.deleteProperty(layer, 'call');
  }
  return first === undefined ? 'those of the loss itself' : `outputs of ${first}`;
}

function isFinite(tensor: Tensor): boolean {
  return tensor.dataSync().every((value) => Number.isFinite(value));
}
