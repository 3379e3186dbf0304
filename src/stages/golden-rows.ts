import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { type Form, list, object, oneOf, such } from '../base/json-form.ts';
import type { Evaluation } from '../base/results.ts';
import { seedFor } from '../base/seeds.ts';
import { sizeOf } from '../base/tensor-shape.ts';
import { type NamedArray, namedArrayForm } from '../checkpoints/checkpoint-file.ts';
import { asTaken } from '../datasets/as-taken.ts';
import type { BatchSource } from '../datasets/batch-source.ts';
import type { Batch } from '../datasets/batches.ts';
import type { Dataset, InputSpec } from '../datasets/dataset.ts';
import { isReconstruction } from '../datasets/reconstruction.ts';
import type { Scale } from '../datasets/scale.ts';
import type { Tf } from '../engine/tensorflow.ts';
import type { Model, ModelGraph } from '../layers/build-model.ts';
import { maskOrigins } from '../layers/lost-masks.ts';
import { inOwnUnit } from '../layers/save-model.ts';

/** Rows that a model was given, and what it made of them: whatever else computes it has to say the same. */
export interface GoldenRows {
  /** Why each row is there. */
  readonly rows: readonly GoldenRow[];
  /** Each [rows, ...shape] float32, as the model takes it: scaled, and standardized. Called as the data calls it. */
  readonly inputs: readonly NamedArray[];
  /** Each [rows, ...shape] float32, in the unit of the data. Called as the target that it predicts. */
  readonly outputs: readonly NamedArray[];
  /** What is right, of the rows that are of the test split: they are the first. */
  readonly labels: readonly NamedArray[];
}

const kinds = ['test', 'least sure', 'normal', 'zeros', 'ones'] as const;
export type GoldenRow = (typeof kinds)[number];

/** What says why a row is there. */
export const goldenRowForm: Form<GoldenRow> = oneOf(...kinds);

/** What golden rows have to say. */
export const goldenForm: Form<GoldenRows> = such(
  object({
    rows: list(goldenRowForm),
    inputs: list(namedArrayForm),
    outputs: list(namedArrayForm),
    labels: list(namedArrayForm),
  }),
  ({ rows, inputs, outputs, labels }) =>
    [...inputs, ...outputs].every(({ shape, values }) => shape[0] === rows.length && values instanceof Float32Array) &&
    labels.every(({ shape }) => shape[0] === rows.filter(isOfTest).length),
);

/** What golden rows are made from. */
export interface GoldenInput {
  readonly tf: Tf;
  readonly model: Model;
  /** As saveModel is told. */
  readonly scales: readonly (readonly Scale[] | null)[];
  readonly dataset: Pick<Dataset<BatchSource>, 'spec' | 'test'>;
  /** Of that test split. */
  readonly evaluation: Evaluation;
  /** Whether a layer reads indices: of them only those of the data are known to be there, and 0. */
  readonly readsIndices: boolean;
  readonly seed: number;
}

/**
 * Eight rows of the test split, the four more that the model is least sure of, two of normal numbers, zeros and ones;
 * fewer of the test split where it has no more, and of the others where they could be no indices.
 */
export async function goldenRows(given: GoldenInput): Promise<GoldenRows> {
  const {
    tf,
    model,
    scales,
    seed,
    dataset: { spec, test },
    evaluation,
    readsIndices,
  } = given;
  const first = Math.min(8, test.count);
  const picked = [...Array(first).keys(), ...leastSure(evaluation, test.count, first)];
  const random = normalNumbers(seedFor(seed, 'golden'));
  const takesAnyNumber = !readsIndices || spec.inputs.every(({ indices }) => indices !== undefined);
  const made = madeRows(takesAnyNumber, model.graph, picked.length > 0);
  const rows: readonly GoldenRow[] = [...picked.map((_, i) => (i < first ? 'test' : 'least sure')), ...made];
  const batch = await firstOf(test, picked);
  const inputs = spec.inputs.map((input, k): NamedArray => {
    const values = new Float32Array(rows.length * sizeOf(input.shape));
    if (batch !== undefined) values.set(asTaken(batch.x[k]!, input));
    values.set(
      made.flatMap((row) => madeValues(row, input, random)),
      picked.length * sizeOf(input.shape),
    );
    return { name: input.name, shape: [rows.length, ...input.shape], values };
  });
  const outputs: NamedArray[] = [];
  tf.tidy(() => {
    const tensors = inputs.map(({ values, shape }) => tf.tensor(values, [...shape]));
    for (const [k, told] of model.forward(tensors).entries()) {
      const tensor = inOwnUnit(tf, told, scales[k] ?? null);
      outputs.push({
        name: spec.targets[k]!.name,
        shape: tensor.shape,
        values: Float32Array.from(tensor.dataSync()),
      });
    }
  });
  const labels = spec.targets.map((target, k): NamedArray => {
    const values = isReconstruction(target) ? batch?.y[k] : test.labels(k, Uint32Array.from(picked));
    return { name: target.name, shape: [picked.length, ...target.shape], values: values ?? new Float64Array() };
  });
  return { rows, inputs, outputs, labels };
}

