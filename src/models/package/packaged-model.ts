import type { LayersModel, Tensor, Tensor2D, io } from '@tensorflow/tfjs';
import { UserError } from '../../base/diagnostics.ts';
import { sizeOf } from '../../base/tensor-shape.ts';
import type { RowKind, RowReader, TargetSpec, TrainedOn, Values } from '../../datasets/dataset.ts';
import { type PictureEncoder, pictureEncoder } from '../../datasets/pictures/encode-picture.ts';
import { recordingEncoder } from '../../datasets/audio/encode-recording.ts';
import { seriesEncoder } from '../../datasets/series/encode-series.ts';
import { tableEncoder } from '../../datasets/tables/encode-table.ts';
import { textEncoder } from '../../datasets/texts/encode-text.ts';
import type { SpectrogramOptions } from '../../datasets/audio/mel-spectrogram.ts';
import type { Tf } from '../../engine/tensorflow.ts';
import { registerLayers } from '../../layers/custom-layers.ts';
import { wasmMisfit } from '../../layers/volume-classes.ts';
import { type ClassRule, classProbabilities, confidenceOf, predictedClasses } from '../../training/class-rule.ts';
import type { OutputEvaluation } from '../../training/evaluator.ts';
import { takenInput } from '../../training/taken-input.ts';
import { readSafetensors } from '../formats/safetensors.ts';
import { type Distance, distanceOf } from '../golden-distance.ts';
import { type Said, predictionOf, withErrors } from '../prediction.ts';

/** What a package says of its model, as JSON; the rest of the package is its weights. */
export interface PackagedFacts extends Omit<TrainedOn, 'options'> {
  readonly kind: RowKind;
  /** Of the data set, as far as rows depend on them. */
  readonly options: PackagedOptions;
  /** Of each target of classes how the output says them; null for numbers. */
  readonly rules: readonly (ClassRule | null)[];
  readonly topology: object;
  readonly weightSpecs: readonly io.WeightsManifestEntry[];
}

interface PackagedOptions {
  readonly decimal?: ',' | '.';
  /** Of recordings; left out: it has none. */
  readonly spectrogram?: SpectrogramOptions;
}

/** What is said of a row: each target by its name, and how sure the model is of its classes. */
export type Told = Readonly<Record<string, unknown>>;

/** The model of a package. */
export interface PackagedModel {
  predict(row: unknown): Promise<Told>;
  predictAll(rows: readonly unknown[]): Promise<readonly Told[]>;
  /** How far this TensorFlow.js is from the one that made the golden rows. @param files those of the folder `golden` */
  replay(files: { readonly inputs: Uint8Array; readonly outputs: Uint8Array }): Promise<Distance>;
}

/** Rows that are computed at a time. */
const batchSize = 64;

/**
 * The model of a package, which is loaded when it is first asked. This file is bundled, and lies in every package: it
 * needs nothing of Node.
 *
 * @param tf computes on the backend that its user has chosen
 * @param weights gives the content of `weights.bin`, base64
 */
export function packagedModel(tf: Tf, facts: PackagedFacts, weights: () => Promise<string>): PackagedModel {
  const { inputs, targets, rules } = facts;
  const encode = encoderOf(facts);
  const misfit = wasmMisfit(facts.topology);
  let loading: Promise<LayersModel> | undefined;
  const loaded = async () => {
    await tf.ready();
    if (misfit !== undefined && tf.getBackend() === 'wasm')
      throw new Error(`${misfit}: take another backend, such as \`await tf.setBackend('webgl')\` or 'cpu'`);
    loading ??= load(tf, facts, weights);
    try {
      return await loading;
    } catch (error) {
      // It may be there the next time, as over a network.
      loading = undefined;
      throw error;
    }
  };
  const tellBatch = async (rows: readonly (readonly Values[])[]): Promise<readonly Told[]> => {
    const model = await loaded();
    const count = rows.length;
    const tensors = tf.tidy(() => {
      const x = inputs.map((input, k) => {
        const { shape } = input;
        const size = sizeOf(shape);
        const all = new Float32Array(count * size);
        rows.forEach((values, row) => all.set(values[k]!, row * size));
        return takenInput(tf, input, tf.tensor(all, [count, ...shape]));
      });
      return [model.predict(x)].flat().map((output, k) => partsOf(tf, output, targets[k]!, rules[k] ?? null));
    });
    const outputs = await Promise.all(tensors.map(read));
    return rows.map((_, row) => {
      const said = withErrors(facts, rows[row]![0]!, predictionOf(targets, outputs, { row, count }));
      const { predicted, confidence, probabilities, error } = said.prediction;
      const sure = Object.entries(confidence).filter(([name]) => !Object.hasOwn(probabilities, name));
      return {
        ...predicted,
        ...(sure.length > 0 && { confidence: Object.fromEntries<Said>(sure) }),
        ...(Object.keys(probabilities).length > 0 && { probabilities }),
        ...(error && { error }),
      };
    });
  };
  const predictRows = async (rows: readonly unknown[], nameOf: (row: number) => string): Promise<readonly Told[]> => {
    const encoded = rows.map((row, k) => encode(row, nameOf(k)));
    const told: Told[] = [];
    for (let from = 0; from < rows.length; from += batchSize)
      told.push(...(await tellBatch(encoded.slice(from, from + batchSize))));
    return told;
  };
  return {
    predict: async (row) => (await predictRows([row], () => 'the input'))[0]!,
    predictAll: (rows) => predictRows(rows, (k) => `inputs[${k}]`),
    replay: async (files) => {
      const model = await loaded();
      const [given, expected] = [readSafetensors(files.inputs), readSafetensors(files.outputs)];
      if (given === undefined || expected === undefined) throw new Error('the golden rows are damaged');
      const found = tf.tidy(() =>
        [model.predict(given.map(({ values, shape }) => tf.tensor(values, [...shape], 'float32')))].flat(),
      );
      const outputs = await Promise.all(found.map((tensor) => tensor.data()));
      for (const tensor of found) tensor.dispose();
      return distanceOf(expected, outputs);
    },
  };
}

