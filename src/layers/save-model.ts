import { join } from 'node:path';
import type { LayersModel, Tensor, Variable } from '@tensorflow/tfjs';
import type { Scale } from '../datasets/scale.ts';
import type { Tf } from '../engine/tensorflow.ts';
import {
  anything,
  array,
  type Form,
  type Formed,
  hasForm,
  list,
  object,
  oneOf,
  record,
  such,
  text,
  whole,
} from '../base/json-form.ts';
import { syncFolder, writeFileAtomic } from '../base/files.ts';
import { shorten } from '../base/shorten.ts';
import { layerOfClass } from './layer-of-class.ts';
import type { Model } from './build-model.ts';
import type { SavedNet } from './explicit-masks.ts';
import { savedElsewhere } from './saved-elsewhere.ts';
import { topologyMisfit } from './saved-topology.ts';

/** The files of a model in TensorFlow.js' format, in the order they are written: the one that names the others last. */
export const modelFiles = ['weights.bin', 'model.json'] as const;

/** What the files of a model hold. */
export interface SavedModel {
  /** Of model.json, as JSON has it. */
  readonly description: Readonly<Record<string, unknown>>;
  /** The whole of weights.bin. */
  readonly weights: Uint8Array;
}

const spec = object({
  name: text(),
  shape: list(such(whole, (size) => size >= 0)),
  dtype: oneOf('float32', 'int32', 'bool'),
});
const manifest = list(object({ paths: list(text()), weights: list(spec) }));
const parts: ReadonlySet<string> = new Set([
  'modelTopology',
  'format',
  'generatedBy',
  'convertedBy',
  'weightsManifest',
]);

/** What the files of a model have to say: who loads them is led to no other file, and finds all weights in this one. */
export const savedModelForm: Form<SavedModel> = such(
  object({ description: record(anything), weights: array(Uint8Array) }),
  (saved) => descriptionMisfit(saved) === undefined && Object.keys(saved.description).every((key) => parts.has(key)),
);

/**
 * What is wrong with a description of a model, or with its weights; undefined: nothing, as far as TensorFlow.js is not
 * asked.
 */
export function descriptionMisfit({
  description: { format, modelTopology, weightsManifest },
  weights,
}: SavedModel): string | undefined {
  if (format !== 'layers-model')
    return `its format is ${shorten(JSON.stringify(format) ?? 'missing')}, not "layers-model"`;
  const strange = topologyMisfit(modelTopology);
  if (strange !== undefined) return strange;
  if (!hasForm(manifest, weightsManifest))
    return (
      `\`${['weightsManifest', manifest(weightsManifest)].filter(Boolean).join('.')}\` ` +
      'is not as Layerline writes it'
    );
  const [{ paths, weights: specs } = { paths: [], weights: [] }, ...more] = weightsManifest;
  if (more.length > 0 || paths.join('/') !== 'weights.bin')
    return (
      `its weights are in ${shorten(JSON.stringify(weightsManifest.flatMap((one) => one.paths)))}, ` +
      'not in weights.bin alone'
    );
  const bytes = specs.reduce(
    (sum, { shape, dtype }) => sum + shape.reduce((product, size) => product * size, dtype === 'bool' ? 1 : 4),
    0,
  );
  return bytes === weights.length
    ? undefined
    : `it promises ${bytes} bytes of weights, and weights.bin has ${weights.length}`;
}

/**
 * The model in the format that tf.loadLayersModel reads.
 *
 * @param scales of each output that gives standardized numbers: those of the saved one are in their own unit
 */
export async function saveModel(
  tf: Tf,
  model: Model,
  scales: readonly (readonly Scale[] | null)[] = [],
): Promise<SavedModel> {
  let saved: SavedModel | undefined;
  const told = inOwnUnits(tf, model.layersModel, scales);
  await told.save(
    tf.io.withSaveHandler(async (artifacts) => {
      const { weightData, weightSpecs, modelTopology, ...rest } = artifacts;
      const { config, ...topology } = modelTopology as { readonly config: SavedNet };
      const description = JSON.parse(
        JSON.stringify({
          modelTopology: { ...topology, config: savedElsewhere(config, told, model.graph) },
          ...rest,
          weightsManifest: [{ paths: ['weights.bin'], weights: weightSpecs }],
        }),
      ) as SavedModel['description'];
      saved = { description, weights: new Uint8Array(tf.io.CompositeArrayBuffer.join(weightData)) };
      return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' } };
    }),
  );
  return saved!;
}

