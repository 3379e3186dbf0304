import { setImmediate } from 'node:timers/promises';
import type { Emit } from '../base/events.ts';
import { sizeOf } from '../base/tensor-shape.ts';
import { type AskedRow, type RowReader, type Values, decoded } from '../datasets/dataset.ts';
import { datasetRow, readyDataset } from '../datasets/datasets.ts';
import { noLabels } from '../training/feed.ts';
import { type TrainedModel, loadTrainedModel } from './load-trained-model.ts';
import { type Prediction, type SaidValues, predictionOf, withErrors } from './prediction.ts';

/** A row that the model was asked about. */
export interface PredictedRow extends AskedRow {
  /** Left out where the row could not be used. */
  readonly prediction?: Prediction;
  /** The same of each target as indices of classes, or numbers. */
  readonly values?: readonly SaidValues[];
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
  const { evaluator, pipeline, signature, preparation, beside, dispose } = await loadTrainedModel(
    folder,
    emit,
    ['probabilities'],
    batches,
  );
  const { inputs, targets } = signature;
  const { type, options } = pipeline.data.source;
  await readyDataset(type, 'rows');
  const prepared = { ...signature, ...(preparation && { preparation }), ...(beside && { beside }) };
  const reader = readerOf(() => datasetRow(type).rows({ options, ...prepared }));
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
    return rows.map(([values], row) => withErrors(signature, values!, predictionOf(targets, outputs, { row, count })));
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
      for (const given of rows) {
        const row = await decoded(given);
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
