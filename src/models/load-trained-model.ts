import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Source, failure } from '../base/diagnostics.ts';
import type { Emit } from '../base/events.ts';
import {
  type Form,
  anything,
  either,
  flag,
  hasForm,
  list,
  number,
  object,
  oneOf,
  optional,
  record,
  such,
  text,
  whole,
} from '../base/json-form.ts';
import { readOfVersion } from '../base/other-version.ts';
import { readFileWithin } from '../base/read-file.ts';
import type { InputSpec, TargetSpec } from '../datasets/dataset.ts';
import { type Whitening, decodeMatrix } from '../datasets/input-ways.ts';
import type { Scale } from '../datasets/scale.ts';
import { sizeOf } from '../base/tensor-shape.ts';
import { ensureEngine } from '../engine/install/install-engine.ts';
import { loadEngine } from '../engine/load-engine.ts';
import type { ModelGraph } from '../layers/build-model.ts';
import { readModelFiles } from '../layers/load-model.ts';
import type { SavedModel } from '../layers/save-model.ts';
import { type Pipeline, wantedValues } from '../language/pipeline.ts';
import { readRecorded } from '../language/read-recorded.ts';
import { checkShapes } from '../plan/check-shapes.ts';
import { graphOf } from '../plan/plan-pipeline.ts';
import type { ClassValues } from '../training/loss.ts';
import { modelOutputs } from '../training/model-outputs.ts';
import { type RestoredModel, restoreEvaluator } from '../training/restore-evaluator.ts';
import { countTowers, threadsPerOp } from '../training/split-batch.ts';
import { hashesOf, proveHashes } from './golden.ts';
import { pipelineIn, versionIn } from './model-yaml.ts';

/** A trained model from the files of its run, at work without its data. */
export interface TrainedModel extends Pick<RestoredModel, 'evaluator' | 'dispose'> {
  /** What trained it; its data is read by what `data` and `seed` say. */
  readonly pipeline: Pipeline;
  /** What it takes, and what it predicts, in the unit of the data. */
  readonly signature: { readonly inputs: readonly InputSpec[]; readonly targets: readonly TargetSpec[] };
  /** What was done to the values of the files before they are its inputs; left out: nothing that had to be fitted. */
  readonly preparation?: Readonly<Record<string, unknown>>;
  /** See Dataset.beside; models of earlier versions do not say it. */
  readonly beside?: readonly string[];
}

const size = such(whole, (value) => value > 0);
const shape = list(size);
const count = such(whole, (value) => value >= 0);
/** Whether a whitening is one of so many values, with all of its numbers. */
function isWhitening({ mean, matrix }: Whitening, values: number): boolean {
  // The length first: a text that claims more is not decoded.
  if (mean.length !== values || matrix.length !== 4 * Math.ceil((4 * values ** 2) / 3)) return false;
  const numbers = decodeMatrix(matrix);
  return numbers.length === values ** 2 && numbers.every(Number.isFinite);
}

const scalesForm = list(object({ mean: number, deviation: such(number, (value) => value > 0) }));
/** Of bytes that are 0 to 1: 256 values have no smaller deviation but 0, for which 1 stands. */
const channelsForm = list(
  object({
    mean: such(number, (value) => value >= 0 && value <= 1),
    deviation: such(number, (value) => value > 1e-9 && value <= 1),
  }),
);
const inputForm: Form<InputSpec> = such(
  object({
    name: text(),
    shape,
    dtype: oneOf('uint8', 'float32'),
    scale: number,
    standardized: optional(channelsForm),
    whitened: optional(
      object({ mean: list(number), matrix: text(/^[A-Za-z0-9+/]*={0,2}$/), directions: such(whole, (of) => of >= 0) }),
    ),
    indices: optional(size),
    padded: optional((value) => (value === true ? undefined : '')) as Form<true | undefined>,
  }),
  ({ shape: own, standardized, whitened }) =>
    (standardized === undefined || standardized.length === own.at(-1)) &&
    (whitened === undefined || isWhitening(whitened, sizeOf(own))),
);
const classForm = such(
  object({
    kind: oneOf('class'),
    name: text(),
    classes: list(text()),
    shape,
    ordinal: optional((value) => (value === true ? undefined : '')) as Form<true | undefined>,
    tokens: optional(oneOf('words', 'characters')),
    wholeText: optional(object({ lowerCase: flag })),
    several: optional(
      object({
        labels: list(text()),
        separator: optional(text()),
        columns: optional((value) => (value === true ? undefined : '')) as Form<true | undefined>,
      }),
    ),
  }),
  ({ wholeText, tokens, shape: places }) => wholeText === undefined || (tokens !== undefined && places.length === 1),
);
const numberForm = object({
  kind: oneOf('number'),
  name: text(),
  shape,
  standardize: optional((value) => (typeof value === 'boolean' ? undefined : '')) as Form<boolean | undefined>,
  reconstructs: optional(oneOf('shares', 'numbers')),
  standardized: optional(scalesForm),
});

