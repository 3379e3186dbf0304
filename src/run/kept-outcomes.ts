import type { Emit } from '../base/events.ts';
import { type DataHashes, type Fingerprint, fingerprintsOf } from '../cache/fingerprints.ts';
import { type Entry, StageCache } from '../cache/stage-cache.ts';
import type { CheckedPipeline } from '../plan/check-pipeline.ts';
import type { SharedOutcomes } from './shared-outcomes.ts';
import type { Stage } from '../stages/stage.ts';
import { stagesBefore } from '../stages/stages.ts';
import { originOf } from './freshness.ts';

/** The outcomes that a run can take from earlier ones, and what keeps its own. */
export interface KeptOutcomes {
  found<Outcome>(stage: Stage<string, Outcome>): Entry<Outcome> | undefined;
  /** The outcome that a stage goes on from. */
  beginning<Outcome>(stage: Stage<string, Outcome>): Entry<Outcome> | undefined;
  /** The address that the outcome was fetched from; undefined where it was kept here. */
  cameFrom(stage: Stage): string | undefined;
  keep<Outcome>(stage: Stage<string, Outcome>, runId: string, outcome: Outcome): void;
}

/** For a run that neither takes nor keeps anything. */
export const nothingKept: KeptOutcomes = {
  found: () => undefined,
  beginning: () => undefined,
  cameFrom: () => undefined,
  keep: () => {},
};

/** What is asked of the cache. */
export interface KeptRequest {
  readonly stages: readonly Stage[];
  readonly checked: CheckedPipeline;
  readonly dataFiles: DataHashes;
  /** See cacheFolder. */
  readonly folder: string;
  /** The stage from which on nothing is taken; left out: what is fresh is. */
  readonly force: string | undefined;
  /** What other machines keep; left out: nothing is fetched from there, and nothing sent. */
  readonly shared?: SharedOutcomes;
  readonly emit: Emit;
}

/** Looks up what need not be done again, here and then where other machines keep theirs. */
export async function findOutcomes(request: KeptRequest): Promise<KeptOutcomes> {
  const { stages, checked, dataFiles, folder, force, shared, emit } = request;
  const cache = new StageCache(folder, (diagnostic) => emit({ type: 'diagnostic', diagnostic }), checked.source.name);
  const origin = originOf(checked, dataFiles);
  const fingerprints = fingerprintsOf(stages, origin);
  const send = (fingerprint: Fingerprint, replaces: boolean) =>
    shared?.send(fingerprint, cache.fileOf(fingerprint), replaces);
  let own = fingerprints;
  const [found, beginnings] = [new Map<Stage, Entry<unknown>>(), new Map<Stage, Entry<unknown>>()];
  const findIn =
    (map: ReadonlyMap<Stage, Entry<unknown>>) =>
    <Outcome>(stage: Stage<string, Outcome>) =>
      map.get(stage as Stage) as Entry<Outcome> | undefined;
  const asked = stages.filter(({ name }) => !isForced(stages, name, force));
  const wanted = asked.map((stage) => ({ fingerprint: fingerprints.get(stage.name)!, form: stage.form(checked) }));
  const fetched = (await shared?.fetch(folder, wanted)) ?? new Set<string>();
  for (const stage of asked) {
    const fingerprint = fingerprints.get(stage.name)!;
    const entry = cache.find(fingerprint, stage.form(checked));
    if (entry !== undefined) found.set(stage, entry);
    const begun = entry ? undefined : stage.beginning?.(checked, fingerprint, cache.list(stage.name));
    const beginning = begun && cache.find(begun.entry.fingerprint, stage.form(checked));
    if (beginning !== undefined) beginnings.set(stage, beginning);
  }
  // What was kept before anything was shared is of use to others too.
  for (const [{ name }] of found) if (!fetched.has(name)) send(fingerprints.get(name)!, false);
  // The last stage leads to all before it.
  for (const stage of stages.slice(-1)) {
    const [fingerprint, entry] = [fingerprints.get(stage.name)!, found.get(stage)];
    if (entry !== undefined && !cache.isOwn(entry)) cache.keep(fingerprint, entry.runId, entry.outcome, entry.files);
  }
  return {
    found: findIn(found),
    beginning: findIn(beginnings),
    cameFrom: ({ name }) => (fetched.has(name) ? shared?.address : undefined),
    keep: (stage, runId, outcome) => {
      // What ran otherwise than expected, and all that follows from it, is nobody's who expects it.
      const step = stage.ranAs?.(outcome);
      if (step !== undefined) own = fingerprintsOf(stages, { ...origin, step });
      // What ran for what it has in memory is kept already.
      const isKept = found.has(stage as Stage) && stage.revive === undefined;
      if (isKept || stage.isWhole?.(outcome) === false) return;
      const fingerprint = own.get(stage.name)!;
      cache.keep(fingerprint, runId, outcome);
      send(fingerprint, isForced(stages, stage.name, force));
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
