import { type Diagnostic, UserError, failure } from '../base/diagnostics.ts';
import type { Emit } from '../base/events.ts';
import { type AskedRow, type InputSpec, type TargetSpec, decoded } from '../datasets/dataset.ts';
import { asked } from '../datasets/given-values.ts';
import { findModel } from './find-model.ts';
import type { Prediction } from './prediction.ts';

/** A trained model, ready to be asked. */
export interface LoadedModel {
  /** What it takes, and what it predicts. */
  readonly signature: { readonly inputs: readonly InputSpec[]; readonly targets: readonly TargetSpec[] };
  /**
   * What the model makes of rows, in their order, each prepared as the run prepared its own: scaled, standardized,
   * categories and characters looked up.
   *
   * A row of a table is an object of its columns: `{ bill_length_mm: 39.1, island: 'Torgersen' }`. A picture is the
   * path of a picture, counted from the current folder, its bytes, or its pixels from 0 to 255: lists
   * [height][width][channels], or a Uint8Array of as many. A text has as many characters as the model was trained on. A
   * window of a series is an object with a list of values for each column, the oldest first.
   * Where there are several inputs, a row is an object of them by their names.
   *
   * @throws UserError with a diagnostic for each row that cannot be used, of the first twenty, and no prediction then;
   * the signal's reason when it is aborted
   */
  predict(rows: readonly unknown[], options?: { readonly signal?: AbortSignal }): Promise<readonly Prediction[]>;
  /** Frees its memory: it cannot be asked any more. */
  dispose(): void;
}

/** Where models are looked for, and who is told meanwhile. */
export interface LoadModelOptions {
  /** The local store of runs. Default: `runs`. */
  readonly runs?: string;
  /** MLflow server that has the run. Default: MLFLOW_TRACKING_URI, else the local store. */
  readonly trackingUri?: string;
  /** Is told what is strange, and hinders nothing. Default: nobody. */
  readonly warn?: (warning: Diagnostic) => void;
  /** Is told how the engine is set up, where it is not yet. Default: nobody. */
  readonly emit?: Emit;
  readonly signal?: AbortSignal;
}

/** Rows that are named one by one where they cannot be used. */
const mostNamed = 20;

/**
 * Loads a trained model, to ask it what `pipeline predict` would.
 *
 * @param reference the run that trained it, as all commands name one, or a folder that holds a model
 * @throws UserError where there is none, or it is damaged
 */
export async function loadModel(reference: string, options: LoadModelOptions = {}): Promise<LoadedModel> {
  const {
    runs = 'runs',
    trackingUri = process.env['MLFLOW_TRACKING_URI'],
    warn = () => undefined,
    emit,
    signal = new AbortController().signal,
  } = options;
  const { folder } = await findModel(reference, { runs, trackingUri }, { warn, signal });
  const { loadPredictor } = await import('./predictor.ts');
  const { signature, reader, predict, dispose } = await loadPredictor(folder, emit);
  let isDisposed = false;
  return {
    signature,
    predict: async (rows, asking = {}) => {
      if (isDisposed) throw new Error('the model is disposed');
      if (!Array.isArray(rows))
        throw failure('wrong-shape', 'predict takes a list of rows', `The model takes ${reader.takes}.`);
      const given: AskedRow[] = [];
      for (const [k, row] of rows.entries())
        given.push(await decoded(asked({ row: k }, () => reader.encode(row, `rows[${k}]`, '.'))));
      const faults = given.flatMap(({ x, fault }) => (x === undefined ? [fault!] : []));
      if (faults.length > 0) throw new UserError(faults.slice(0, mostNamed), 1);
      for (const { warning } of given) if (warning !== undefined) warn(warning);
      const predictions: Prediction[] = [];
      for await (const { prediction } of predict(given, asking.signal)) predictions.push(prediction!);
      return predictions;
    },
    dispose: () => {
      if (!isDisposed) dispose();
      isDisposed = true;
    },
  };
}
