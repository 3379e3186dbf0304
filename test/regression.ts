import { join } from 'node:path';
import type { TrainInput } from '../src/stages/train-input.ts';
import type { Evaluation, History, NumberResult } from '../src/base/results.ts';
import { UserError } from '../src/base/diagnostics.ts';
import type { Engine } from '../src/engine/tensorflow.ts';
import { type SavedModel, saveModel } from '../src/layers/save-model.ts';
import { checkSource } from '../src/plan/check-pipeline.ts';
import { graphOf } from '../src/plan/plan-pipeline.ts';
import { evaluate } from '../src/stages/evaluate.ts';
import { type LoadedData, load } from '../src/stages/load.ts';
import { type TrainOutput, train } from '../src/stages/train.ts';
import type { Rig } from './rig.ts';
import { takeRows } from './take-all.ts';

/** A pipeline that learns the numbers of a table, and the table itself. */
export interface Regression {
  /** Rows of numbers under names of columns. */
  readonly table: Readonly<Record<string, readonly number[]>>;
  /** Options of the source beside the file. */
  readonly source?: string;
  readonly layers?: string;
  /** Lines of the train section. */
  readonly train?: string;
  readonly epochs?: number;
  readonly split?: string;
}

/** What came of it. */
export interface Learnt {
  readonly history: History;
  readonly evaluation: Evaluation;
  readonly outputs: readonly NumberResult[];
  readonly scales: TrainOutput['scales'];
  readonly weightsSha256: string;
  readonly saved: SavedModel;
  /** What the test samples are predicted from, as the model takes it. */
  readonly inputs: readonly Float32Array[];
  /** The rows trained on. */
  readonly training: { readonly inputs: Float32Array; readonly targets: Float64Array };
  readonly warnings: readonly string[];
}

/** The rows of a table as a CSV file. */
export function csvOf(table: Regression['table']): string {
  const columns = Object.values(table);
  const rows = columns[0]!.map((_, row) => columns.map((values) => values[row]).join());
  return `${Object.keys(table).join()}\n${rows.join('\n')}\n`;
}

/** The pipeline file. */
export function textOf({
  source = 'targets: { y: number }',
  layers = '[dense 16 relu, dense 1]',
  train: options = 'loss: meanSquaredError',
  epochs = 20,
  split = '{ validation: 0.15 }',
}: Omit<Regression, 'table'>): string {
  return `name: numbers
seed: 3
data:
  source: { csv: { file: table.csv, ${source} } }
  split: ${split}
model: { layers: ${layers} }
train: { optimizer: adam(0.01), epochs: ${epochs}, batchSize: 16, ${options} }
evaluate: { metrics: [meanAbsoluteError, meanSquaredError, rootMeanSquaredError, meanAbsolutePercentageError, r2Score] }
`;
}

/** Checks, loads, trains and evaluates by the real stages. @throws UserError with the mistakes of the file */
export async function learn(
  engine: Engine,
  rig: Rig,
  given: Regression,
  more: Partial<TrainInput> = {},
): Promise<Learnt> {
  rig.write('table.csv', csvOf(given.table));
  const { checked, diagnostics } = checkSource({ name: join(rig.folder, 'numbers.yaml'), text: textOf(given) });
  if (checked === undefined) throw new UserError(diagnostics, 2);
  const { pipeline, plan } = checked;
  const { signal } = new AbortController();
  const data = await load({ ...pipeline.data, seed: pipeline.seed, folder: rig.folder });
  const trained = await train({
    engine,
    data,
    graph: graphOf(plan),
    ...pipeline.train,
    wanted: [],
    seed: pipeline.seed,
    emit: () => {},
    signal,
    ...more,
  });
  try {
    const evaluation = await evaluate({
      evaluator: trained.evaluator,
      dataset: data.dataset,
      metrics: pipeline.evaluate.metrics!,
      signal,
    });
    const { history, scales, weightsSha256 } = trained;
    const saved = await saveModel(engine.tf, trained.model, scales);
    return {
      history,
      evaluation,
      outputs: evaluation.outputs as readonly NumberResult[],
      scales,
      weightsSha256,
      saved,
      inputs: (await takeRows(data.dataset.test)).x as readonly Float32Array[],
      training: await trainedOn(data),
      warnings: [...checked.warnings, ...data.warnings].map(({ code }) => code),
    };
  } finally {
    trained.dispose();
  }
}

async function trainedOn({ dataset, split }: LoadedData): Promise<Learnt['training']> {
  const { x, y } = await takeRows(dataset.train, split.train);
  return { inputs: x[0] as Float32Array, targets: y[0] as Float64Array };
}
