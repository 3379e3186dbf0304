import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Tf } from '../engine/engine.ts';
import { writeFileAtomic } from '../base/files.ts';
import type { Model } from './build-model.ts';

/** The files of a model in TensorFlow.js' format, in the order they are written: the one that names the others last. */
export const modelFiles = ['weights.bin', 'model.json'] as const;

/**
 * Writes the model in the format that tf.loadLayersModel reads.
 * TensorFlow.js' own file handler writes in place, the description before the weights: a kill leaves a mixed pair.
 */
export async function saveModel(tf: Tf, model: Model, folder: string, metadata: Readonly<Record<string, unknown>>): Promise<void> {
  model.layersModel.setUserDefinedMetadata({ ...metadata });
  await model.layersModel.save(
    tf.io.withSaveHandler(async (artifacts) => {
      const { weightData, weightSpecs, ...rest } = artifacts;
      mkdirSync(folder, { recursive: true });
      writeFileAtomic(join(folder, 'weights.bin'), new Uint8Array(tf.io.CompositeArrayBuffer.join(weightData)));
      const description = { ...rest, weightsManifest: [{ paths: ['weights.bin'], weights: weightSpecs }] };
      writeFileAtomic(join(folder, 'model.json'), JSON.stringify(description, null, 1));
      return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' } };
    }),
  );
}
