import { dirname } from 'node:path';
import { UserError, failure } from '../base/diagnostics.ts';
import type { RunEvent } from '../base/events.ts';
import type { Fetching } from '../datasets/fetch-files.ts';
import { ensureEngine } from '../engine/install.ts';
import { loadEngine } from '../engine/load.ts';
import { load } from '../stages/load.ts';
import { countTowers, threadsPerOp } from '../stages/towers.ts';
import { train } from '../stages/train.ts';
import { AllowedKeys } from '../tracking/allowed-keys.ts';
import type { FetchedRun } from '../tracking/fetch-run.ts';
import { type CheckedPipeline, checkAndFetch } from './check-pipeline.ts';
import { wantsProbabilities } from './pipeline.ts';
import { graphOf } from './plan.ts';
import { runTags } from './record.ts';
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

/** Checks what a run trained, as its tracker has it. @throws UserError as checkAndFetch; where the run has no record of it */
export async function checkRecorded(run: FetchedRun, fetching: Fetching): Promise<CheckedPipeline> {
  return checkAndFetch({ name: nameOf(run), text: await run.artifact('config/resolved.yaml') }, [], fetching);
}

const nameOf = ({ tags }: FetchedRun) => tags['mlflow.source.name'] ?? 'pipeline.yaml';

/**
 * Trains once more what a run trained, from what its tracker has of it, and compares each epoch. Other versions and other
 * data are told of first.
 *
 * @throws UserError that names the first epoch that differs, or why the run cannot be replayed
 */
export async function replay({ run, checked: whole, tell, emit, signal }: ReplayRequest): Promise<void> {
  const source = nameOf(run);
  const trial = trialOf(run.tags['pipeline.trial']);
  const checked = trial === undefined ? whole : forTrial(whole, trial);
  const { pipeline, plan } = checked;
  await ensureEngine({ emit });
  const engine = await loadEngine(threadsPerOp(countTowers({ ...pipeline.train, graph: plan })));
  const now = runTags(source, `${engine.kind}: ${engine.version}`);
  for (const key of versions) if (run.tags[key] !== now[key]) tell(`another ${key.replace('pipeline.', '')}: it was ${run.tags[key] ?? 'not recorded'}, it is ${now[key]}`);

  const loaded = await load({ ...pipeline.data, seed: pipeline.seed, folder: dirname(source), signal });
  for (const line of otherData(run, loaded.dataset.files)) tell(line);
  const data = trial === undefined ? loaded : limitData(loaded, trial, { batchSize: pipeline.train.batchSize, seed: pipeline.seed });
  const epochs = epochsOf(run);
  if (epochs.size === 0) throw failure('nothing-recorded', 'the run has no epoch that could be compared', 'replay a run that trained for an epoch at least');
  const weights = await retrain({ checked, epochs, tell, signal }, { engine, data });
  const recorded = run.tags['pipeline.weights_sha256'];
  if (weights === undefined || recorded === undefined) tell(`${count(epochs.size)} the same; the run has no weights to compare, as it did not finish its training`);
  else if (weights !== recorded) throw failure('replay-differs', `${count(epochs.size)} the same, but the weights are not: their SHA-256 was ${recorded}, it is ${weights}`);
  else tell(`${count(epochs.size)} the same to the bit, and so are the weights: ${weights}`);
}

interface Comparison {
  readonly checked: CheckedPipeline;
  readonly epochs: Epochs;
  readonly tell: (line: string) => void;
  readonly signal: AbortSignal;
}

/** @returns the SHA-256 of the weights; undefined where the run ended before its training did */
async function retrain({ checked: { pipeline, plan }, epochs, tell, signal }: Comparison, parts: Pick<Parameters<typeof train>[0], 'engine' | 'data'>): Promise<string | undefined> {
  const stop = new AbortController();
  const last = Math.max(...epochs.keys());
  let [different, isPast]: [UserError | undefined, boolean] = [undefined, false];
  const emit = (event: RunEvent): void => {
    if (event.type === 'progress' && event.epoch > last) isPast = true;
    if (event.type === 'epoch-finished' && event.epoch <= last) {
      different = compare(event.epoch, event.metrics, epochs.get(event.epoch));
      if (different === undefined) tell(`epoch ${event.epoch} of ${last} is the same`);
    }
    if (isPast || different !== undefined) stop.abort();
  };
  const probabilities = wantsProbabilities(pipeline);
  try {
    const trained = await train({ ...parts, graph: graphOf(plan), ...pipeline.train, probabilities, seed: pipeline.seed, emit, signal: AbortSignal.any([signal, stop.signal]) });
    trained.dispose();
    if (different !== undefined) throw different as UserError;
    return trained.weightsSha256;
  } catch (error) {
    if (different !== undefined) throw different as UserError;
    if (isPast && !signal.aborted) return undefined;
    throw error;
  }
}

function compare(epoch: number, now: Readonly<Record<string, number>>, recorded: ReadonlyMap<string, number> | undefined): UserError | undefined {
  const keys = Object.keys(now).filter((key) => !Object.is(recorded?.get(key), now[key]));
  if (keys.length === 0) return undefined;
  const differences = keys.map((key) => `${key} was ${recorded?.get(key) ?? 'not recorded'}, is ${now[key]}`);
  return failure('replay-differs', `epoch ${epoch} is the first that differs: ${differences.join('; ')}`, 'what is told of above may be why; so may another processor, or another number of threads');
}

/** Metrics of each epoch, by their step. */
function epochsOf({ metrics }: FetchedRun): Epochs {
  const epochs = new Map<number, Map<string, number>>();
  for (const { key, step, value } of metrics.filter(({ step }) => step > 0)) {
    if (!epochs.has(step)) epochs.set(step, new Map());
    epochs.get(step)!.set(key, value);
  }
  return epochs;
}

function otherData({ tags }: FetchedRun, files: readonly { readonly name: string; readonly sha256: string }[]): string[] {
  const keys = new AllowedKeys();
  return files.flatMap(({ name, sha256 }) => {
    const recorded = tags[keys.allow(`data.sha256.${name}`)];
    return recorded === sha256 ? [] : [`other data in ${name}: its SHA-256 was ${recorded ?? 'not recorded'}, it is ${sha256}`];
  });
}

function trialOf(tag: string | undefined): Trial | undefined {
  if (tag === undefined) return undefined;
  return tag === 'smoke' ? { kind: 'smoke' } : { kind: 'overfit', samples: Number(tag.replace('overfit-', '')) };
}

function count(epochs: number): string {
  return epochs === 1 ? 'the one epoch is' : `all ${epochs} epochs are`;
}
