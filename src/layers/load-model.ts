import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LayersModel } from '@tensorflow/tfjs';
import { failure } from '../base/diagnostics.ts';
import type { Tf } from '../engine/engine.ts';
import { registerLayers } from './own-layers.ts';

/**
 * Loads the model of a run in Node, with any TensorFlow.js: the plain one reads no files there, and neither knows Layerline's own layers.
 *
 * @param tf `@tensorflow/tfjs`, or `@tensorflow/tfjs-node`
 * @param folder `artifacts/model` of the run
 * @throws UserError where there is no model
 */
export async function loadModel(tf: Tf, folder: string): Promise<LayersModel> {
  registerLayers(tf);
  const read = async (file: string) => readFile(join(folder, file)).catch((error: Error) => {
    throw failure('no-model', `${join(folder, file)} cannot be read: ${error.message}`, 'name the folder `artifacts/model` of a run that has trained');
  });
  const { weightsManifest, ...description } = JSON.parse(String(await read('model.json'))) as { readonly weightsManifest: readonly { readonly weights: [] }[] };
  const weightData = new Uint8Array(await read('weights.bin')).buffer;
  return tf.loadLayersModel(tf.io.fromMemory({ ...description, weightSpecs: weightsManifest.flatMap(({ weights }) => weights), weightData }));
}
