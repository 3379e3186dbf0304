import { failure } from '../../base/diagnostics.ts';
import { maskMisfit } from '../../layers/explicit-masks.ts';
import { onnxMisfit } from '../../layers/onnx/onnx-model.ts';
import { type ReadModel, scalesOf } from '../load-trained-model.ts';
import { weightsOf } from './tensor.ts';

/** A format that models leave in. Its key in the table is the name users write. */
export interface ExportFormat {
  /** One line for people. */
  readonly doc: string;
  /**
   * The files of a model in it, by their names.
   *
   * @throws UserError where it has no equal of a layer
   */
  readonly files: (model: ReadModel) => Promise<Readonly<Record<string, Uint8Array>>>;
  /** Whether it holds the weights alone, and nothing that computes. */
  readonly isPassive?: true;
  /** The line of code that loads it. @param folder as a text of that language */
  readonly load: (folder: string) => string;
}

/** Each loads what makes it when it is asked for. */
export const formats = {
  tfjs: {
    doc: 'TensorFlow.js: model.json and weights.bin, for browsers and Node',
    // Copied as they are: see exportFiles.
    files: async ({ graph }) => {
      refuseMasks(graph);
      return {};
    },
    load: (folder) => `const model = await tf.loadLayersModel(${js(`${folder}/model.json`)});`,
  },
  onnx: {
    doc: 'ONNX: model.onnx, for ONNX Runtime in any language',
    files: async ({ pipeline: { name }, graph, saved, metadata: { targets } }) => {
      refuseOnnx(graph);
      const { writeOnnx } = await import('./onnx.ts');
      return { 'model.onnx': writeOnnx({ name, graph, saved, targets, scales: scalesOf(targets) }) };
    },
    load: (folder) => `session = onnxruntime.InferenceSession(${python(`${folder}/model.onnx`)})`,
  },
  keras: {
    doc: 'Keras 3: model.keras, for Python',
    files: async ({ saved }) => {
      const { writeKeras } = await import('./keras.ts');
      return { 'model.keras': await writeKeras(saved) };
    },
    load: (folder) => `model = keras.saving.load_model(${python(`${folder}/model.keras`)})  # Keras 3`,
  },
  safetensors: {
    isPassive: true,
    doc: 'the weights alone, by their names: safetensors',
    files: async ({ saved }) => {
      const { writeSafetensors } = await import('./safetensors.ts');
      return { 'weights.safetensors': writeSafetensors(weightsOf(saved)) };
    },
    load: (folder) => `weights = safetensors.numpy.load_file(${python(`${folder}/weights.safetensors`)})`,
  },
  npz: {
    isPassive: true,
    doc: 'the weights alone, by their names: NumPy',
    files: async ({ saved }) => {
      const { writeNpz } = await import('./npz.ts');
      return { 'weights.npz': writeNpz(weightsOf(saved)) };
    },
    load: (folder) => `weights = numpy.load(${python(`${folder}/weights.npz`)})`,
  },
} as const satisfies Readonly<Record<string, ExportFormat>>;

/** The name of a format. */
export type FormatName = keyof typeof formats;

/** @throws UserError `not-exportable` where a layer has no counterpart */
function refuseOnnx({ layers }: ReadModel['graph']): void {
  const misfit = onnxMisfit(layers);
  if (misfit === undefined) return;
  const { name, type } = layers[misfit.layer]!;
  throw failure(
    'not-exportable',
    `the layer ${name} (${type}) cannot be exported to ONNX, as ${misfit.reason}`,
    'Export to `tfjs`, which has all layers, or change the layer and train again.',
  );
}

/** @throws UserError `not-exportable` where a layer reads a mask as TensorFlow.js does not */
function refuseMasks({ layers }: ReadModel['graph']): void {
  const misfit = maskMisfit({ layers });
  if (misfit === undefined) return;
  const { name, type } = layers[misfit.layer]!;
  throw failure(
    'not-exportable',
    `the layer ${name} (${type}) cannot be exported to TensorFlow.js, as ${misfit.reason}`,
    'Export to `keras`, or change the layer and train again.',
  );
}

const js = (text: string) => JSON.stringify(text);
// JSON's texts are Python's too, but for characters beyond 16 bits, which stand as they are here.
const python = js;
