import type { Emit, StageName } from '../base/events.ts';
import { stageNames } from '../base/events.ts';
import { type DataHashes, type Fingerprint, fingerprintsOf } from '../cache/fingerprints.ts';
import { type Entry, StageCache } from '../cache/stage-cache.ts';
import type { CheckedPipeline } from '../plan/check-pipeline.ts';
import { originOf, shorterTraining } from './freshness.ts';
import { type Outcomes, outcomeForms, type TrainOutcome } from './outcomes.ts';

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
  const cache = new StageCache(folder, (diagnostic) => emit({ type: 'diagnostic', diagnostic }), checked.source.name);
  const origin = originOf(checked, dataFiles);
  const fingerprints = fingerprintsOf(origin);
  let own = fingerprints;
  const forms = outcomeForms(checked);
  const find = <Stage extends StageName>(stage: Stage): Entry<Outcomes[Stage]> | undefined =>
    isForced(stage, force) ? undefined : cache.find(fingerprints[stage], forms[stage]);
  const [known, train, evaluate, visualize] = [find('load'), find('train'), find('evaluate'), find('visualize')];
  // The last stage leads to all before it.
  if (visualize !== undefined && !cache.isOwn(visualize))
    cache.keep(fingerprints.visualize, visualize.runId, visualize.outcome, visualize.files);
  // Whatever else has to run needs the data in memory.
  const load = train === undefined || evaluate === undefined || visualize === undefined ? undefined : known;
  const shorter =
    train === undefined && !isForced('train', force) ? findShorter(checked, cache, fingerprints.train) : undefined;
  const found = {
    ...(load === undefined ? {} : { load }),
    ...(train === undefined ? {} : { train }),
    ...(evaluate === undefined ? {} : { evaluate }),
    ...(visualize === undefined ? {} : { visualize }),
  };
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

function findShorter(
  checked: CheckedPipeline,
  cache: StageCache,
  fingerprint: Fingerprint,
): Entry<TrainOutcome> | undefined {
  const shorter = shorterTraining(checked.pipeline, fingerprint, cache.list('train'));
  return shorter === undefined ? undefined : cache.find(shorter.fingerprint, outcomeForms(checked).train);
}

/** Whether a stage has to run, whatever is kept of it. */
export function isForced(stage: StageName, force: StageName | undefined): boolean {
  return force !== undefined && stageNames.indexOf(stage) >= stageNames.indexOf(force);
}
