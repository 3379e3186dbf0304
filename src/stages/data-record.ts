import { createHash } from 'node:crypto';
import { anything, type Form, list, object, record, such, text, whole } from '../base/json-form.ts';
import { hideSecretsIn } from '../base/secrets.ts';
import { shorten } from '../base/shorten.ts';
import type { DataFile } from '../datasets/files/data-file.ts';
import type { InputSpec, TargetSpec } from '../datasets/dataset.ts';
import type { Scale } from '../datasets/scale.ts';
import { input as datasetInput } from '../tracking/server/journal-lines.ts';
import type { DatasetInput, TrackedRun } from '../tracking/tracker.ts';
import { writeArtifact } from '../tracking/write-artifact.ts';
import type { Finding } from './data-findings.ts';
import type { LoadedData } from './load.ts';
import type { TrainOutput } from './train.ts';

/** The data that was read, with what proves which it was. */
export interface DataRecord {
  readonly summary: string;
  readonly files: readonly DataFile[];
  readonly inputs: readonly DatasetInput[];
  /** What the model's inputs are made from, for who uses it. */
  readonly preparation: Readonly<Record<string, unknown>>;
  /** What it holds in numbers, and what was found in it. */
  readonly examined: Readonly<Record<string, unknown>>;
}

/** What a record of data has to say. */
export const dataRecordForm: Form<DataRecord> = object({
  summary: text(),
  files: list(object({ name: text(), sha256: text(/^[0-9a-f]{64}$/), bytes: whole })),
  inputs: list(such(datasetInput, ({ digest }) => /^[0-9a-f]{36}$/.test(digest))),
  preparation: record(anything),
  examined: record(anything),
});

/** What is recorded of data. @param findings all that is told of it */
export function describeData(
  { dataset, split, facts }: Pick<LoadedData, 'dataset' | 'split' | 'facts'>,
  findings: readonly Finding[],
): DataRecord {
  const files = hideSecretsIn(dataset.files.map(({ name, sha256, bytes }) => ({ name, sha256, bytes })));
  const part = (context: DatasetInput['context'], count: number, rows?: Uint32Array) =>
    describePart(dataset, { context, count, ...(rows === undefined ? {} : { rows }) });
  const inputs = [
    part('training', split.train.length, split.train),
    ...(split.validation.length === 0 ? [] : [part('validation', split.validation.length, split.validation)]),
    part('test', dataset.test.count),
  ];
  return {
    summary:
      `${dataset.name}: ${split.train.length} training, ${split.validation.length} validation, ` +
      `${dataset.test.count} test samples${describeSources(facts)}${describeWays(dataset.spec.inputs)}`,
    files,
    preparation: {
      inputs: dataset.spec.inputs,
      targets: dataset.spec.targets,
      // Evaluation comes in batches that go by these.
      samples: { train: split.train.length, validation: split.validation.length, test: dataset.test.count },
      ...(dataset.preparation === undefined ? {} : { preparation: dataset.preparation }),
      ...(dataset.beside === undefined ? {} : { beside: dataset.beside }),
    },
    inputs,
    examined: hideSecretsIn({
      digests: Object.fromEntries(inputs.map(({ context, digest }) => [context, digest])),
      ...facts,
      findings,
    }),
  };
}

/** How many samples of each listed file or folder are trained on; nothing where one is listed. */
function describeSources({ sources = [] }: LoadedData['facts']): string {
  const some = sources.slice(0, mostSources).map(({ name, training }) => `${training} of ${shorten(name)}`);
  const more = sources.length - some.length;
  if (some.length === 0) return '';
  return `; trained on ${some.join(', ')}${more === 0 ? '' : ` and those of ${more} more`}`;
}

/** Files and folders that a line has room for. */
const mostSources = 4;

/** What inputs are standardized and whitened by; nothing where they are not. */
const describeWays = (inputs: readonly InputSpec[]) => describeChannels(inputs) + describeWhitening(inputs);

/** By what the channels of pictures are standardized; nothing where they are not. */
function describeChannels(inputs: readonly InputSpec[]): string {
  const some = inputs.filter(({ standardized }) => standardized !== undefined);
  const each = some.map(({ name, standardized }) => {
    const numbers = (of: (scale: Scale) => number) => standardized!.map((scale) => of(scale).toFixed(4)).join(', ');
    const whose = some.length > 1 ? `${name}: ` : '';
    return `${whose}mean ${numbers(({ mean }) => mean)}, deviation ${numbers(({ deviation }) => deviation)}`;
  });
  return each.map((text) => `; channels by ${text}`).join('');
}

/** In how many directions inputs are whitened; nothing where they are not. */
function describeWhitening(inputs: readonly InputSpec[]): string {
  const each = inputs.flatMap(({ name, whitened }) =>
    whitened === undefined ? [] : [`${name} by ${whitened.directions} directions of ${whitened.mean.length}`],
  );
  return each.length === 0 ? '' : `; whitened: ${each.join(', ')}`;
}

/** Some samples of a data set, as MLflow's dataset inputs have them. @param part.rows left out: all of them */
export function describePart(
  { name, files: read, spec }: Pick<LoadedData['dataset'], 'name' | 'files' | 'spec'>,
  {
    context,
    count,
    rows = new Uint32Array(),
  }: {
    readonly context: DatasetInput['context'];
    readonly count: number;
    readonly rows?: Uint32Array;
  },
): DatasetInput {
  const files = hideSecretsIn(read.map((file) => ({ name: file.name, sha256: file.sha256, bytes: file.bytes })));
  const { inputs, targets } = hideSecretsIn({
    // Matrices are no part of what samples look like.
    inputs: spec.inputs.map((one) => {
      const { whitened: _, ...input } = one;
      return input;
    }),
    targets: spec.targets,
  });
  return {
    name,
    // MLflow takes 36 characters at most; the rows are part of what was trained on.
    digest: createHash('sha256').update(JSON.stringify(files)).update(context).update(rows).digest('hex').slice(0, 36),
    sourceType: 'local',
    source: JSON.stringify({ files }),
    schema: JSON.stringify({ inputs, targets }),
    profile: JSON.stringify({ samples: count }),
    context,
  };
}

/**
 * What a model predicts, with what its numbers were standardized by for training: in the model that is saved they are
 * in their own unit.
 */
export function describeTargets(targets: readonly TargetSpec[], scales: TrainOutput['scales']): readonly object[] {
  return targets.map((target, k) => (scales[k] ? { ...target, standardized: scales[k] } : target));
}

/** The data, as MLflow's dataset inputs have it, the hash of each file, and what was found in them. */
export function recordData(run: TrackedRun, { files, inputs, examined }: DataRecord): void {
  run.inputs(inputs);
  writeArtifact(run, 'data/findings.json', `${JSON.stringify(examined, null, 2)}\n`);
  run.tags(Object.fromEntries(files.map(({ name, sha256 }) => [`data.sha256.${name}`, sha256])));
}
