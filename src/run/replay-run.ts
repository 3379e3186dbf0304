import { dirname } from 'node:path';
import { UserError, failure } from '../base/diagnostics.ts';
import type { RunEvent } from '../base/events.ts';
import { ensureEngine } from '../engine/install/install-engine.ts';
import { loadEngine } from '../engine/load-engine.ts';
import { load } from '../stages/load.ts';
import { countTowers, threadsPerOp } from '../training/split-batch.ts';
import { train } from '../stages/train.ts';
import type { FetchedRun } from '../tracking/recorded-runs.ts';
import type { Metric } from '../tracking/tracker.ts';
import type { CheckedPipeline } from '../plan/check-pipeline.ts';
import { wantedValues } from '../language/pipeline.ts';
import { graphOf } from '../plan/plan-pipeline.ts';
import { otherData, trialOf } from './check-recorded.ts';
import { runTags } from './record-run.ts';
import { shorten } from '../base/shorten.ts';
import { forTrial, limitData } from './trial.ts';

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
  for (const line of otherData(run.tags, loaded.dataset.files)) tell(line);
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

function count(epochs: number): string {
  return epochs === 1 ? 'the one epoch is' : `all ${epochs} epochs are`;
}
