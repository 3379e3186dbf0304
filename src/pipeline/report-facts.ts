import { basename } from 'node:path';
import { hideSecrets } from '../base/secrets.ts';
import type { Evaluation, Pictures } from '../charts/chart.ts';
import type { ReportInput } from '../charts/report.ts';
import type { DataFile, Dataset } from '../datasets/dataset.ts';
import type { CheckedPipeline } from './check-pipeline.ts';
import type { TrainOutcome } from './kept-outcomes.ts';
import { version } from './version.ts';

/** What a run came to know on its way to the report. */
export interface RunFacts {
  readonly checked: CheckedPipeline;
  readonly run: { readonly runId: string; readonly experimentId: string };
  /** Milliseconds since 1970. */
  readonly startTime: number;
  /** Where the run is recorded. */
  readonly where: string;
  readonly files: readonly DataFile[];
  readonly trained: TrainOutcome;
  readonly evaluation: Evaluation;
}

/** The test samples as pictures: where the only input is bytes of shape [height, width, 1 or 3]. */
export function picturesIn({ spec: { inputs }, test }: Dataset): Pictures | undefined {
  const [input] = inputs;
  const { shape } = input!;
  const values = test.inputs[0];
  if (inputs.length > 1 || !(values instanceof Uint8Array) || shape.length !== 3 || ![1, 3].includes(shape[2]!)) return undefined;
  return { shape, values };
}

/** The report's contents, but for its figures. */
export function reportFacts({ checked, run, startTime, where, files, trained, evaluation }: RunFacts): Omit<ReportInput, 'figures' | 'leftOut'> {
  const { pipeline, plan, source } = checked;
  const { reference } = pipeline.visualize;
  return {
    name: pipeline.name,
    run: {
      name: run.runId,
      startedAt: `${new Date(startTime).toISOString().slice(0, 16).replace('T', ' ')} UTC`,
      durationSeconds: (Date.now() - startTime) / 1000,
      imagesPerSecond: trained.imagesPerSecond,
      seed: pipeline.seed,
    },
    history: trained.history,
    evaluation,
    ...(reference === undefined ? {} : { reference }),
    layers: plan.layers.map(({ name, type, outputShape, parameters }) => ({ name, type, outputShape, parameters: parameters.trainable + parameters.nonTrainable })),
    parameters: plan.parameters.trainable + plan.parameters.nonTrainable,
    pipeline: { file: basename(source.name), text: hideSecrets(source.text) },
    weightsSha256: trained.weightsSha256,
    dataFiles: files,
    versions: { layerline: version, engine: trained.engine, node: process.version },
    tracking: { where, experimentId: run.experimentId, runId: run.runId, open: 'pipeline ui' },
  };
}