/** What `model.json` says beside the model, as far as its evaluation depends on it; see recordModel. */
const metadataForm = object({
  inputs: such(list(inputForm), ({ length }) => length > 0),
  targets: such(list(either(classForm, numberForm)), ({ length }) => length > 0),
  preparation: optional(record(anything)),
  beside: optional(list(text())),
  weightsSha256: text(/^[0-9a-f]{64}$/),
  step: text(/^(compiled|eager)/),
  samples: object({ train: count, validation: count, test: count }),
});

/** A trained model as its folder holds it, with what it is made of. */
export interface ReadModel {
  readonly pipeline: Pipeline;
  readonly saved: SavedModel;
  readonly graph: ModelGraph;
  /** Of model.json: see recordModel. */
  readonly metadata: NonNullable<typeof metadataForm.of>;
}

/**
 * Reads the files of a model, and proves that they belong together as far as that can be told without TensorFlow.
 *
 * @throws UserError as loadTrainedModel
 */
export function readTrainedModel(path: string): ReadModel {
  // The weights are proven by what model.json says of them.
  proveHashes(path, hashesOf(path), ['model.yaml', 'model.json']);
  const source = readPipelineOf(path);
  const files = readModelFiles(path);
  return readOfVersion(source.version, () => modelOf(path, source, files));
}

function modelOf(path: string, source: Source, { saved, metadata }: ReturnType<typeof readModelFiles>): ReadModel {
  const { pipeline, rangeOf } = readRecorded(source);
  if (!hasForm(metadataForm, metadata))
    throw mismatch(path, `\`userDefinedMetadata.${metadataForm(metadata)}\` of model.json is not as it was written`);
  const { inputs, targets } = metadata;
  const { dataset, layers, outputs, asTheyAre } = checkShapes(
    { layers: pipeline.layers, complete: true, outputs: pipeline.train.outputs, allOutputs: true },
    '.',
    rangeOf,
    { inputs, targets },
  );
  if (dataset === undefined || layers === undefined || outputs === undefined || asTheyAre === undefined)
    throw mismatch(path, 'the layers of its pipeline do not fit the inputs and targets of model.json');
  return { pipeline, saved, graph: graphOf({ dataset, layers, outputs, asTheyAre }), metadata };
}

/**
 * Loads the model that a finished run has recorded, to evaluate it to the bits that the run would. Reads three files
 * of its folder, `model.yaml`, `model.json` and `weights.bin`, and no data; where there is no `model.yaml`, as versions
 * before made none, the run's `config/resolved.yaml`.
 *
 * @param path the folder of the model: `artifacts/model` of the run, or a copy of it
 * @param wanted what is told of all classes; left out: what the metrics of the pipeline take
 * @param batches sizes of batches, the largest first; left out: those that the run evaluated in, for the same bits
 * @throws UserError where the folder is none of a run that has trained, or what is in it is damaged or does not belong
 * together
 */
export async function loadTrainedModel(
  path: string,
  emit: Emit = () => {},
  wanted?: readonly ClassValues[],
  batches?: readonly number[],
): Promise<TrainedModel> {
  const { pipeline, saved, graph, metadata } = readTrainedModel(path);
  const { inputs, targets, preparation, beside, weightsSha256, step, samples } = metadata;
  await ensureEngine({ emit });
  const engine = await loadEngine(threadsPerOp(countTowers({ ...pipeline.train, graph })));
  const { evaluator, dispose } = restoreEvaluator(
    { model: saved, weightsSha256, step },
    {
      engine,
      graph,
      inputs,
      outputs: modelOutputs(targets, pipeline.train.outputs, scalesOf(targets)),
      wanted: wanted ?? wantedValues(pipeline),
      batchSize: pipeline.train.batchSize,
      step: pipeline.train.step,
      samples,
      ...(batches && { batches }),
      from: path,
    },
  );
  return {
    pipeline,
    evaluator,
    signature: { inputs, targets },
    ...(preparation === undefined ? {} : { preparation }),
    ...(beside === undefined ? {} : { beside }),
    dispose,
  };
}

/** What the numbers of each target were standardized by; null where they were not. */
export function scalesOf(targets: ReadModel['metadata']['targets']): readonly (readonly Scale[] | null)[] {
  return targets.map((target) => (target.kind === 'number' ? (target.standardized ?? null) : null));
}

/** The pipeline that trained a model. @throws UserError where it cannot be read, or is not as it was written */
export function readPipelineOf(folder: string): Source & { readonly version?: string | undefined } {
  const name = join(folder, 'model.yaml');
  if (!existsSync(name)) {
    const recorded = join(folder, '../config/resolved.yaml');
    return { name: recorded, text: readText(recorded) };
  }
  const content = readText(name);
  const source = pipelineIn({ name, text: content });
  if (source === undefined) throw mismatch(folder, 'model.yaml is not as it was written');
  return { ...source, version: versionIn(content) };
}

function readText(path: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileWithin(path, 100e6));
  } catch (error) {
    throw failure(
      'no-model',
      `${path} cannot be read: ${(error as Error).message}`,
      'Name the folder `artifacts/model` of a run that has trained.',
      error,
    );
  }
}

function mismatch(path: string, what: string): Error {
  return failure(
    'model-damaged',
    `${path} does not hold the model of its run: ${what}`,
    'Take `config` and `model` from the run again: they belong together.',
  );
}
