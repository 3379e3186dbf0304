import { join } from 'node:path';
import type { LayersModel } from '@tensorflow/tfjs';
import { UserError, failure } from '../base/diagnostics.ts';
import { anything, hasForm, record } from '../base/json-form.ts';
import { isWithin } from '../base/json-limits.ts';
import { readFileWithin } from '../base/read-file.ts';
import type { Tf } from '../engine/tensorflow.ts';
import { registerLayers } from './custom-layers.ts';
import { type SavedModel, modelFiles, descriptionMisfit } from './save-model.ts';

/**
 * Loads the model of a run in Node, with any TensorFlow.js: the plain one reads no files there, and neither knows
 * Layerline's own layers. Reads `model.json` and `weights.bin` of the folder, and no other file, whatever they say.
 *
 * @param tf `@tensorflow/tfjs`, or `@tensorflow/tfjs-node`
 * @param folder `artifacts/model` of the run
 * @throws UserError where there is no model (code `no-model`), or it is damaged or another program's (`model-damaged`)
 */
export async function loadLayersModel(tf: Tf, folder: string): Promise<LayersModel> {
  const { saved, metadata, path } = readModelFiles(folder);
  registerLayers(tf);
  const { weightsManifest, ...rest } = saved.description as {
    readonly weightsManifest: readonly [{ readonly weights: [] }];
  };
  const weightData = saved.weights.slice().buffer;
  try {
    return await tf.loadLayersModel(
      tf.io.fromMemory({
        ...rest,
        ...(metadata === undefined ? {} : { userDefinedMetadata: metadata }),
        weightSpecs: weightsManifest[0].weights,
        weightData,
      }),
    );
  } catch (error) {
    throw damaged(path, `TensorFlow.js cannot make a model of it: ${(error as Error).message.slice(0, 500)}`, error);
  }
}

/** What the files of a model hold, as far as it can be told without TensorFlow. */
interface ModelFiles {
  readonly saved: SavedModel;
  /** What `model.json` says of the data. */
  readonly metadata?: Readonly<Record<string, unknown>>;
  /** Of `model.json`. */
  readonly path: string;
}

/** Reads `model.json` and `weights.bin` of a folder. @throws UserError as loadLayersModel */
export function readModelFiles(folder: string): ModelFiles {
  const [weightsPath, path] = modelFiles.map((file) => join(folder, file)) as [string, string];
  const { userDefinedMetadata, ...description } = parse(path, read(path, 100e6));
  if (userDefinedMetadata !== undefined && !hasForm(record(anything), userDefinedMetadata))
    throw damaged(path, 'what it says of the data is no object');
  const weights = read(weightsPath, 4e9);
  const misfit = descriptionMisfit({ description, weights });
  if (misfit !== undefined) throw damaged(path, misfit);
  return {
    saved: { description, weights },
    path,
    ...(userDefinedMetadata === undefined ? {} : { metadata: userDefinedMetadata }),
  };
}

/** @param limit bytes: a description has some hundred for each layer */
function read(path: string, limit: number): Uint8Array {
  try {
    return readFileWithin(path, limit);
  } catch (error) {
    throw failure(
      'no-model',
      `${path} cannot be read: ${(error as Error).message}`,
      'Name the folder `artifacts/model` of a run that has trained.',
      error,
    );
  }
}

function parse(path: string, bytes: Uint8Array): Readonly<Record<string, unknown>> {
  let description: unknown;
  try {
    const json = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    if (!isWithin(json, { depth: 100, holders: 5e6, values: 5e7 })) throw damaged(path, 'it holds more than any model');
    description = JSON.parse(json);
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw damaged(
      path,
      bytes.length === 0 ? 'it is empty' : `it is not JSON, or not all of it: ${(error as Error).message}`,
      error,
    );
  }
  if (!hasForm(record(anything), description)) throw damaged(path, 'it is no object');
  return description;
}

const damaged = (path: string, what: string, cause?: unknown) =>
  failure(
    'model-damaged',
    `${path} does not describe a model of Layerline: ${what}`,
    'Take both files, model.json and weights.bin, from the run again: they belong together. ' +
      'Models of other programs are loaded by `tf.loadLayersModel` or `tf.loadGraphModel`.',
    cause,
  );
