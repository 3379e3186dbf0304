import type { Tensor } from '@tensorflow/tfjs';
import { type Diagnostic, UserError, asWarning, failure } from '../../base/diagnostics.ts';
import type { Emit } from '../../base/events.ts';
import { sizeOf } from '../../base/tensor-shape.ts';
import type { AskedRow, InputSpec, RowReader, TargetSpec } from '../../datasets/dataset.ts';
import { loadEngine } from '../../engine/load-engine.ts';
import { loadLayersModel } from '../../layers/load-model.ts';
import { readGolden } from '../golden.ts';
import { distanceOf } from '../golden-distance.ts';
import type { Prediction } from '../prediction.ts';
import { loadPredictor } from '../predictor.ts';

/** One row that is asked about: as its user has it, or as the model's own tensors. */
export type AskedOf =
  | { readonly row: AskedRow }
  /** For each input, its values of its shape, scaled. */
  | { readonly tensors: readonly Float32Array[] };

/** What is said of it: a prediction, or the model's own outputs. */
export type Answer = Prediction | readonly Float32Array[];

/** A tensor of one row. */
export interface Port {
  readonly name: string;
  readonly shape: readonly number[];
}

/** A trained model at work for a server. */
export interface ServedModel {
  /** That of the pipeline that trained it. */
  readonly name: string;
  /** See Dataset.preparation. */
  readonly preparation: Readonly<Record<string, unknown>> | undefined;
  readonly reader: RowReader;
  readonly signature: { readonly inputs: readonly InputSpec[]; readonly targets: readonly TargetSpec[] };
  /** What the model itself gives. */
  readonly outputs: readonly Port[];
  /** Of so many rows as come together, at most `largestBatch`. */
  answer(asked: readonly AskedOf[]): Promise<readonly Answer[]>;
  dispose(): void;
}

/** Rows that are computed at once: more would let others wait longer than they gain. */
export const largestBatch = 64;

/** Sizes that batches of rows are filled up to. */
const batchSizes = [largestBatch, 8, 1] as const;

/**
 * Loads a model, and proves by its golden rows that it computes here what it did when it was trained.
 *
 * @param warn is told where it has none
 * @throws UserError as loadTrainedModel, and `golden-differs`
 */
export async function loadServedModel(
  folder: string,
  { emit, warn }: { readonly emit: Emit; readonly warn: (warning: Diagnostic) => void },
): Promise<ServedModel> {
  const predictor = await loadPredictor(folder, emit, batchSizes);
  const { signature, reader } = predictor;
  const { tf } = await loadEngine();
  const model = await loadLayersModel(tf, folder);
  const outputs = model.outputs.map(({ shape }, k) => ({
    name: signature.targets[k]!.name,
    shape: shape.slice(1) as readonly number[],
  }));
  const run = (inputs: readonly Float32Array[], count: number): readonly Float32Array[] =>
    tf.tidy(() => {
      const given = inputs.map((values, k) => tf.tensor(values, [count, ...signature.inputs[k]!.shape]));
      const told = model.apply(given.length === 1 ? given[0]! : given) as Tensor | Tensor[];
      return [told].flat().map((tensor) => Float32Array.from(tensor.dataSync()));
    });
  const answerTensors = (rows: readonly (readonly Float32Array[])[]): readonly Answer[] => {
    const inputs = signature.inputs.map(({ shape }, k) => {
      const all = new Float32Array(rows.length * sizeOf(shape));
      rows.forEach((values, row) => all.set(values[k]!, row * sizeOf(shape)));
      return all;
    });
    const told = run(inputs, rows.length);
    return rows.map((_, row) => told.map((all) => partOf(all, row, rows.length)));
  };
  const answerRows = async (rows: readonly AskedRow[]): Promise<readonly Answer[]> => {
    const answers: Answer[] = [];
    for await (const { prediction } of predictor.predict(rows)) answers.push(prediction!);
    return answers;
  };
  try {
    proveGolden(folder, run, warn);
    // Compiled now, so that nobody waits for it later.
    const x = signature.inputs.map(({ dtype, shape }) =>
      dtype === 'uint8' ? new Uint8Array(sizeOf(shape)) : new Float32Array(sizeOf(shape)),
    );
    for (const size of batchSizes) await answerRows(Array.from({ length: size }, () => ({ place: {}, x })));
  } catch (error) {
    predictor.dispose();
    throw error;
  }
  return {
    name: predictor.pipeline.name,
    preparation: predictor.preparation,
    reader,
    signature,
    outputs,
    answer: async (asked) => {
      const tensors = asked.flatMap((one) => ('tensors' in one ? [one.tensors] : []));
      const rows = asked.flatMap((one) => ('row' in one ? [one.row] : []));
      const ofTensors = tensors.length === 0 ? [] : answerTensors(tensors);
      const ofRows = rows.length === 0 ? [] : await answerRows(rows);
      let [tensor, row] = [0, 0];
      return asked.map((one) => ('tensors' in one ? ofTensors[tensor++]! : ofRows[row++]!));
    },
    dispose: () => {
      predictor.dispose();
      model.dispose();
    },
  };
}

const partOf = (all: Float32Array, row: number, count: number): Float32Array =>
  all.subarray((row * all.length) / count, ((row + 1) * all.length) / count);

function proveGolden(
  folder: string,
  run: (inputs: readonly Float32Array[], count: number) => readonly Float32Array[],
  warn: (warning: Diagnostic) => void,
): void {
  let golden;
  try {
    golden = readGolden(folder);
  } catch (error) {
    if (!(error instanceof UserError) || error.diagnostics[0]!.code !== 'no-golden') throw error;
    warn(asWarning(error.diagnostics[0]!));
    return;
  }
  const inputs = golden.inputs.map(({ values }) => Float32Array.from(values));
  const { worst, tolerance, isWithin } = distanceOf(golden.outputs, run(inputs, golden.inputs[0]!.shape[0]!));
  if (isWithin) return;
  throw failure(
    'golden-differs',
    `the model in ${folder} does not compute here what it did when it was trained: its golden rows differ by ` +
      `${worst.toPrecision(2)}, and may by ${tolerance.toPrecision(2)}`,
    'Take the folder from the run again; `pipeline engine` says which engine computes here.',
  );
}
