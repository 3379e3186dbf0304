import { basename } from 'node:path';
import { stringify } from 'yaml';
import type { DataFile } from '../datasets/data-file.ts';
import type { Evaluation } from '../base/results.ts';
import { stageNames } from '../base/events.ts';
import { hideSecretsIn } from '../base/secrets.ts';
import type { Pictures } from '../charts/chart.ts';
import type { ReportInput } from '../charts/report.ts';
import { type Dataset, sampleNoun } from '../datasets/dataset.ts';
import { judge } from '../training/early-stopping.ts';
import type { CheckedPipeline } from '../plan/check-pipeline.ts';
import { hideInFile } from '../language/syntax/hide-in-file.ts';
import type { KeptOutcomes } from './kept-outcomes.ts';
import type { TrainOutcome } from './outcomes.ts';
import { parseYaml } from '../language/syntax/parse-yaml.ts';
import type { Pipeline } from '../language/pipeline.ts';
import { entryOf } from '../language/syntax/source-tree.ts';
import { type Trial, describeTrial } from './trial.ts';
import { version } from '../base/version.ts';

/** What a run came to know on its way to the report. */
export interface RunFacts {
  readonly checked: CheckedPipeline;
  readonly trial: Trial | undefined;
  readonly run: { readonly runId: string; readonly experimentId: string };
  /** Milliseconds since 1970. */
  readonly startTime: number;
  /** Where the run is recorded. */
  readonly where: string;
  /** The command that opens it. */
  readonly open: string;
  readonly files: readonly DataFile[];
  readonly trained: TrainOutcome;
  readonly evaluation: Evaluation;
  /** The stages that did not run. */
  readonly kept: KeptOutcomes['found'];
}

/** The test samples as pictures: where all inputs are bytes of one shape, [height, width, 1 or 3]; several stand side by side. */
export function picturesIn({ spec: { inputs }, test }: Dataset): Pictures | undefined {
  const { shape } = inputs[0]!;
  const images = test.inputs.filter((values) => values instanceof Uint8Array);
  if (
    images.length < inputs.length ||
    shape.length !== 3 ||
    ![1, 3].includes(shape[2]!) ||
    inputs.some((input) => String(input.shape) !== String(shape))
  )
    return undefined;
  return images.length === 1 ? { shape, values: images[0]! } : sideBySide(images, shape);
}

function sideBySide(images: readonly Uint8Array[], [height, width, channels]: readonly number[]): Pictures {
  const row = width! * channels!;
  const values = new Uint8Array(images.length * images[0]!.length);
  images.forEach((image, k) => {
    for (let at = 0; at < image.length; at += row)
      values.set(image.subarray(at, at + row), at * images.length + k * row);
  });
  return { shape: [height!, width! * images.length, channels!], values };
}

/** The report's contents, but for its figures. */
export function reportFacts({
  checked,
  trial,
  run,
  startTime,
  where,
  open,
  files,
  trained,
  evaluation,
  kept,
}: RunFacts): Omit<ReportInput, 'figures' | 'leftOut'> {
  const { pipeline, plan, source, settings, resolved } = checked;
  const { reference } = pipeline.visualize;
  return hideSecretsIn({
    name: pipeline.name,
    run: {
      name: run.runId,
      ...(trial === undefined ? {} : { trial: describeTrial(trial) }),
      startedAt: `${new Date(startTime).toISOString().slice(0, 16).replace('T', ' ')} UTC`,
      durationSeconds: (Date.now() - startTime) / 1000,
      pace: { perSecond: trained.samplesPerSecond, samples: sampleNoun(plan.dataset) },
      seed: pipeline.seed,
      kept: stageNames.flatMap((stage) => (kept[stage] === undefined ? [] : [{ stage, runId: kept[stage].runId }])),
    },
    history: trained.history,
    ...bestEpoch(pipeline, trained),
    evaluation,
    numbers: plan.dataset.targets.flatMap(({ kind, name }, k) =>
      kind === 'number' ? [{ name, scales: trained.scales[k] ?? null, why: plan.asTheyAre[k] ?? null }] : [],
    ),
    ...(reference === undefined ? {} : { reference }),
    layers: plan.layers.map(({ name, type, outputShape, parameters }) => ({
      name,
      type,
      outputShape,
      parameters: parameters.trainable + parameters.nonTrainable,
    })),
    parameters: plan.parameters.trainable + plan.parameters.nonTrainable,
    pipeline: {
      file: basename(source.name),
      text: hideInFile(source.text),
      settings,
      ...(ranAsWritten(checked) ? {} : { resolved: stringify(hideSecretsIn(resolved)) }),
    },
    weightsSha256: trained.weightsSha256,
    dataFiles: files,
    versions: { layerline: version, engine: trained.engine, node: process.version },
    tracking: { where, experimentId: run.experimentId, runId: run.runId, open },
  });
}

/** The epoch whose weights the model has, where early stopping chose it. */
export function bestEpoch(
  { train: { earlyStopping } }: Pipeline,
  { history, epoch }: TrainOutcome,
): { readonly best?: number } {
  return earlyStopping?.restoreBestWeights === true && judge(history, earlyStopping).best === epoch
    ? { best: epoch }
    : {};
}

/** Whether the file alone, but for defaults, says what ran. */
function ranAsWritten({ source, settings }: CheckedPipeline): boolean {
  return settings.length === 0 && entryOf(parseYaml(source).root, 'extends') === undefined;
}