type Encode = (row: unknown, where: string) => readonly Values[];

/** What makes inputs of rows. It throws a TypeError where a row cannot be used. */
function encoderOf({ kind, ...trained }: PackagedFacts): Encode {
  const encode = encoders[kind](trained);
  return (row, where) => {
    try {
      return encode(row, where).x!;
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      const { message, hint } = error.diagnostics[0]!;
      throw new TypeError(hint === undefined ? message : `${message}. ${hint}`, { cause: error });
    }
  };
}

const encoders: Readonly<
  Record<RowKind, (trained: TrainedOn<PackagedOptions>) => (...row: Parameters<Encode>) => Encoded>
> = {
  table: (trained) => tableEncoder(trained).encode,
  series: (trained) => seriesEncoder(trained).encode,
  text: (trained) => textEncoder(trained).encode,
  arrays: (trained) => (row, where) => pictureEncoder(trained)(row, where),
  pictures: (trained) => ofFiles(pictureEncoder(trained)),
  recordings: ({ options, ...trained }) => ofFiles(recordingEncoder({ ...trained, options: options.spectrogram! })),
};

/** A browser has no files; Node has, without an import that bundlers would follow. */
function ofFiles(encode: PictureEncoder<never>): (...row: Parameters<Encode>) => Encoded {
  const fs = (globalThis as { process?: NodeJS.Process }).process?.getBuiltinModule?.('node:fs');
  return (row, where) => encode(row, where, fs && ((path) => fs.readFileSync(path)));
}

type Encoded = ReturnType<RowReader['encode']>;

async function load(
  tf: Tf,
  { topology, weightSpecs }: PackagedFacts,
  weights: () => Promise<string>,
): Promise<LayersModel> {
  registerLayers(tf);
  const bytes = Uint8Array.from(atob(await weights()), (character) => character.charCodeAt(0));
  return tf.loadLayersModel(
    tf.io.fromMemory({ modelTopology: topology, weightSpecs: [...weightSpecs], weightData: bytes.buffer }),
  );
}

/** What one output says of a batch. */
type Parts = { readonly predicted: Tensor; readonly confidence?: Tensor; readonly probabilities?: Tensor };

function partsOf(tf: Tf, output: Tensor, target: TargetSpec, rule: ClassRule | null): Parts {
  if (rule === null) return { predicted: output };
  const isSeveral = target.kind === 'class' && target.several !== undefined;
  const units = isSeveral ? 1 : output.shape.at(-1)!;
  const rows = tf.reshape(output, [output.size / units, units]) as Tensor2D;
  const probabilities = classProbabilities(tf, rule, rows);
  const predicted = predictedClasses(tf, rule, rows);
  return { predicted, confidence: confidenceOf(tf, rule, { predicted, probabilities }), probabilities };
}

async function read({ predicted, confidence, probabilities }: Parts): Promise<OutputEvaluation> {
  const tensors = [predicted, ...(confidence && probabilities ? [confidence, probabilities] : [])];
  const [said, ...sure] = await Promise.all(tensors.map((tensor) => tensor.data()));
  for (const tensor of tensors) tensor.dispose();
  if (sure.length === 0) return { predicted: Float64Array.from(said!) };
  return {
    predicted: Int32Array.from(said!),
    confidence: sure[0] as Float32Array,
    probabilities: sure[1] as Float32Array,
  };
}
