import type { Emit, StageName } from '../base/events.ts';
import { stageNames } from '../base/events.ts';
import { type DataHashes, type Fingerprint, fingerprintsOf } from '../cache/fingerprints.ts';
import { type Entry, StageCache } from '../cache/stage-cache.ts';
import type { Evaluation } from '../charts/chart.ts';
import type { Checkpoint } from '../checkpoints/checkpoint-file.ts';
import type { SavedModel } from '../layers/save-model.ts';
import type { TrainOutput } from '../stages/train.ts';
import type { TrainingState } from '../stages/training-progress.ts';
import type { Drawn } from '../stages/visualize.ts';
import type { CheckedPipeline } from './check-pipeline.ts';
import { originOf, shorterTraining } from './freshness.ts';
import type { DataRecord } from './record.ts';

/** What comes out of each stage, as it is kept. */
export interface Outcomes {
  /** The data itself is on the disk anyway. */
  readonly load: DataRecord;
  readonly train: TrainOutcome;
  readonly evaluate: Evaluation;
  readonly visualize: Drawn;
}

/** A trained model without TensorFlow, and how it came to be. */
export interface TrainOutcome extends Pick<TrainOutput, 'history' | 'epoch' | 'weightsSha256' | 'imagesPerSecond' | 'ranAs'> {
  /** `compiled`, or `eager (why)`. */
  readonly step: string;
  /** Kind and version of the engine that trained it. */
  readonly engine: string;
  readonly model: SavedModel;
  /** Where a longer training goes on; left out where it could not be kept. */
  readonly end?: Checkpoint<TrainingState>;
}

/** The outcomes that a run can take from earlier ones, and what keeps its own. */
export interface KeptOutcomes {
  readonly found: { readonly [Stage in StageName]?: Entry<Outcomes[Stage]> };
  /** A training of fewer epochs that this one begins with. */
  readonly shorter?: Entry<TrainOutcome>;
  keep<Stage extends StageName>(stage: Stage, runId: string, outcome: Outcomes[Stage]): void;
}

/** For a run that neither takes nor keeps anything. */
export const nothingKept: KeptOutcomes = { found: {}, keep: () => {} };

/** What is asked of the cache. */
export interface KeptRequest {
  readonly checked: CheckedPipeline;
  readonly dataFiles: DataHashes;
  /** See cacheFolder. */
  readonly folder: string;
  /** The stage from which on nothing is taken; left out: what is fresh is. */
  readonly force: StageName | undefined;
  readonly emit: Emit;
}

/** Looks up what need not be done again. */
export function findOutcomes({ checked, dataFiles, folder, force, emit }: KeptRequest): KeptOutcomes {
  const cache = new StageCache(folder, (diagnostic) => emit({ type: 'diagnostic', diagnostic }));
  const origin = originOf(checked, dataFiles);
  const fingerprints = fingerprintsOf(origin);
  let own = fingerprints;
  const find = <Stage extends StageName>(stage: Stage): Entry<Outcomes[Stage]> | undefined => (isForced(stage, force) ? undefined : cache.find<Outcomes[Stage]>(fingerprints[stage]));
  const [known, train, evaluate, visualize] = [find('load'), find('train'), find('evaluate'), find('visualize')];
  // Whatever else has to run needs the data in memory.
  const load = train === undefined || evaluate === undefined || visualize === undefined ? undefined : known;
  const shorter = train === undefined && !isForced('train', force) ? findShorter(checked, cache, fingerprints.train) : undefined;
  const found = { ...(load === undefined ? {} : { load }), ...(train === undefined ? {} : { train }), ...(evaluate === undefined ? {} : { evaluate }), ...(visualize === undefined ? {} : { visualize }) };
  return {
    found,
    ...(shorter === undefined ? {} : { shorter }),
    keep: (stage, runId, outcome) => {
      // What ran otherwise than expected, and all that follows from it, is nobody's who expects it.
      if (stage === 'train') own = fingerprintsOf({ ...origin, step: (outcome as TrainOutcome).ranAs });
      const isKept = stage === 'load' && known !== undefined;
      const isWhole = stage !== 'train' || (outcome as TrainOutcome).end !== undefined;
      if (!isKept && isWhole) cache.keep(own[stage], runId, outcome);
    },
  };
}

function findShorter({ pipeline }: CheckedPipeline, cache: StageCache, fingerprint: Fingerprint): Entry<TrainOutcome> | undefined {
  const shorter = shorterTraining(pipeline, fingerprint, cache.list('train'));
  return shorter === undefined ? undefined : cache.find<TrainOutcome>(shorter.fingerprint);
}

/** Whether a stage has to run, whatever is kept of it. */
export function isForced(stage: StageName, force: StageName | undefined): boolean {
  return force !== undefined && stageNames.indexOf(stage) >= stageNames.indexOf(force);
}
