import { join } from 'node:path';
import type { Tf } from '../engine/engine.ts';
import { syncFolder, writeFileAtomic } from '../base/files.ts';
import type { Model } from './build-model.ts';

/** The files of a model in TensorFlow.js' format, in the order they are written: the one that names the others last. */
export const modelFiles = ['weights.bin', 'model.json'] as const;

/** What the files of a model hold. */
export interface SavedModel {
  /** Of model.json, as JSON has it. */
  readonly description: Readonly<Record<string, unknown>>;
  /** The whole of weights.bin. */
  readonly weights: Uint8Array;
}

/** The model in the format that tf.loadLayersModel reads. */
export async function saveModel(tf: Tf, model: Model): Promise<SavedModel> {
  let saved: SavedModel | undefined;
  await model.layersModel.save(
    tf.io.withSaveHandler(async (artifacts) => {
      const { weightData, weightSpecs, ...rest } = artifacts;
      const description = JSON.parse(JSON.stringify({ ...rest, weightsManifest: [{ paths: ['weights.bin'], weights: weightSpecs }] })) as SavedModel['description'];
      saved = { description, weights: new Uint8Array(tf.io.CompositeArrayBuffer.join(weightData)) };
      return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' } };
    }),
  );
  return saved!;
}

/**
 * Writes the files of a model. TensorFlow.js' own file handler writes in place, the description before the weights: a kill
 * leaves a mixed pair. They outlast a loss of power: the checkpoints that they come from are removed when the run has finished.
 *
 * @param metadata what `getUserDefinedMetadata` gives of the loaded model
 */
export function writeModel(folder: string, { description, weights }: SavedModel, metadata: Readonly<Record<string, unknown>>): void {
  writeFileAtomic(join(folder, 'weights.bin'), weights);
  writeFileAtomic(join(folder, 'model.json'), JSON.stringify({ ...description, userDefinedMetadata: metadata }, null, 1));
  syncFolder(folder);
}
