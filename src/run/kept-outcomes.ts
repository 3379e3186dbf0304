import type { Emit } from '../base/events.ts';
import { type DataHashes, fingerprintsOf } from '../cache/fingerprints.ts';
import { type Entry, StageCache } from '../cache/stage-cache.ts';
import type { CheckedPipeline } from '../plan/check-pipeline.ts';
import type { Stage } from '../stages/stage.ts';
import { stagesBefore } from '../stages/stages.ts';
import { originOf } from './freshness.ts';

/** The outcomes that a run can take from earlier ones, and what keeps its own. */
export interface KeptOutcomes {
  found<Outcome>(stage: Stage<string, Outcome>): Entry<Outcome> | undefined;
  /** The outcome that a stage goes on from. */
  beginning<Outcome>(stage: Stage<string, Outcome>): Entry<Outcome> | undefined;
  keep<Outcome>(stage: Stage<string, Outcome>, runId: string, outcome: Outcome): void;
}

/** For a run that neither takes nor keeps anything. */
export const nothingKept: KeptOutcomes = { found: () => undefined, beginning: () => undefined, keep: () => {} };

/** What is asked of the cache. */
export interface KeptRequest {
  readonly stages: readonly Stage[];
  readonly checked: CheckedPipeline;
  readonly dataFiles: DataHashes;
  /** See cacheFolder. */
  readonly folder: string;
  /** The stage from which on nothing is taken; left out: what is fresh is. */
  readonly force: string | undefined;
  readonly emit: Emit;
}

/** Looks up what need not be done again. */
export function findOutcomes({ stages, checked, dataFiles, folder, force, emit }: KeptRequest): KeptOutcomes {
  const cache = new StageCache(folder, (diagnostic) => emit({ type: 'diagnostic', diagnostic }), checked.source.name);
  const origin = originOf(checked, dataFiles);
  const fingerprints = fingerprintsOf(stages, origin);
  let own = fingerprints;
  const [found, beginnings] = [new Map<Stage, Entry<unknown>>(), new Map<Stage, Entry<unknown>>()];
  const findIn =
    (map: ReadonlyMap<Stage, Entry<unknown>>) =>
    <Outcome>(stage: Stage<string, Outcome>) =>
      map.get(stage as Stage) as Entry<Outcome> | undefined;
  for (const stage of stages.filter(({ name }) => !isForced(stages, name, force))) {
    const fingerprint = fingerprints.get(stage.name)!;
    const entry = cache.find(fingerprint, stage.form(checked));
    if (entry !== undefined) found.set(stage, entry);
    const begun = entry ? undefined : stage.beginning?.(checked, fingerprint, cache.list(stage.name));
    const beginning = begun && cache.find(begun.entry.fingerprint, stage.form(checked));
    if (beginning !== undefined) beginnings.set(stage, beginning);
  }
  // The last stage leads to all before it.
  for (const stage of stages.slice(-1)) {
    const [fingerprint, entry] = [fingerprints.get(stage.name)!, found.get(stage)];
    if (entry !== undefined && !cache.isOwn(entry)) cache.keep(fingerprint, entry.runId, entry.outcome, entry.files);
  }
  return {
    found: findIn(found),
    beginning: findIn(beginnings),
    keep: (stage, runId, outcome) => {
      // What ran otherwise than expected, and all that follows from it, is nobody's who expects it.
      const step = stage.ranAs?.(outcome);
      if (step !== undefined) own = fingerprintsOf(stages, { ...origin, step });
      // What ran for what it has in memory is kept already.
      const isKept = found.has(stage as Stage) && stage.revive === undefined;
      if (!isKept && stage.isWhole?.(outcome) !== false) cache.keep(own.get(stage.name)!, runId, outcome);
    },
  };
}

/** For a training that more than one machine did: what comes of it would be taken for that of one. */
export function keepBefore(training: Stage, stages: readonly Stage[], kept: KeptOutcomes): KeptOutcomes {
  const before = stagesBefore(stages, training);
  return {
    ...kept,
    keep: (stage, ...what) => {
      if (before.includes(stage as Stage)) kept.keep(stage, ...what);
    },
  };
}

/** Whether a stage has to run, whatever is kept of it. */
export function isForced(stages: readonly Stage[], stage: string, force: string | undefined): boolean {
  const names = stages.map(({ name }) => name);
  return force !== undefined && names.indexOf(stage) >= names.indexOf(force);
}
