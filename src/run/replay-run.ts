import { existsSync } from 'node:fs';
import { dirname, isAbsolute, relative, sep } from 'node:path';
import { UserError, failure } from '../base/diagnostics.ts';
import type { RunEvent } from '../base/events.ts';
import { rememberSecrets } from '../base/secrets.ts';
import { locate } from '../datasets/data-file.ts';
import { datasetRow } from '../datasets/datasets.ts';
import { ensureEngine } from '../engine/install/install-engine.ts';
import { loadEngine } from '../engine/load-engine.ts';
import { load } from '../stages/load.ts';
import { countTowers, threadsPerOp } from '../training/split-batch.ts';
import { train } from '../stages/train.ts';
import { AllowedKeys } from '../tracking/store/allowed-keys.ts';
import type { FetchedRun } from '../tracking/recorded-runs.ts';
import type { Metric } from '../tracking/tracker.ts';
import { type CheckedPipeline, checkSource } from '../plan/check-pipeline.ts';
import { wantedValues } from '../language/pipeline.ts';
import { graphOf } from '../plan/plan-pipeline.ts';
import { readRecorded } from '../language/read-recorded.ts';
import { runTags } from './record-run.ts';
import { shorten } from '../base/shorten.ts';
import { type Trial, forTrial, limitData } from './trial.ts';

/** What a replay is told. */
export interface ReplayRequest {
  readonly run: FetchedRun;
  /** See checkRecorded. */
  readonly checked: CheckedPipeline;
  readonly tell: (line: string) => void;
  readonly emit: (event: RunEvent) => void;
  readonly signal: AbortSignal;
}

type Epochs = ReadonlyMap<number, ReadonlyMap<string, number>>;

/** Tags of a run that its numbers depend on. */
const versions = ['pipeline.layerline', 'pipeline.engine', 'pipeline.node', 'pipeline.platform'] as const;

/**
 * Checks what a run trained, as its tracker has it. Whoever wrote that is not known: it is read by itself, data only
 * from below the folder that one is in, and nothing is fetched.
 *
 * @throws UserError where it has a mistake, names data elsewhere or a trial that there is not, or the run has no record
 * of it
 */
export async function checkRecorded({ artifact, tags }: FetchedRun): Promise<CheckedPipeline> {
  trialOf(tags['pipeline.trial']);
  const [text, file] = [await artifact('config/resolved.yaml'), tags['mlflow.source.name']];
  const source = {
    name: file !== undefined && file.length <= longestName && isBelow(file) ? file : 'pipeline.yaml',
    text,
  };
  const { pipeline, resolved } = readRecorded(source);
  rememberSecrets(resolved);
  const { type, options } = pipeline.data.source;
  for (const { path, url } of datasetRow(type)
    .named(options)
    .map((named) => locate(named, dirname(source.name)))) {
    if (url !== undefined && !existsSync(path))
      throw failure(
        'data-not-fetched',
        `the run's data is at ${shorten(url, 200)}, which is not fetched`,
        'a record chooses no address: where you trust this one, ' +
          '`pipeline plan FILE` fetches what a file of yours names',
      );
    if (url === undefined && !isBelow(path))
      throw failure(
        'data-elsewhere',
        `the run's data is ${shorten(path, 200)}, which is not below the folder that you are in`,
        'a record chooses no file outside: where it is your own, ' +
          'stand in a folder above both the data and the pipeline file',
      );
  }
  const { checked, diagnostics: found } = checkSource(source);
  if (checked === undefined) throw new UserError(found, 2);
  return checked;
}

/**
 * Trains once more what a run trained, from what its tracker has of it, and compares each epoch. Other versions and
 * other data are told of first.
 *
 * @throws UserError that names the first epoch that differs, or why the run cannot be replayed
 */
export async function replay({ run, checked: whole, tell, emit, signal }: ReplayRequest): Promise<void> {
  const trial = trialOf(run.tags['pipeline.trial']);
  const checked = trial === undefined ? whole : forTrial(whole, trial);
  const {
    source: { name: source },
    pipeline,
    plan,
  } = checked;
  await ensureEngine({ emit });
  const engine = await loadEngine(threadsPerOp(countTowers({ ...pipeline.train, graph: plan })));
  const now = runTags(source, `${engine.kind}: ${engine.version}`);
  for (const key of versions)
    if (run.tags[key] !== now[key])
      tell(
        `another ${key.replace('pipeline.', '')}: ` +
          `it was ${shorten(run.tags[key] ?? 'not recorded', 200)}, it is ${now[key]}`,
      );

  const loaded = await load({ ...pipeline.data, seed: pipeline.seed, folder: dirname(source), signal });
  for (const line of otherData(run, loaded.dataset.files)) tell(line);
  const data =
    trial === undefined
      ? loaded
      : limitData(loaded, trial, { batchSize: pipeline.train.batchSize, seed: pipeline.seed });
  const epochs = epochsOf(await run.metrics());
  if (epochs.size === 0)
    throw failure(
      'nothing-recorded',
      'the run has no epoch that could be compared',
      'replay a run that trained for an epoch at least',
    );
  const weights = await retrain({ checked, epochs, tell, signal }, { engine, data });
  const recorded = run.tags['pipeline.weights_sha256'];
  if (weights === undefined || recorded === undefined)
    tell(`${count(epochs.size)} the same; the run has no weights to compare, as it did not finish its training`);
  else if (weights !== recorded)
    throw failure(
      'replay-differs',
      `${count(epochs.size)} the same, but the weights are not: ` +
        `their SHA-256 was ${shorten(recorded, 200)}, it is ${weights}`,
    );
  else tell(`${count(epochs.size)} the same to the bit, and so are the weights: ${weights}`);
}