/**
 * The rows that are no samples. Of zeros, and of ones, no step may be there: where their mean is taken it is 0 here and
 * no number in Keras, so that they would prove nothing.
 */
function madeRows(takesAnyNumber: boolean, { layers }: ModelGraph, hasSamples: boolean): readonly GoldenRow[] {
  const origins = maskOrigins(layers);
  const takesMean = layers.some(
    ({ type, inputs }) => type === 'globalAveragePooling1d' && (origins[inputs[0]!] ?? []).length > 0,
  );
  if (takesMean && (takesAnyNumber || hasSamples)) return takesAnyNumber ? ['normal', 'normal'] : [];
  return takesAnyNumber ? ['normal', 'normal', 'zeros', 'ones'] : ['zeros'];
}

/** Which of the sixteen rows are not among some, and why: the same cases as above. */
export function leftOutOf(rows: readonly GoldenRow[]): readonly string[] {
  const tested = rows.filter(isOfTest).length;
  const hasNormal = rows.includes('normal');
  const told: string[] = [];
  if (tested < 12) told.push(`${12 - tested} of the test split, which has ${tested === 0 ? 'none' : tested}`);
  if (!hasNormal)
    told.push('normal numbers, as a layer reads indices, and which there are is known of those of the data alone');
  if (!rows.includes('zeros'))
    told.push('zeros and ones, of which no step may be there: their mean is 0 here, and no number in Keras');
  else if (!hasNormal) told.push('ones, for the same reason');
  return told;
}

async function firstOf(source: BatchSource, rows: readonly number[]): Promise<Batch | undefined> {
  for await (const batch of source.batches({ rows: Uint32Array.from(rows), size: rows.length })) return batch;
  return undefined;
}

/** Whether a row is of the test split. */
export function isOfTest(row: GoldenRow): boolean {
  return row === 'test' || row === 'least sure';
}

/**
 * The four rows whose class has the least probability, at any place of any output; ties, and models of numbers alone,
 * by the order of the rows. For two classes those are the ones with the smallest margin; for more nearly so, and the
 * probabilities of all classes of all samples need not be in memory.
 */
function leastSure({ outputs }: Evaluation, count: number, from: number): readonly number[] {
  const sure = new Float64Array(count).fill(1);
  for (const output of outputs) {
    if (output.kind !== 'class') continue;
    const places = output.confidence.length / count;
    output.confidence.forEach((value, i) => {
      const row = Math.floor(i / places);
      sure[row] = Math.min(sure[row]!, value);
    });
  }
  const rest = Array.from({ length: count - from }, (_, i) => from + i);
  return rest.toSorted((a, b) => sure[a]! - sure[b]!).slice(0, 4);
}

/** A row that no data set has; of indices, such that are there. */
function madeValues(row: GoldenRow, { shape, indices }: InputSpec, random: () => number): readonly number[] {
  const one = indices === undefined ? 1 : Math.min(1, indices - 1);
  const value = () => {
    if (row === 'zeros') return 0;
    if (row === 'ones') return one;
    const drawn = random();
    return indices === undefined ? drawn : Math.floor(Math.abs(drawn) * indices) % indices;
  };
  return Array.from({ length: sizeOf(shape) }, value);
}

/** Standard normal numbers, by Box and Muller (1958). */
function normalNumbers(seed: number): () => number {
  const random = xoroshiro128plus(seed);
  return () => Math.sqrt(-2 * Math.log(1 - uniformFloat64(random))) * Math.cos(2 * Math.PI * uniformFloat64(random));
}