/**
 * Gives a model the weights of a saved one that was made of the same layers.
 *
 * @param scales as saveModel was told
 * @returns whether they fit it; where they do not, it may have some of them
 */
export function putWeights(
  tf: Tf,
  model: Model,
  { description, weights }: SavedModel,
  scales: readonly (readonly Scale[] | null)[],
): boolean {
  const [{ weights: specs }] = description['weightsManifest'] as [Formed<typeof manifest>[number]];
  // By their order, which is that of the layers.
  const own = inOwnUnits(tf, model.layersModel, scales).weights.map((weight) => weight.read() as Variable);
  const fits =
    specs.length === own.length &&
    specs.every(({ shape, dtype }, i) => dtype === own[i]!.dtype && String(shape) === String(own[i]!.shape));
  if (!fits) return false;
  let at = 0;
  for (const variable of own) {
    const bytes = weights.slice(at, (at += variable.size * (variable.dtype === 'bool' ? 1 : 4)));
    const values =
      variable.dtype === 'bool'
        ? bytes
        : new (variable.dtype === 'int32' ? Int32Array : Float32Array)(bytes.buffer, 0, variable.size);
    const tensor = tf.tensor(values, variable.shape, variable.dtype);
    variable.assign(tensor);
    tensor.dispose();
  }
  return true;
}

/** What an output says in its own unit. @param scale as saveModel is told, of this output */
export function inOwnUnit(tf: Tf, output: Tensor, scale: readonly Scale[] | null): Tensor {
  if (scale === null) return output;
  return tf.add(
    tf.mul(
      output,
      scale.map(({ deviation }) => deviation),
    ),
    scale.map(({ mean }) => mean),
  );
}

/**
 * A model that multiplies and adds at its end what was divided by and taken from the numbers that it has learnt: the
 * one that is saved.
 *
 * @param scales as saveModel is told
 */
function inOwnUnits(tf: Tf, model: LayersModel, scales: readonly (readonly Scale[] | null)[]): LayersModel {
  if (scales.every((each) => each === null)) return model;
  const names = new Set(model.layers.map(({ name }) => name));
  const outputs = model.outputs.map((output, k) => {
    const own = scales[k] ?? null;
    if (own === null) return output;
    let name = `${model.outputNames[k]!}_in_own_unit`;
    while (names.has(name)) name += '_';
    names.add(name);
    // Of one channel a number, as `tf.layers.rescaling` writes it; of several one for each.
    const each = (values: number[]) => (values.length === 1 ? values[0]! : values);
    const scale = each(own.map(({ deviation }) => deviation));
    const offset = each(own.map(({ mean }) => mean));
    return layerOfClass(tf, 'Rescaling', { name, scale, offset }).apply(output) as typeof output;
  });
  return tf.model({ name: model.name, inputs: model.inputs, outputs });
}

/**
 * Writes the files of a model. TensorFlow.js' own file handler writes in place, the description before the weights: a
 * kill leaves a mixed pair. They outlast a loss of power: the checkpoints that they come from are removed when the run
 * has finished.
 *
 * @param metadata what `getUserDefinedMetadata` gives of the loaded model
 */
export function writeModel(
  folder: string,
  { description, weights }: SavedModel,
  metadata: Readonly<Record<string, unknown>>,
): void {
  writeFileAtomic(join(folder, 'weights.bin'), weights);
  writeFileAtomic(
    join(folder, 'model.json'),
    JSON.stringify({ ...description, userDefinedMetadata: metadata }, null, 1),
  );
  syncFolder(folder);
}
