import { basename } from 'node:path';
import { stringify } from 'yaml';
import type { Evaluation } from '../base/results.ts';
import { hideSecretsIn } from '../base/secrets.ts';
import type { ReportInput } from '../charts/report.ts';
import type { DataFile } from '../datasets/files/data-file.ts';
import { sampleNoun } from '../datasets/findings/sample-noun.ts';
import type { CheckedPipeline } from '../plan/check-pipeline.ts';
import { hideInFile } from '../language/syntax/hide-in-file.ts';
import { bestEpoch } from '../stages/train-stage.ts';
import type { TrainOutcome } from '../stages/train-outcome.ts';
import { parseYaml } from '../language/syntax/parse-yaml.ts';
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
  readonly kept: ReportInput['run']['kept'];
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
      kept,
    },
    history: trained.history,
    ...bestEpoch(pipeline, trained),
    evaluation,
    numbers: plan.dataset.targets.flatMap(({ kind, name }, k) =>
      kind === 'number' ? [{ name, scales: trained.scales[k] ?? null, why: plan.asTheyAre[k] ?? null }] : [],
    ),
    suspects: trained.suspects ?? [],
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

/** Whether the file alone, but for defaults, says what ran. */
function ranAsWritten({ source, settings }: CheckedPipeline): boolean {
  return settings.length === 0 && entryOf(parseYaml(source).root, 'extends') === undefined;
}
