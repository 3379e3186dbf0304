import type { Tensor } from '@tensorflow/tfjs';
import * as ort from 'onnxruntime-web';
import type { Engine } from '../../src/engine/tensorflow.ts';
import type { Scale } from '../../src/datasets/scale.ts';
import { type Model, type ModelGraph, buildModel } from '../../src/layers/build-model.ts';
import { layerRow } from '../../src/layers/layers.ts';
import { onnxNames } from '../../src/layers/onnx/onnx-model.ts';
import { type SavedModel, saveModel } from '../../src/layers/save-model.ts';
import { writeOnnx } from '../../src/models/formats/onnx.ts';

ort.env.wasm.numThreads = 1;

/** One sample after the other, for one input. */
export interface Feed {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** A net with random weights, as a trained one has them, and what TensorFlow.js makes of random inputs with it. */
export interface ExportedNet {
  readonly bytes: Uint8Array;
  readonly names: ReturnType<typeof onnxNames>;
  /** For each size of a batch. */
  readonly batches: readonly { readonly inputs: readonly Feed[]; readonly outputs: readonly Feed[] }[];
}

/** Numbers of 0..1 that are the same each time. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** @param indices of inputs that are read as whole numbers: how many there are */
export async function exportNet(
  engine: Engine,
  graph: ModelGraph,
  {
    sizes = [1, 3, 7],
    scales = [],
    loaded = false,
    targets = graph.outputs.map((_, k) => ({ name: `target${k}` })),
  }: {
    readonly sizes?: readonly number[];
    readonly scales?: readonly (readonly Scale[] | null)[];
    readonly targets?: readonly { readonly name: string }[];
    /** Whether TensorFlow.js loads the saved model for it, as one that is given on. */
    readonly loaded?: boolean;
  } = {},
): Promise<ExportedNet> {
  const { tf } = engine;
  const next = numbers(graph.layers.length + graph.inputs[0]!.shape.length);
  const model = buildModel(engine, graph, 1);
  setWeights(engine, model, next);
  model.constrain();
  const saved = await saveModel(tf, model, scales);
  const indices = graph.inputs.map((_, k) =>
    graph.layers.flatMap(({ type, options, inputs }) =>
      inputs.includes(-1 - k) ? (layerRow(type).readsIndices?.(options) ?? []) : [],
    ),
  );
  const compute = loaded ? await loadWhole(engine, saved) : model.forward;
  const batches = sizes.map((size) => {
    const inputs = graph.inputs.map(({ shape }, k): Feed => {
      const whole = [size, ...shape];
      const most = Math.min(...indices[k]!);
      const length = whole.reduce((product, one) => product * one, 1);
      const values = Float32Array.from({ length }, () =>
        most === Infinity ? 4 * next() - 2 : Math.floor(next() * most),
      );
      return { shape: whole, values };
    });
    const outputs = tf.tidy(() => {
      const given = inputs.map(({ shape, values }) => tf.tensor(values, [...shape]));
      return compute(given).map((output) => ({
        shape: output.shape,
        values: output.dataSync() as Float32Array,
      }));
    });
    return { inputs, outputs };
  });
  model.dispose();
  return {
    bytes: writeOnnx({ name: 'net', graph, saved, targets, scales }),
    names: onnxNames(graph.inputs, targets),
    batches,
  };
}

/** The model as its files hold it, with the end that brings numbers to their own unit. */
async function loadWhole({ tf }: Engine, { description, weights }: SavedModel) {
  const [{ weights: weightSpecs }] = description['weightsManifest'] as [{ weights: never[] }];
  const { modelTopology } = description as { modelTopology: object };
  const whole = await tf.loadLayersModel(
    tf.io.fromMemory({ modelTopology, weightSpecs, weightData: weights.slice().buffer }),
  );
  return (inputs: readonly Tensor[]) =>
    [whole.predict(inputs.length === 1 ? inputs[0]! : [...inputs])].flat() as readonly Tensor[];
}

/** Weights as training may leave them: averages and variances other than those a net begins with, too. */
function setWeights({ tf }: Engine, model: Model, next: () => number): void {
  for (const variable of model.variables) {
    const positive = variable.name.includes('moving_variance');
    const inputs = variable.shape.slice(0, -1).reduce((product, size) => product * size, 1);
    const spread = variable.rank > 1 ? Math.sqrt(3 / inputs) : 1;
    tf.tidy(() =>
      variable.assign(
        tf.tensor(
          Float32Array.from({ length: variable.size }, () => (positive ? 0.2 + next() : spread * (2 * next() - 1))),
          variable.shape,
        ),
      ),
    );
  }
}

/** What differs in ONNX Runtime from TensorFlow.js, beyond the tolerance of golden rows; empty where nothing does. */
export async function differences({ bytes, names, batches }: ExportedNet): Promise<{
  readonly faults: readonly string[];
  /** The largest difference, as a share of the largest value. */
  readonly worst: number;
}> {
  const session = await ort.InferenceSession.create(bytes, { logSeverityLevel: 3 });
  const faults: string[] = [];
  let worst = 0;
  for (const { inputs, outputs } of batches) {
    const feeds = Object.fromEntries(
      inputs.map(({ shape, values }, k) => [names.inputs[k]!, new ort.Tensor('float32', values, [...shape])]),
    );
    const results = await session.run(feeds);
    for (const [k, { shape, values }] of outputs.entries()) {
      const result = results[names.outputs[k]!]!;
      if (String(result.dims) !== String(shape)) faults.push(`gives ${result.dims.join('x')}, not ${shape.join('x')}`);
      const { share, fault } = compare(result.data as Float32Array, values);
      worst = Math.max(worst, share);
      if (fault !== undefined) faults.push(`batch ${shape[0]}: ${fault}`);
    }
  }
  await session.release();
  return { faults, worst };
}

/** max|d| <= 1e-5 * max|y| + 1e-6, where there is a number to compare with. */
export function compare(
  given: ArrayLike<number>,
  wanted: ArrayLike<number>,
): { readonly share: number; readonly fault?: string } {
  let [largest, difference] = [0, 0];
  for (let i = 0; i < wanted.length; i++) {
    if (!Number.isFinite(wanted[i])) continue;
    largest = Math.max(largest, Math.abs(wanted[i]!));
    difference = Math.max(difference, Math.abs(given[i]! - wanted[i]!));
  }
  const share = largest === 0 ? difference : difference / largest;
  return difference <= 1e-5 * largest + 1e-6 ? { share } : { share, fault: `differs by ${difference} of ${largest}` };
}