// Of a file that the record names, as messages show it.
const longestName = 500;

function isBelow(path: string): boolean {
  const way = relative('.', path);
  return way.split(sep)[0] !== '..' && !isAbsolute(way) && !path.includes('\0');
}

interface Comparison {
  readonly checked: CheckedPipeline;
  readonly epochs: Epochs;
  readonly tell: (line: string) => void;
  readonly signal: AbortSignal;
}

/** @returns the SHA-256 of the weights; undefined where the run ended before its training did */
async function retrain(
  { checked: { pipeline, plan }, epochs, tell, signal }: Comparison,
  parts: Pick<Parameters<typeof train>[0], 'engine' | 'data'>,
): Promise<string | undefined> {
  const stop = new AbortController();
  const last = [...epochs.keys()].reduce((most, epoch) => Math.max(most, epoch), 0);
  let [different, isPast]: [UserError | undefined, boolean] = [undefined, false];
  const emit = (event: RunEvent): void => {
    if (event.type === 'progress' && event.epoch > last) isPast = true;
    if (event.type === 'epoch-finished' && event.epoch <= last) {
      different = compare(event.epoch, event.metrics, epochs.get(event.epoch));
      if (different === undefined) tell(`epoch ${event.epoch} of ${last} is the same`);
    }
    if (isPast || different !== undefined) stop.abort();
  };
  const wanted = wantedValues(pipeline);
  try {
    const trained = await train({
      ...parts,
      graph: graphOf(plan),
      ...pipeline.train,
      wanted,
      seed: pipeline.seed,
      emit,
      signal: AbortSignal.any([signal, stop.signal]),
    });
    trained.dispose();
    if (different !== undefined) throw different as UserError;
    return trained.weightsSha256;
  } catch (error) {
    if (different !== undefined) throw different as UserError;
    if (isPast && !signal.aborted) return undefined;
    throw error;
  }
}

function compare(
  epoch: number,
  now: Readonly<Record<string, number>>,
  recorded: ReadonlyMap<string, number> | undefined,
): UserError | undefined {
  const keys = Object.keys(now).filter((key) => !Object.is(recorded?.get(key), now[key]));
  if (keys.length === 0) return undefined;
  const differences = keys.map((key) => `${key} was ${recorded?.get(key) ?? 'not recorded'}, is ${now[key]}`);
  return failure(
    'replay-differs',
    `epoch ${epoch} is the first that differs: ${differences.join('; ')}`,
    'what is told of above may be why; so may another processor, or another number of threads',
  );
}

/** Metrics of each epoch, by their step. */
function epochsOf(metrics: readonly Metric[]): Epochs {
  const epochs = new Map<number, Map<string, number>>();
  for (const { key, step, value } of metrics.filter(({ step }) => step > 0)) {
    if (!epochs.has(step)) epochs.set(step, new Map());
    epochs.get(step)!.set(key, value);
  }
  return epochs;
}

function otherData(
  { tags }: FetchedRun,
  files: readonly { readonly name: string; readonly sha256: string }[],
): string[] {
  const keys = new AllowedKeys();
  return files.flatMap(({ name, sha256 }) => {
    const recorded = tags[keys.allow(`data.sha256.${name}`)];
    return recorded === sha256
      ? []
      : [`other data in ${name}: its SHA-256 was ${shorten(recorded ?? 'not recorded', 200)}, it is ${sha256}`];
  });
}

function trialOf(tag: string | undefined): Trial | undefined {
  if (tag === undefined) return undefined;
  if (tag === 'smoke') return { kind: 'smoke' };
  const samples = /^overfit-([1-9]\d{0,8})$/.exec(tag)?.[1];
  if (samples === undefined)
    throw failure(
      'unknown-trial',
      `the run's tag pipeline.trial is '${shorten(tag)}', and no trial is called so`,
      'correct the tag where the run is recorded: `smoke`, or `overfit-` and a number of samples',
    );
  return { kind: 'overfit', samples: Number(samples) };
}

function count(epochs: number): string {
  return epochs === 1 ? 'the one epoch is' : `all ${epochs} epochs are`;
}
