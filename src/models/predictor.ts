import { setImmediate } from 'node:timers/promises';
import type { Emit } from '../base/events.ts';
import { sizeOf } from '../base/tensor-shape.ts';
import type { AskedRow, RowReader, TargetSpec, Values } from '../datasets/dataset.ts';
import { datasetRow } from '../datasets/datasets.ts';
import type { OutputEvaluation } from '../training/evaluator.ts';
import { noLabels } from '../training/feed.ts';
import { type TrainedModel, loadTrainedModel } from './load-trained-model.ts';

/**
 * A class by its name, or a number in the unit of the data; of a target with places lists of them, as deep as its
 * shape. Null stands for a place that a mask leaves out.
 */
export type Said = string | number | null | readonly Said[];

/** What a model says of a row. */
export interface Prediction {
  /** By the name of the target. */
  readonly predicted: Readonly<Record<string, Said>>;
  /** Of each target of classes: the probability of the one that is predicted. */
  readonly confidence: Readonly<Record<string, Said>>;
  /** Of each target of one class per row: the probability of every class, by its name. */
  readonly probabilities: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

/** A row that the model was asked about. */
export interface PredictedRow extends AskedRow {
  /** Left out where the row could not be used. */
  readonly prediction?: Prediction;
  /** The same of each target as indices of classes, or numbers. */
  readonly values?: readonly SaidValues[];
}

/** What is said of a target, as numbers. */
interface SaidValues {
  readonly predicted: Int32Array | Float64Array;
  /** Under a mask: 1 for each place that is there, else 0. */
  readonly there?: Int32Array;
}

/** A trained model that says what it makes of rows, as its users have them. */
export interface Predictor extends Omit<TrainedModel, 'evaluator'> {
  readonly reader: RowReader;
  /**
   * What the model makes of rows, in their order. Rows come in batches as those of the test split did, so that these
   * have the same bits again; which other rows stand beside one changes nothing that matters.
   *
   * @throws the signal's reason when it is aborted; what `rows` throws
   */
  predict(rows: Iterable<AskedRow>, signal?: AbortSignal): AsyncGenerator<PredictedRow>;
}

/**
 * Loads the model that a finished run has recorded, to ask it about rows.
 *
 * @param batches sizes of batches; left out: those that the run evaluated in, for the same bits
 * @throws UserError as loadTrainedModel
 */
export async function loadPredictor(folder: string, emit?: Emit, batches?: readonly number[]): Promise<Predictor> {
  const { evaluator, pipeline, signature, preparation, dispose } = await loadTrainedModel(
    folder,
    emit,
    ['probabilities'],
    batches,
  );
  const { inputs, targets } = signature;
  const { type, options } = pipeline.data.source;
  const reader = readerOf(() => datasetRow(type).rows({ options, ...signature, ...(preparation && { preparation }) }));
  function readerOf(make: () => RowReader): RowReader {
    try {
      return make();
    } catch (error) {
      dispose();
      throw error;
    }
  }
  const predictBatch = (rows: readonly (readonly Values[])[]): readonly Omit<PredictedRow, keyof AskedRow>[] => {
    const count = rows.length;
    const x = inputs.map(({ dtype, shape }, k) => {
      const size = sizeOf(shape);
      const all = dtype === 'uint8' ? new Uint8Array(count * size) : new Float32Array(count * size);
      rows.forEach((values, row) => all.set(values[k]!, row * size));
      return all;
    });
    const { outputs } = evaluator.evaluate({ x, y: noLabels(targets, count), count });
    return rows.map((_, row) => {
      const said = targets.map((target, k) => ({ target, ...saidOf(target, outputs[k]!, { row, count }) }));
      const of = <T>(value: (one: (typeof said)[number]) => T | undefined) =>
        Object.fromEntries(
          said.flatMap((one) => {
            const found = value(one);
            return found === undefined ? [] : [[one.target.name, found] as const];
          }),
        );
      return {
        prediction: {
          predicted: of(({ predicted }) => predicted),
          confidence: of(({ confidence }) => confidence),
          probabilities: of(({ probabilities }) => probabilities),
        },
        values: said.map(({ values }) => values),
      };
    });
  };
  return {
    pipeline,
    signature,
    ...(preparation && { preparation }),
    reader,
    dispose,
    async *predict(rows, signal) {
      let waiting: AskedRow[] = [];
      let usable: (readonly Values[])[] = [];
      const flush = function* (): Generator<PredictedRow> {
        const predictions = usable.length === 0 ? [] : predictBatch(usable);
        let next = 0;
        for (const row of waiting) yield row.x === undefined ? row : { ...row, ...predictions[next++] };
        [waiting, usable] = [[], []];
      };
      for (const row of rows) {
        waiting.push(row);
        if (row.x !== undefined) usable.push(row.x);
        if (usable.length < evaluator.evaluationBatch) continue;
        yield* flush();
        await setImmediate();
        signal?.throwIfAborted();
      }
      yield* flush();
    },
  };
}

interface SaidOfTarget {
  readonly values: SaidValues;
  readonly predicted: Said;
  readonly confidence?: Said;
  readonly probabilities?: Readonly<Record<string, number>>;
}

/** What one output says of one row of a batch. */
function saidOf(
  target: TargetSpec,
  output: OutputEvaluation,
  { row, count }: { readonly row: number; readonly count: number },
): SaidOfTarget {
  const part = <V extends Int32Array | Float32Array | Float64Array>(values: V): V => {
    const each = values.length / count;
    return values.slice(row * each, (row + 1) * each) as V;
  };
  const there = output.there && part(output.there);
  const predicted = part(output.predicted);
  const values = { predicted, ...(there && { there }) };
  const whereThere = (said: (at: number) => Said) => (at: number) =>
    there === undefined || there[Math.floor((at * there.length) / predicted.length)] !== 0 ? said(at) : null;
  const { shape } = target;
  if (target.kind === 'number') {
    const at = whereThere((place) => predicted[place]!);
    return { values, predicted: sizeOf(shape) === 1 ? at(0) : nested(shape, at) };
  }
  const { classes } = target;
  const confidence = part(output.confidence!);
  const said: SaidOfTarget = {
    values,
    predicted: nested(
      shape,
      whereThere((place) => classes[predicted[place]!]!),
    ),
    confidence: nested(
      shape,
      whereThere((place) => confidence[place]!),
    ),
  };
  if (shape.length > 0) return said;
  const probabilities = part(output.probabilities!);
  return { ...said, probabilities: Object.fromEntries(classes.map((name, k) => [name, probabilities[k]!])) };
}

/** Lists within lists of a shape; what stands in them by its place, the last dimension fastest. */
function nested(shape: readonly number[], at: (place: number) => Said, first = 0): Said {
  const [length, ...rest] = shape;
  if (length === undefined) return at(first);
  const each = sizeOf(rest);
  return Array.from({ length }, (_, k) => nested(rest, at, first + k * each));
}
